/** What is left of a Python distribution that no installer can take out, because nothing lists its files. */
import { isWithin, type Manifest, parentOf } from "../core/index.ts";
import type { Change } from "../install/index.ts";
import { openInstalled, type PrefixLayout } from "../prefix/index.ts";
import { type Disk, exists } from "../world/index.ts";
import { type Distribution, tracesIn, tracesOf, filesOf } from "./distributions.ts";

/**
 * Paths relative to the prefix: its own folder, and what is in the way of the package that brings the same
 * project. Nothing that a package owns or that another distribution lists is among them.
 */
export function leftoversOf(
  disk: Disk,
  layout: PrefixLayout,
  change: Change,
  rival: Distribution,
): string[] {
  const site = parentOf(rival.folder);
  const incoming = change.add.find(({ manifest }) =>
    tracesOf(manifest).some(({ name }) => name === rival.name),
  );
  const isOthers = findOthers(disk, layout, site, rival);
  return [rival.folder, ...inTheWay(incoming?.manifest ?? [], site)];

  function inTheWay(manifest: Manifest, folder: string): string[] {
    return manifest
      .filter(({ path }) => parentOf(path) === folder && exists(disk, `${layout.prefix}/${path}`))
      .flatMap(({ type, path }) => {
        if (!isOthers(path)) return [path];
        return type === "directory" ? inTheWay(manifest, path) : [];
      });
  }
}

/** Whether a path is, or holds, what belongs to a package or to another distribution. */
function findOthers(
  disk: Disk,
  layout: PrefixLayout,
  site: string,
  { folder }: Distribution,
): (path: string) => boolean {
  const installed = openInstalled(disk, layout);
  const listed = tracesIn(disk, layout, site)
    .filter((each) => each.folder !== folder)
    .flatMap((each) => filesOf(disk, layout, each));
  return (path) =>
    [...installed.ownersOf(path)].length > 0 || listed.some((each) => isWithin(each, path));
}
