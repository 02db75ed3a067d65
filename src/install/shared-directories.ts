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
