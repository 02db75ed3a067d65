/** What Sage has installed, for tenon to adopt: with the files of its wheels, and whether make would build it again. */
import { nameOf, parentOf } from "../core/index.ts";
import {
  type Distribution,
  distributionsIn,
  filesOf,
  pythonSites,
} from "../distributions/index.ts";
import { layoutOf } from "../prefix/index.ts";
import type { CompanionInstall, RecordedPackage } from "../recipe/index.ts";
import { normalizeProject } from "../requirements/index.ts";
import { type Disk, exists } from "../world/index.ts";
import { readInstalled, type SageInstalled } from "./installed.ts";
import type { SageRecipe } from "./sage-recipe.ts";

/** One version of each package, today's where it is there. */
export function findAdoptable(
  disk: Disk,
  prefix: string,
  recipes: ReadonlyMap<string, SageRecipe>,
  isKnown: (name: string) => boolean,
): CompanionInstall[] {
  const found = readInstalled(disk, prefix, recipes, isKnown);
  const names = found.map(({ name }) => name);
  const wheelFiles = findWheelFiles(disk, prefix);
  return found
    .filter(({ name }, index) => names.indexOf(name) === index)
    .map((each) => ({
      name: each.name,
      version: each.version,
      paths: () => [...each.paths, ...wheelFiles(each)],
      isCurrent: () => isCurrent(disk, prefix, each, recipes),
    }));
}

/** By the stamp of the recorded version; what pip has chosen, and what has no stamp, is believed. */
export function isHeld(
  disk: Disk,
  prefix: string,
  { name, version }: RecordedPackage,
  { sage, sageStamp, version: todays }: SageRecipe,
): boolean {
  if (sageStamp === undefined || sage.source === "pip") return true;
  if (version === todays) return exists(disk, `${prefix}/${sageStamp.path}`);
  return exists(disk, `${prefix}/${parentOf(sageStamp.path)}/${name}-${version}`);
}

/** What pip has unpacked of the wheels that a stamp lists; looked for once in each tree. */
function findWheelFiles(disk: Disk, prefix: string): (item: SageInstalled) => string[] {
  const layout = layoutOf(prefix);
  const byTree = new Map<string, ReadonlyMap<string, Distribution>>();
  return ({ tree, paths }) => {
    const library = tree === "" ? "lib" : `${tree}/lib`;
    const known =
      byTree.get(tree) ??
      new Map(
        pythonSites(disk, layout, library)
          .flatMap((site) => distributionsIn(disk, layout, site))
          .map((each) => [`${each.name} ${each.version}`, each]),
      );
    byTree.set(tree, known);
    return paths.flatMap((path) => {
      const [, project = "", version = ""] = /^([^-]+)-([^-]+)-.*\.whl$/.exec(nameOf(path)) ?? [];
      const distribution = known.get(`${normalizeProject(project)} ${version}`);
      return distribution === undefined ? [] : filesOf(disk, layout, distribution);
    });
  };
}

/** As Sage's make judges it: the stamp of this version, and nothing that it is made of is newer. */
function isCurrent(
  disk: Disk,
  prefix: string,
  { name, stamp }: SageInstalled,
  recipes: ReadonlyMap<string, SageRecipe>,
): boolean {
  const built = recipes.get(name)?.sageStamp;
  if (built === undefined || stamp !== built.path) return false;
  const timeOf = (path: string): number => disk.statusOfTarget(path)?.modifiedMs ?? 0;
  const builtMs = timeOf(`${prefix}/${built.path}`);
  const needed = built.prerequisites.flatMap((other) => recipes.get(other)?.sageStamp?.path ?? []);
  const files = [...built.files(), ...needed.map((path) => `${prefix}/${path}`)];
  return files.every((file) => timeOf(file) <= builtMs);
}
