/** The files of packages that a companion has installed, copied out of the prefix: each file is one package's. */
import { ancestorsOf, isByProduct, isWithin, type Manifest, TenonError } from "../core/index.ts";
import { openInstalled, statePath } from "../prefix/index.ts";
import type { CompanionInstall } from "../recipe/index.ts";
import { sealStage } from "../stage/index.ts";
import { type Disk, isDiskError } from "../world/index.ts";
import type { Session } from "../workspace/index.ts";

export interface AdoptedStage {
  readonly name: string;
  readonly version: string;
  readonly tree: string;
  readonly manifest: Manifest;
}

/** `folder` is empty. What cannot be a package stays what it is, and the person is told why. */
export function stageInstalled(
  { world: { disk }, layout, options, workspace }: Session,
  found: readonly CompanionInstall[],
  folder: string,
): AdoptedStage[] {
  const installed = openInstalled(disk, layout);
  const taken = new Set<string>();
  const isFree = (path: string): boolean => {
    if (taken.has(path) || isByProduct(path) || isWithin(path, statePath)) return false;
    return [...installed.ownersOf(path)].length === 0;
  };
  return found.flatMap(({ name, version, paths }) => {
    const tree = `${folder}/${name}`;
    disk.makeDirectory(tree);
    for (const path of new Set(paths())) {
      if (!isFree(path)) continue;
      copyEntry(disk, { from: layout.prefix, to: tree, path });
      taken.add(path);
    }
    try {
      const { manifest } = sealStage(disk, tree, { package: name, drop: [] });
      return [{ name, version, tree, manifest }];
    } catch (error) {
      if (!(error instanceof TenonError)) throw error;
      const text = `it stays ${workspace.companion?.name}'s: ${error.message}`;
      options.emit({ kind: "note", package: name, text });
      return [];
    }
  });
}

interface Copy {
  readonly from: string;
  readonly to: string;
  readonly path: string;
}

/** With the folders that it lies in, and their modes. Of what is not there, nothing. */
function copyEntry(disk: Disk, { from, to, path }: Copy): void {
  const status = disk.status(`${from}/${path}`);
  if (status === undefined) return;
  for (const folder of status.type === "directory"
    ? [...ancestorsOf(path), path]
    : ancestorsOf(path)) {
    if (disk.status(`${to}/${folder}`) !== undefined) continue;
    disk.makeDirectory(`${to}/${folder}`, disk.statusOfTarget(`${from}/${folder}`)?.mode);
  }
  if (status.type === "link") disk.makeLink(`${to}/${path}`, disk.readLink(`${from}/${path}`));
  else if (status.type === "file") copyFile(disk, `${from}/${path}`, `${to}/${path}`);
}

/** Somebody may remove it at this moment. */
function copyFile(disk: Disk, from: string, to: string): void {
  try {
    disk.copyFile(from, to);
  } catch (error) {
    if (!isDiskError(error, "ENOENT")) throw error;
  }
}
