/** When the files of a tree of the store were written. */
import type { Manifest } from "../core/index.ts";
import type { World } from "../world/index.ts";

/**
 * Between which times they were last modified, in whole milliseconds since 1970. A tree may have been in the store
 * before, from another wheel or a build.
 */
export function writtenTimes({ disk }: World, tree: string, manifest: Manifest): [number, number] {
  let [first, last] = [Infinity, 0];
  for (const { type, path } of manifest) {
    if (type !== "file") continue;
    const { modifiedMs = 0 } = disk.status(`${tree}/${path}`) ?? {};
    [first, last] = [Math.min(first, modifiedMs), Math.max(last, modifiedMs)];
  }
  return [Math.floor(Math.min(first, last)), Math.ceil(last)];
}
