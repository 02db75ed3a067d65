/** Packages of a configured checkout as recipes that can be built. */
import { isWithin } from "../core/index.ts";
import type { Disk, Machine } from "../world/index.ts";
import { type ArchivePlaces, readMirrors, sourceOf } from "./archives.ts";
import { buildScript, checkScript, stampPath, treeOf, venvScript } from "./build-script.ts";
import type { Checkout } from "./checkout.ts";
import { hasCheck } from "./checks.ts";
import { noDependencies, type SageDependencies } from "./dependencies.ts";
import { readDependencyLine } from "./dependency-line.ts";
import { inputFilesOf, ownFilesOf } from "./input-files.ts";
import type { Configured } from "./makefile.ts";
import { refusalOf } from "./not-built.ts";
import type { SagePackage } from "./package.ts";
import { edgesOf, recipeFor } from "./recipes.ts";
import type { SageRecipe } from "./sage-recipe.ts";
import { meaningOf, type PackageVariables, usualVariables } from "./words.ts";

/** The package that the makefile makes itself, of the machine's Python. */
export const venvName = "python3_venv";

/**
 * Sage builds these before all others, and everything may use them without a word; so it may use the
 * toolchain. What the compiler itself is linked with, which Sage builds one after the other before
 * the rest, needs no such care: in a view, nothing is replaced under a compiler that runs.
 */
const basePackages = ["patch", "pkgconf"];

export interface ConfiguredCheckout {
  readonly disk: Disk;
  readonly machine: Machine;
  readonly checkout: Checkout;
  readonly configured: Configured;
}

export function configuredRecipes(from: ConfiguredCheckout): SageRecipe[] {
  const { checkout, configured, disk, machine } = from;
  const needs = readNeeds(from);
  const places: ArchivePlaces = {
    root: checkout.root,
    mirrors: readMirrors(disk, checkout.root),
    allowUpstream: configured.variable("SAGE_SPKG_OPTIONS").split(/\s+/).includes("-o"),
    pythonMinor: configured.pythonMinor,
    architecture: machine.architecture,
  };
  const recipes = [...checkout.packages.values()].map((item) =>
    toRecipe(from, item, { needs: needs.get(item.name) ?? noDependencies, places }),
  );
  const venv = venvRecipe(from);
  return venv === undefined ? recipes : [...recipes, venv];
}

/** What configure wrote down, without what the machine has already. */
function readNeeds({ checkout, configured }: ConfiguredCheckout): Map<string, SageDependencies> {
  const { packages } = checkout;
  const vocabulary = {
    variables: variablesOf(configured),
    isPackage: (name: string) => packages.has(name) || name === venvName,
  };
  const needs = new Map<string, SageDependencies>();
  for (const name of packages.keys()) {
    const line = readDependencyLine(configured.variable(`build_deps_${name}`));
    const mean = (words: readonly string[]) => meaningOf(words, vocabulary);
    const build = mean(line.plain);
    const run = mean(readDependencyLine(configured.variable(`deps_${name}`)).plain);
    const check = mean(readDependencyLine(configured.variable(`check_deps_${name}`)).plain);
    const optional = build.optional.filter((other) => configured.wanted.has(other));
    const present = (names: readonly string[]): string[] =>
      [...new Set(names)].filter((one) => one !== name && !configured.dummies.has(one));
    needs.set(name, {
      // What must be the real one is built even where the machine has its own.
      build: [...present([...build.packages, ...optional]), ...build.real, ...run.real],
      orderOnly: present(mean(line.orderOnly).packages),
      run: present(run.packages),
      check: present(check.packages),
      optional: build.optional,
      real: build.real,
      files: [...build.files, ...run.files],
    });
  }
  addImplied(needs, packages, configured);
  return needs;
}

function variablesOf({ isWithoutVenv, pythonForVenv }: Configured): PackageVariables {
  if (isWithoutVenv) return { ...usualVariables, PYTHON: [] };
  return pythonForVenv === undefined ? usualVariables : { ...usualVariables, PYTHON: [venvName] };
}

