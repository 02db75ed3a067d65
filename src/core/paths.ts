/** Paths relative to a prefix or a stage: `/` between names, no `.`, `..`, leading or trailing `/`. */

// A NUL byte, or a name that is empty, `.` or `..`.
const defective = /\0|(?:^|\/)\.{0,2}(?:\/|$)/;

/** The reason why a relative path is refused, or undefined when it is good. */
export function pathDefect(path: string): string | undefined {
  if (!defective.test(path)) return undefined; // nearly always, and quickly
  if (path === "") return "is empty";
  if (path.startsWith("/")) return "is absolute";
  if (path.includes("\0")) return "contains a NUL byte";
  const names = path.split("/");
  if (names.includes("..")) return "contains '..'";
  if (names.includes("") || names.includes(".")) return "is not in its shortest form";
  return undefined;
}

/** Joins two relative paths; either may be empty. */
export function joinPath(parent: string, name: string): string {
  return parent === "" ? name : name === "" ? parent : `${parent}/${name}`;
}

/** The parent of a relative path; empty for a path of one name. */
export function parentOf(path: string): string {
  const at = path.lastIndexOf("/");
  return at < 0 ? "" : path.slice(0, at);
}

export function nameOf(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

/** Every proper ancestor of a relative path, outermost first: `a/b/c` gives `a`, `a/b`. */
export function ancestorsOf(path: string): string[] {
  const ancestors: string[] = [];
  for (let at = path.indexOf("/"); at >= 0; at = path.indexOf("/", at + 1)) {
    ancestors.push(path.slice(0, at));
  }
  return ancestors;
}

export const longestNameBytes = 255;
/** Of the 4095 that Linux takes; the rest is for the folder that it comes into. */
export const longestPathBytes = 3000;

/** What of a relative path that came from outside is longer than a file system takes. */
export function tooLong(path: string): "name" | "path" | undefined {
  if (path.length * 3 <= longestNameBytes) return undefined; // nearly always, and quickly
  if (path.split("/").some((name) => Buffer.byteLength(name) > longestNameBytes)) return "name";
  return Buffer.byteLength(path) > longestPathBytes ? "path" : undefined;
}

/** Whether `path` is `ancestor` or below it. The empty path is above everything. */
export function isWithin(path: string, ancestor: string): boolean {
  return ancestor === "" || path === ancestor || path.startsWith(`${ancestor}/`);
}

/** Orders strings by code unit: the same on every machine and in every language. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Whether a path is a by-product (I5): a file that Python derives from an installed one. */
export function isByProduct(path: string): boolean {
  return /(^|\/)__pycache__(\/|$)/.test(path) || /\.py[co]$/.test(path);
}
