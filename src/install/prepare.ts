/** Filling a transaction's folder with what comes in, before the lock is taken. */
import { type Entry, parentOf, unreachable } from "../core/index.ts";
import { type Disk, makeDirectories } from "../world/index.ts";
import type { PlacedPackage } from "./linked-directories.ts";
import type { Workplace } from "./workplace.ts";

/**
 * Merges the incoming trees into one that is shaped like the prefix, so that a directory which
 * several packages bring is still one graft. Only what a manifest lists is brought. Where two
 * packages bring one path, the claims decide later; the first one's content is brought until then.
 */
export function bringIncoming(
  disk: Disk,
  workplace: Workplace,
  packages: readonly PlacedPackage[],
): void {
  disk.makeDirectory(workplace.incoming);
  const modes = new Map<string, number>();
  const brought = new Set<string>();
  for (const each of packages) {
    for (const entry of each.manifest) {
      if (brought.has(entry.path)) continue;
      brought.add(entry.path);
      bringEntry(disk, workplace, each, entry);
      if (entry.type === "directory" && entry.mode !== 0o755) modes.set(entry.path, entry.mode);
    }
  }
  for (const [path, mode] of modes) disk.setMode(`${workplace.incoming}/${path}`, mode);
}

/** Brings one entry whose parent folders are there, to where nothing is yet. */
export function bringEntry(
  disk: Disk,
  workplace: Workplace,
  { incoming, origins }: PlacedPackage,
  entry: Entry,
): void {
  const to = `${workplace.incoming}/${entry.path}`;
  const from = `${incoming.tree}/${origins.get(entry.path) ?? entry.path}`;
  switch (entry.type) {
    case "directory":
      return makeDirectories(disk, to);
    case "link":
      return disk.makeLink(to, entry.target);
    case "file":
      return disk.copyFile(from, to);
    default:
      unreachable(entry);
  }
}

/** Makes the folders into which the steps will retire what leaves. */
export function makeRetirementFolders(
  disk: Disk,
  workplace: Workplace,
  paths: readonly string[],
): void {
  for (const path of paths) makeDirectories(disk, `${workplace.retired}/${parentOf(path)}`);
}
