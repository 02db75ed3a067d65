/** Whether the members of a wheel can be files below one folder, each once. */
import {
  ancestorsOf,
  longestNameBytes,
  longestPathBytes,
  pathDefect,
  tooLong,
} from "../core/index.ts";
import type { ZipEntry } from "../archive/index.ts";
import { wheelError } from "./wheel-error.ts";

/** Gives the files by name, in the wheel's order. */
export function checkMembers(
  wheel: string,
  entries: readonly ZipEntry[],
): ReadonlyMap<string, ZipEntry> {
  const members = new Map<string, ZipEntry>();
  const folders = new Set<string>();
  const spellings = new Map<string, string>();
  for (const entry of entries) {
    const path = entry.isDirectory ? entry.name.slice(0, -1) : entry.name;
    const defect = pathDefect(path) ?? nameDefect(path);
    if (defect !== undefined)
      throw wheelError("WHEEL_MEMBER", wheel, `has a name that ${defect}`, entry.name);
    if (entry.isLink) throw wheelError("WHEEL_MEMBER", wheel, "is a symlink", entry.name);
    for (const ancestor of ancestorsOf(path)) folders.add(ancestor);
    if (entry.isDirectory) {
      folders.add(path);
      continue;
    }
    if (members.has(path)) throw wheelError("WHEEL_DUPLICATE", wheel, "is there twice", entry.name);
    checkSpelling(wheel, path, spellings);
    members.set(path, entry);
  }
  for (const path of members.keys()) {
    if (folders.has(path))
      throw wheelError("WHEEL_DUPLICATE", wheel, "is both a file and a folder", path);
  }
  return members;
}

/** What a path of a wheel may not be, besides what no path may be. */
function nameDefect(path: string): string | undefined {
  if (/^[A-Za-z]:/.test(path)) return "begins with a drive letter";
  if (/\p{Cc}/u.test(path)) return "contains a control character";
  switch (tooLong(path)) {
    case "name":
      return `is longer than the ${longestNameBytes} bytes that file systems take`;
    case "path":
      return `is longer than the ${longestPathBytes} bytes that a path may have`;
    case undefined:
      return undefined;
  }
}

/** Names that differ only in case would be one file on some machines. */
function checkSpelling(wheel: string, path: string, spellings: Map<string, string>): void {
  const folded = path.toLowerCase();
  const other = spellings.get(folded);
  if (other !== undefined)
    throw wheelError(
      "WHEEL_DUPLICATE",
      wheel,
      `differs from ${JSON.stringify(other)} only in case`,
      path,
    );
  spellings.set(folded, path);
}
