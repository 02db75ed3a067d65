/** The directories in which packages can meet: what only one of them lists, it has to itself. */
import type { Manifest } from "../core/index.ts";

/**
 * Those that several manifests list. A manifest lists the parents of all it has, so that two list
 * one path only in such a directory, or in the root.
 */
export function sharedDirectories(manifests: Iterable<Manifest>): ReadonlySet<string> {
  const seen = new Set<string>();
  const shared = new Set<string>();
  for (const manifest of manifests) {
    for (const { type, path } of manifest) {
      if (type !== "directory") continue;
      if (seen.has(path)) shared.add(path);
      else seen.add(path);
    }
  }
  return shared;
}

/** What a directory that several manifests list is to be: all that each of them allows (I9). */
export function sharedModes(
  manifests: Iterable<Manifest>,
  shared: ReadonlySet<string>,
): ReadonlyMap<string, number> {
  const modes = new Map<string, number>();
  if (shared.size === 0) return modes;
  for (const manifest of manifests) {
    for (const entry of manifest) {
      if (entry.type !== "directory" || !shared.has(entry.path)) continue;
      modes.set(entry.path, (modes.get(entry.path) ?? 0) | entry.mode);
    }
  }
  return modes;
}
