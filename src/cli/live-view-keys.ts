/** What the keys of the live view do, but for those that leave it: `v`, `/` and typing a filter. */

export interface LiveViewKeys {
  /** Only packages with this in their name are shown. */
  readonly filter: string;
  readonly isTyping: boolean;
  /** Whether all that builds print is shown. */
  readonly isVerbose: boolean;
}

const enter = new Set(["\r", "\n"]);
const escape = "\u001B";
const backspace = new Set(["\u007F", "\b"]);

export function readKey(keys: LiveViewKeys, key: string): LiveViewKeys {
  if (key === escape) return { ...keys, filter: "", isTyping: false };
  if (!keys.isTyping) {
    if (key === "v") return { ...keys, isVerbose: !keys.isVerbose };
    return key === "/" ? { ...keys, filter: "", isTyping: true } : keys;
  }
  if (enter.has(key)) return { ...keys, isTyping: false };
  if (backspace.has(key)) return { ...keys, filter: keys.filter.slice(0, -1) };
  return /^[\w.-]$/.test(key) ? { ...keys, filter: keys.filter + key } : keys;
}

/** What was typed at once, key by key; an arrow is one of them. */
export function splitKeys(typed: string): readonly string[] {
  // oxlint-disable-next-line no-control-regex
  return typed.match(/\u001B\[[0-9;]*[A-Za-z~]|[^]/gu) ?? [];
}
