/** The files of packages that a companion has installed, copied out of the prefix: each file is one package's. */
import { ancestorsOf, isByProduct, isWithin, type Manifest, TenonError } from "../core/index.ts";
import { openInstalled, statePath } from "../prefix/index.ts";
import type { CompanionInstall } from "../recipe/index.ts";
import { sealStage } from "../stage/index.ts";
import { type Disk, isDiskError } from "../world/index.ts";
import type { Session } from "../workspace/index.ts";

export interface AdoptedStage extends Omit<CompanionInstall, "paths"> {
  readonly tree: string;
  readonly manifest: Manifest;
}

/** `folder` is empty. What cannot be a package stays what it is, and the person is told why. */
export async function stageInstalled(
  session: Session,
  found: readonly CompanionInstall[],
  folder: string,
): Promise<AdoptedStage[]> {
  const { world, layout, options } = session;
  const installed = openInstalled(world.disk, layout);
  const taken = new Set<string>();
  const take = (path: string, name: string): boolean => {
    if (taken.has(path) || isByProduct(path) || isWithin(path, statePath)) return false;
    taken.add(path);
    return [...installed.ownersOf(path)].every((owner) => owner.name === name);
  };
  const staged: AdoptedStage[] = [];
  for (const each of found) {
    await world.clock.sleep(0); // an interruption is heard between two packages
    if (options.signal?.aborted) throw interrupted(session);
    const one = stageOne(session, each, { tree: `${folder}/${each.name}`, take });
    if (one !== undefined) staged.push(one);
  }
  return staged;
}

function stageOne(
  { world: { disk }, layout, options, workspace }: Session,
  { paths, ...its }: CompanionInstall,
  { tree, take }: { readonly tree: string; readonly take: (path: string, name: string) => boolean },
): AdoptedStage | undefined {
  disk.makeDirectory(tree);
  for (const path of paths())
    if (take(path, its.name)) copyEntry(disk, { from: layout.prefix, to: tree, path });
  try {
    const { manifest } = sealStage(disk, tree, { package: its.name, drop: [] });
    return { ...its, tree, manifest };
  } catch (error) {
    if (!(error instanceof TenonError)) throw error;
    const text = `it stays ${workspace.companion?.name}'s: ${error.message}`;
    options.emit({ kind: "note", package: its.name, text });
    return undefined;
  }
}

function interrupted({ layout, workspace }: Session): TenonError {
  return new TenonError({
    kind: "interrupted",
    code: "INTERRUPTED",
    message: `interrupted while what ${workspace.companion?.name} has installed was adopted; ${layout.prefix} is unchanged`,
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
