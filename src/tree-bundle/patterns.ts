/** Which paths of a tree are taken: patterns that include and exclude, of which the last one that matches decides. Pure. */

/**
 * `*` is any part of a name, `**` of a path, and `**` before a slash any folders or none; `?` is one character of a name,
 * and `[ab]` one of these.
 */
export type Pattern = { readonly include: string } | { readonly exclude: string };

/** What nothing matches is not taken. */
export function choose(patterns: readonly Pattern[]): (path: string) => boolean {
  const rules = patterns.map((each) => ({
    isTaken: "include" in each,
    matches: compile("include" in each ? each.include : each.exclude),
  }));
  return (path) => rules.findLast(({ matches }) => matches.test(path))?.isTaken ?? false;
}

function compile(pattern: string): RegExp {
  const text = pattern.replaceAll(/\*\*\/|\*\*|\*|\?|\[[^\]/]+\]|[^*?[]+|\[/g, (part) => {
    if (part === "**/") return "(?:.*/)?";
    if (part === "**") return ".*";
    if (part === "*") return "[^/]*";
    if (/^\[.+\]$/s.test(part)) return part.replace(/^\[!/, "[^").replaceAll("\\", "\\\\");
    return part === "?" ? "[^/]" : escaped(part);
  });
  return new RegExp(`^${text}$`, "s");
}

function escaped(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|]/g, "\\$&");
}
