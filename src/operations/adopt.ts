/**
 * `tenon adopt`: files that are in the prefix already, and nobody's, become packages as they are. Nothing of
 * them is moved or written.
 */
import {
  ancestorsOf,
  digestOfManifest,
  isByProduct,
  isWithin,
  type Manifest,
  showCount,
  summarize,
  TenonError,
} from "../core/index.ts";
import type { Incoming } from "../install/index.ts";
import { type InstalledPackages, openInstalled, readRecord, statePath } from "../prefix/index.ts";
import { sealStage } from "../stage/index.ts";
import type { Disk } from "../world/index.ts";
import { checkName, requireInstalled } from "./install.ts";
import { type Ended, type OpenPrefix, operate } from "./operate.ts";

export interface FoundPackage {
  readonly name: string;
  readonly version: string;
  /** Relative to the prefix; a folder means all in it that is nobody's. What is not there is left out. */
  readonly paths: readonly string[];
  /** Packages of the prefix that it needs at run time, or that are adopted with it. */
  readonly depends: readonly string[];
}

interface AdoptOptions {
  readonly packages: readonly FoundPackage[];
  readonly allowSetuid: boolean;
}

export interface Adopted {
  readonly kind: "adopted";
  readonly packages: readonly AdoptedPackage[];
}

interface AdoptedPackage {
  readonly name: string;
  readonly version: string;
  readonly files: number;
}

/**
 * One transaction for all. Throws a TenonError of kind `usage` where a package has no file that is nobody's,
 * or is a package of the prefix already.
 */
export async function adoptPackages(
  prefix: OpenPrefix,
  { packages, allowSetuid }: AdoptOptions,
): Promise<Ended<Adopted>> {
  const names = packages.map(({ name }) => name);
  for (const each of packages) checkName(each);
  const mustHold = (): void => {
    for (const { name, depends } of packages) {
      refuseKnown(prefix, name);
      requireInstalled(prefix, depends, names);
    }
  };
  mustHold();
  const add = packages.map((each) => incomingOf(prefix, each, allowSetuid));
  const adopted = add.map(({ name, version, manifest }) => {
    return { name, version, files: summarize(manifest).files };
  });
  return operate(prefix, {
    change: { add, remove: [], adopt: true },
    mustHold,
    cures: { owned: ["Leave the path out: it belongs to a package."] },
    result: () => ({ kind: "adopted", packages: adopted }),
  });
}

function incomingOf(
  { world: { disk }, layout, emit }: OpenPrefix,
  { paths, ...its }: FoundPackage,
  allowSetuid: boolean,
): Incoming {
  const picked = pick(disk, layout.prefix, openInstalled(disk, layout), paths);
  const only = new Set(picked.paths.flatMap((path) => [...ancestorsOf(path), path]));
  const rules = { package: its.name, drop: [], allowSetuid, readOnly: true, only };
  const manifest: Manifest = only.size === 0 ? [] : sealStage(disk, layout.prefix, rules).manifest;
  if (summarize(manifest).files === 0) throw nothingToAdopt(its.name, layout.prefix, picked);
  for (const text of describe(picked)) emit({ kind: "note", package: its.name, text });
  const tree = layout.prefix;
  return { ...its, artifact: digestOfManifest(manifest), manifest, tree, takesOver: [] };
}

interface Picked {
  readonly paths: string[];
  readonly missing: string[];
  readonly owned: string[];
}

/** Files and links that no package owns, and the folders that were named. */
function pick(
  disk: Disk,
  prefix: string,
  installed: InstalledPackages,
  paths: readonly string[],
): Picked {
  const picked: Picked = { paths: [], missing: [], owned: [] };
  const visit = (path: string): void => {
    if (isByProduct(path) || isWithin(path, statePath)) return;
    const type = path === "" ? "directory" : disk.status(`${prefix}/${path}`)?.type;
    if (type === undefined) picked.missing.push(path);
    else if (type === "directory") {
      if (path !== "") picked.paths.push(path);
      for (const { name, rawName } of disk.list(`${prefix}/${path}`))
        if (rawName === undefined) visit(path === "" ? name : `${path}/${name}`);
    } else if ([...installed.ownersOf(path)].length > 0) picked.owned.push(path);
    else picked.paths.push(path);
  };
  paths.forEach(visit);
  return picked;
}

function describe({ missing, owned }: Picked): string[] {
  const said = (paths: readonly string[], what: string): string[] => {
    const [first] = paths;
    if (first === undefined) return [];
    const more = paths.length === 1 ? first : `${showCount(paths.length, "path")} (${first}, …)`;
    return [`${more} ${paths.length === 1 ? "is" : "are"} left out: ${what}`];
  };
  return [
    ...said(missing, "not in the prefix any more"),
    ...said(owned, "another package owns what is there"),
  ];
}

function refuseKnown({ world, layout }: OpenPrefix, name: string): void {
  const record = readRecord(world.disk, layout, name);
  if (record === undefined) return;
  throw new TenonError({
    kind: "usage",
    code: "ALREADY_INSTALLED",
    message: `${layout.prefix} has the package ${name} ${record.version} already`,
    hints: ["Choose another name for these files, or take that package out first: `tenon remove`."],
  });
}

function nothingToAdopt(name: string, prefix: string, { missing, owned }: Picked): TenonError {
  const [gone] = missing;
  const [other] = owned;
  const why =
    other === undefined
      ? gone === undefined
        ? "no file was named that a package can have"
        : `${prefix}/${gone} is not there`
      : `packages own ${other}${owned.length === 1 ? "" : ` and ${owned.length - 1} more`} already`;
  return new TenonError({
    kind: "usage",
    code: "NOTHING_TO_ADOPT",
    message: `there is nothing to adopt as ${name}: ${why}`,
    hints: ["Name files or folders of the prefix, or a list of them with --manifest FILE."],
  });
}
