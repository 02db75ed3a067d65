/** The text files of a wheel's dist-info folder: headers and entry points. */
import { wheelError } from "./wheel-error.ts";

/** Header fields, names in lower case; a field may come several times. */
export type Headers = ReadonlyMap<string, readonly string[]>;

/** Reads up to the first empty line; what follows is a description. */
export function parseHeaders(text: string): Headers {
  const headers = new Map<string, string[]>();
  let current: string[] | undefined;
  const end = text.search(/(?:^|\n)\r?\n/); // descriptions can be long
  for (const line of text.slice(0, end < 0 ? undefined : end).split(/\r?\n/)) {
    if (/^[ \t]/.test(line)) {
      if (current !== undefined) current.push(`${current.pop() ?? ""} ${line.trim()}`);
      continue;
    }
    const colon = line.indexOf(":");
    if (colon <= 0) continue;
    const key = line.slice(0, colon).toLowerCase();
    current = headers.get(key) ?? [];
    current.push(line.slice(colon + 1).trim());
    headers.set(key, current);
  }
  return headers;
}

export function firstOf(headers: Headers, key: string): string | undefined {
  return headers.get(key)?.[0];
}

export interface EntryPoint {
  /** The script's file name. */
  readonly name: string;
  readonly module: string;
  /** A dotted path inside the module. */
  readonly attribute: string;
}

const scriptSections = new Set(["console_scripts", "gui_scripts"]);
const objectPattern =
  /^([\p{L}_][\p{L}\p{N}_]*(?:\.[\p{L}_][\p{L}\p{N}_]*)*)\s*:\s*([\p{L}_][\p{L}\p{N}_]*(?:\.[\p{L}_][\p{L}\p{N}_]*)*)\s*(\[[^\]]*\])?$/u;

/** The scripts that `entry_points.txt` asks for; each name once, the first section wins. */
export function parseScripts(wheel: string, text: string): EntryPoint[] {
  const scripts = new Map<string, EntryPoint>();
  let section = "";
  for (const raw of text.split(/\r?\n/)) {
    const line = raw.trim();
    if (line === "" || line.startsWith("#") || line.startsWith(";")) continue;
    const header = /^\[(.*)\]$/.exec(line);
    if (header !== null) {
      section = header[1]?.trim() ?? "";
      continue;
    }
    if (!scriptSections.has(section)) continue;
    const script = parseScript(wheel, line);
    if (!scripts.has(script.name)) scripts.set(script.name, script);
  }
  return [...scripts.values()];
}

function parseScript(wheel: string, line: string): EntryPoint {
  const equals = line.indexOf("=");
  const name = line.slice(0, Math.max(equals, 0)).trim();
  const [, module, attribute] = objectPattern.exec(line.slice(equals + 1).trim()) ?? [];
  const isFileName = /^[^/\\\p{Cc}]+$/u.test(name) && name !== "." && name !== "..";
  if (!isFileName || module === undefined || attribute === undefined)
    throw wheelError(
      "WHEEL_ENTRY_POINT",
      wheel,
      `has an entry point that makes no script: ${JSON.stringify(line)}`,
    );
  return { name, module, attribute };
}
