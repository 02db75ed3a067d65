/** Packages of a configured checkout as recipes that can be built. */
import { isWithin } from "../core/index.ts";
import type { Disk, Machine } from "../world/index.ts";
import { type ArchivePlaces, readMirrors, sourceOf } from "./archives.ts";
import { buildScript, checkScript, stampPath, treeNameOf, treeFolderOf } from "./build-script.ts";
import { callerSettings } from "./caller-settings.ts";
import type { Checkout } from "./checkout.ts";
import { hasCheck } from "./checks.ts";
import type { ConfiguredNeeds } from "./configured-needs.ts";
import { noDependencies } from "./dependencies.ts";
import { facadeRecipe } from "./facade-files.ts";
import { inputFilesOf, isBuiltAtRoot, ownFilesOf, type InputPlaces } from "./input-files.ts";
import { type Configured, relativeToPrefix } from "./makefile.ts";
import { refusalOf } from "./not-built.ts";
import type { SagePackage } from "./package.ts";
import { edgesOf, recipeFor } from "./recipes.ts";
import type { SageRecipe } from "./sage-recipe.ts";
import { sourceLister } from "./source-files.ts";
import { shownFolders, venvRecipe } from "./venv-recipe.ts";

interface ConfiguredCheckout {
  readonly disk: Disk;
  readonly machine: Machine;
  /** The caller's. */
  readonly environment: Readonly<Record<string, string>>;
  readonly checkout: Checkout;
  readonly configured: Configured;
  readonly needs: ConfiguredNeeds;
}

export function configuredRecipes(from: ConfiguredCheckout): SageRecipe[] {
  const { checkout, configured, disk, environment, machine } = from;
  const { root } = checkout;
  const archives: ArchivePlaces = {
    root,
    mirrors: readMirrors(disk, root, environment["SAGE_SERVER"]),
    allowUpstream: configured.words("SAGE_SPKG_OPTIONS").includes("-o"),
    pythonMinor: configured.pythonMinor,
    architecture: machine.architecture,
  };
  const files = { disk, root, local: configured.local, listSource: sourceLister(disk, root) };
  const own = [venvRecipe(root, configured), facadeRecipe(disk, configured)];
  return [
    ...[...checkout.packages.values()].map((item) => toRecipe(from, item, { archives, files })),
    ...own.filter((recipe) => recipe !== undefined),
  ];
}

function toRecipe(
  { checkout, configured, disk, environment, needs: all }: ConfiguredCheckout,
  item: SagePackage,
  { archives, files }: { readonly archives: ArchivePlaces; readonly files: InputPlaces },
): SageRecipe {
  const settings = callerSettings(disk, item, environment);
  const place = { root: checkout.root, configured, settings };
  const needs = all.needs.get(item.name) ?? noDependencies;
  const source = sourceOf(item, archives);
  const refusal = refusalOf(disk, item, configured);
  return recipeFor(item, {
    depends: edgesOf(item, needs, all.wheelTools),
    tree: treeNameOf(item, configured),
    script: buildScript(item, place),
    env: settings,
    ...(hasCheck(disk, item) ? { check: checkScript(item, place) } : {}),
    ...(source === undefined ? {} : { source }),
    inputFiles: () => inputFilesOf(files, { item, needs }),
    ...(refusal === undefined ? {} : { refusal }),
    drop: leftovers(configured, treeFolderOf(item, place)),
    outside: {
      shown: shownFolders(place),
      writable: writtenBy(item, checkout.root),
      own: isBuiltAtRoot(item, needs) ? [`${checkout.root}/build/sage-distro`] : [],
    },
    stamp: {
      path: relativeToPrefix(configured, stampPath(item, place)),
      prerequisites: needs.build,
      files: () => ownFilesOf(files, { item, needs }),
    },
  });
}

/** What is built where it lies leaves its objects there; pkgs/ leads to src/ by many links. */
function writtenBy({ sourceFolder }: SagePackage, root: string): string[] {
  const inTree = sourceFolder !== undefined && isWithin(sourceFolder, root);
  return [`${root}/logs`, ...(inTree ? [`${root}/src`, `${root}/pkgs`] : [])];
}

/** Locks, temporary files, and a folder of documents that packages write into one after the other. */
function leftovers(configured: Configured, tree: string): string[] {
  const folders = ["var/lock", "var/tmp", "share/info/dir"];
  return [
    ...new Set(folders.flatMap((path) => [path, relativeToPrefix(configured, `${tree}/${path}`)])),
  ];
}