/** Everything but wheels, which compile nothing, and what these are made of themselves. */
function addImplied(
  needs: Map<string, SageDependencies>,
  packages: Checkout["packages"],
  { dummies, toolchain }: Configured,
): void {
  const implied = [...toolchain, ...basePackages].filter(
    (name) => packages.has(name) && !dummies.has(name),
  );
  const below = new Set(implied);
  for (const name of below) {
    const { build = [], orderOnly = [], run = [] } = needs.get(name) ?? {};
    for (const other of [...build, ...orderOnly, ...run]) below.add(other);
  }
  for (const [name, its] of needs) {
    const source = packages.get(name)?.source;
    if (below.has(name) || source === "wheel" || source === "none") continue;
    needs.set(name, { ...its, build: [...its.build, ...implied] });
  }
}

function toRecipe(
  { checkout, configured, disk }: ConfiguredCheckout,
  item: SagePackage,
  { needs, places }: { readonly needs: SageDependencies; readonly places: ArchivePlaces },
): SageRecipe {
  const place = { root: checkout.root, configured };
  // The checkout chooses among several archives by what the library packaging says.
  const choosing = item.archives.length > 1 && checkout.packages.has("packaging");
  const edges = edgesOf(
    item,
    choosing ? { ...needs, build: [...needs.build, "packaging"] } : needs,
  );
  const source = sourceOf(item, places);
  const refusal = refusalOf(disk, item, configured);
  return recipeFor(item, {
    depends: edges,
    script: buildScript(item, place),
    ...(hasCheck(disk, item) ? { check: checkScript(item, place) } : {}),
    ...(source === undefined ? {} : { source }),
    inputFiles: () => inputFilesOf(disk, checkout.root, { item, needs }),
    ...(refusal === undefined ? {} : { refusal }),
    drop: leftovers(configured, treeOf(item, place)),
    outside: { shown: shownBy(place), writable: writtenBy(item, checkout.root) },
    stamp: {
      path: inPrefix(configured, stampPath(item, place)),
      prerequisites: needs.build,
      files: () => ownFilesOf(disk, checkout.root, { item, needs }),
    },
  });
}

/** SAGE_VENV may be a link from elsewhere. */
function shownBy({ root, configured }: { root: string; configured: Configured }): string[] {
  return [root, configured.venv];
}

/** What is built where it lies leaves its objects there; pkgs/ leads to src/ by many links. */
function writtenBy({ sourceFolder }: SagePackage, root: string): string[] {
  const inTree = sourceFolder !== undefined && isWithin(sourceFolder, root);
  return [`${root}/logs`, ...(inTree ? [`${root}/src`, `${root}/pkgs`] : [])];
}

/** The path, which begins with SAGE_LOCAL or SAGE_VENV, relative to the prefix. */
function inPrefix({ local, venv, venvPlace }: Configured, path: string): string {
  const real = isWithin(path, venv) ? `${venvPlace.folder}${path.slice(venv.length)}` : path;
  return real.slice(local.length + 1);
}

/** Locks, temporary files, and a folder of documents that packages write into one after the other. */
function leftovers(configured: Configured, tree: string): string[] {
  const folders = ["var/lock", "var/tmp", "share/info/dir"];
  return [...new Set(folders.flatMap((path) => [path, inPrefix(configured, `${tree}/${path}`)]))];
}

function venvRecipe({ checkout, configured }: ConfiguredCheckout): SageRecipe | undefined {
  const { local, pythonForVenv: python, pythonMinor, venvFlags, venvPlace } = configured;
  if (python === undefined) return undefined;
  const systemSite = venvFlags.find((flag) => flag === "--system-site-packages") ?? "";
  const stamp = `${venvName}-3.${pythonMinor}-${python.replaceAll("/", "-")}${systemSite}`;
  return {
    name: venvName,
    version: `3.${pythonMinor}`,
    file: configured.file,
    patches: [],
    inputFiles: () => [`${checkout.root}/build/bin/sage-venv`, python],
    depends: { build: [], run: [] },
    build: {
      system: "script",
      script: venvScript(configured, { root: checkout.root, python, stamp }),
      args: [],
      env: {},
      outside: { shown: shownBy({ root: checkout.root, configured }), writable: [] },
    },
    // In SAGE_LOCAL, configure has made that link.
    stage: { drop: venvPlace.folder === local ? ["lib64"] : [], takesOver: [] },
    sage: { type: "standard", source: "script", tree: "SAGE_VENV" },
    sageStamp: {
      path: inPrefix(configured, `${configured.venv}/var/lib/sage/installed/${stamp}`),
      prerequisites: [],
      files: () => [],
    },
  };
}
