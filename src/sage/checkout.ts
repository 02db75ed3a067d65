/** Reads build/pkgs of a SageMath checkout, as it stands there: for planning, before configure has run. */
import { TenonError } from "../core/index.ts";
import { type Disk, readTextIfAny } from "../world/index.ts";
import { dependenciesOf, type HiddenEdges, type SageDependencies } from "./dependencies.ts";
import { readTemplate } from "./makefile.ts";
import type { SagePackage } from "./package.ts";
import { findByPurl } from "./purls.ts";
import { readPackage } from "./read-package.ts";
import { meaningOf } from "./words.ts";

export interface Checkout {
  /** Absolute, without links: what Sage calls SAGE_ROOT. */
  readonly root: string;
  /** By name, sorted by name. */
  readonly packages: ReadonlyMap<string, SagePackage>;
  readonly dependencies: ReadonlyMap<string, SageDependencies>;
  /** Packages that only make wheels. */
  readonly wheelTools: ReadonlySet<string>;
}

/** Throws one TenonError of kind `recipe` that lists all mistakes. */
export function readCheckout(disk: Disk, directory: string): Checkout {
  const folder = `${directory}/build/pkgs`;
  if (disk.statusOfTarget(folder)?.type !== "directory") throw noCheckout(directory);
  const root = disk.realPath(directory);
  const mistakes: string[] = [];
  const report = (file: string, what: string): void => {
    mistakes.push(`${file.replace(`${root}/`, "")}: ${what}`);
  };
  const packages = new Map<string, SagePackage>();
  for (const { name, rawName } of disk.list(folder)) {
    if (rawName !== undefined || name.startsWith(".")) continue;
    const found = readPackage(disk, { name, directory: `${root}/build/pkgs/${name}` }, report);
    if (found !== undefined) packages.set(name, found);
  }
  const vocabulary = {
    variables: readTemplate(disk, root),
    isPackage: (name: string) => packages.has(name),
  };
  const reader = {
    vocabulary,
    find: findByPurl(packages.values()),
    hidden: hiddenEdgesOf(disk, root),
    report,
  };
  const dependencies = new Map(
    [...packages].map(([name, item]) => [name, dependenciesOf(item, reader)]),
  );
  if (mistakes.length > 0) throw wrongCheckout(mistakes);
  const wheelTools = new Set(meaningOf(["$(PYTHON_TOOLCHAIN)"], vocabulary).packages);
  return { root, packages, dependencies, wheelTools };
}

/** The checkout's own reader says what it adds; without it, it is taken for one of today. */
function hiddenEdgesOf(disk: Disk, root: string): HiddenEdges {
  const rules = readTextIfAny(disk, `${root}/build/sage_bootstrap/package.py`);
  return {
    python: rules?.includes("PYTHON_TOOLCHAIN") ?? true,
    project: rules?.includes("pyproject.toml.m4") ?? true,
  };
}

function noCheckout(directory: string): TenonError {
  return new TenonError({
    kind: "usage",
    code: "NO_CHECKOUT",
    message: `${directory} is not a SageMath checkout: it has no folder build/pkgs`,
    hints: ["Name the root of the checkout, the folder with `configure.ac` and `build/`."],
  });
}

function wrongCheckout(mistakes: readonly string[]): TenonError {
  return new TenonError({
    kind: "recipe",
    code: "SAGE_PACKAGE",
    message: mistakes,
    hints: ["Correct these files of the checkout."],
  });
}
