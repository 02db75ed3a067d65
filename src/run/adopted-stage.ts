/** The files of packages that Sage has installed, copied out of the prefix: each file is one package's. */
import {
  ancestorsOf,
  isByProduct,
  isWithin,
  type Manifest,
  nameOf,
  TenonError,
} from "../core/index.ts";
import { openInstalled, statePath } from "../prefix/index.ts";
import { normalizeProject } from "../requirements/index.ts";
import type { SageInstalled } from "../sage/index.ts";
import { sealStage } from "../stage/index.ts";
import { type Disk, isDiskError } from "../world/index.ts";
import {
  type Distribution,
  distributionsIn,
  filesOf,
  pythonSites,
} from "../distributions/index.ts";
import type { Session } from "../workspace/index.ts";

export interface AdoptedStage {
  readonly name: string;
  readonly version: string;
  readonly tree: string;
  readonly manifest: Manifest;
}

/** `folder` is empty. What cannot be a package stays what it is, and the person is told why. */
export function stageInstalled(
  session: Session,
  found: readonly SageInstalled[],
  folder: string,
): AdoptedStage[] {
  const { world, layout, options } = session;
  const { disk } = world;
  const installed = openInstalled(disk, layout);
  const taken = new Set<string>();
  const isFree = (path: string): boolean => {
    if (taken.has(path) || isByProduct(path) || isWithin(path, statePath)) return false;
    return [...installed.ownersOf(path)].length === 0;
  };
  const findDistributions = rememberDistributions(session);
  return found.flatMap((each) => {
    const tree = `${folder}/${each.name}`;
    disk.makeDirectory(tree);
    const paths = [...each.paths, ...wheelFiles(session, each, findDistributions(each.tree))];
    for (const path of new Set(paths)) {
      if (!isFree(path)) continue;
      copyEntry(disk, { from: layout.prefix, to: tree, path });
      taken.add(path);
    }
    try {
      const { manifest } = sealStage(disk, tree, { package: each.name, drop: [] });
      return [{ name: each.name, version: each.version, tree, manifest }];
    } catch (error) {
      if (!(error instanceof TenonError)) throw error;
      const text = `it stays Sage's: ${error.message}`;
      options.emit({ kind: "note", package: each.name, text });
      return [];
    }
  });
}

/** What pip has unpacked of the wheels that a stamp lists. */
function wheelFiles(
  { world, layout }: Session,
  { paths }: SageInstalled,
  distributions: ReadonlyMap<string, Distribution>,
): string[] {
  return paths.flatMap((path) => {
    const [, project = "", version = ""] = /^([^-]+)-([^-]+)-.*\.whl$/.exec(nameOf(path)) ?? [];
    const distribution = distributions.get(`${normalizeProject(project)} ${version}`);
    return distribution === undefined ? [] : filesOf(world.disk, layout, distribution);
  });
}

/** By name and version; looked for once in each tree. */
function rememberDistributions({ world: { disk }, layout }: Session) {
  const byTree = new Map<string, ReadonlyMap<string, Distribution>>();
  return (tree: string): ReadonlyMap<string, Distribution> => {
    const known = byTree.get(tree);
    if (known !== undefined) return known;
    const library = tree === "" ? "lib" : `${tree}/lib`;
    const found = pythonSites(disk, layout, library).flatMap((site) =>
      distributionsIn(disk, layout, site),
    );
    const byName = new Map(found.map((each) => [`${each.name} ${each.version}`, each]));
    byTree.set(tree, byName);
    return byName;
  };
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
