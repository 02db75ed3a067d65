/** The package key (I8): the digest of everything that a build's result depends on. */
import { compareText, type Digest, digestOfJson, type Json } from "../core/index.ts";
import { placeholderVersion } from "../relocation/index.ts";
import type { Recipe } from "../recipe/index.ts";

/** One thing that the result depends on, under the name that `tenon why` gives it. */
export interface Input {
  readonly name: string;
  readonly value: Json;
}

export interface KeyFacts {
  readonly recipe: Recipe;
  readonly source: Digest | undefined;
  /** The digest of each patch, in the recipe's order, by file name. */
  readonly patches: readonly { readonly name: string; readonly digest: Digest }[];
  /** Of the recipe's input files, in their order. */
  readonly files: readonly { readonly name: string; readonly digest: Digest }[];
  /** What the view shows: package name and artifact. */
  readonly view: ReadonlyMap<string, Digest>;
  readonly machine: MachineFacts;
  readonly workspace: WorkspaceFacts;
  /** The prefix's path, where the result is for that alone; absent for what is built at the placeholder. */
  readonly prefix?: string;
}

export interface MachineFacts {
  /** As Node names it: `x64`. */
  readonly architecture: string;
  /** The first line that `cc --version` prints; undefined without a compiler. */
  readonly compiler: string | undefined;
  /** The interpreter's executable and version, where the workspace uses one. */
  readonly python: string | undefined;
  /** Whether builds see their declared dependencies only (I7). */
  readonly isolated: boolean;
  /** Where they find their own folders, which end up in debug information; absent where that is in the prefix. */
  readonly buildFolder?: string;
}

interface WorkspaceFacts {
  readonly path: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

const compilerName = "the compiler";

/** Undefined where the key does not depend on one. */
export function compilerOf(inputs: readonly Input[]): string | undefined {
  const value = inputs.find(({ name }) => name === compilerName)?.value;
  return typeof value === "string" ? value : undefined;
}

/** Raised whenever tenon itself comes to build differently. */
const buildProtocol = 4;

/**
 * Dependencies enter by their artifacts, not by their keys: a dependency that was built again with
 * the same result changes nothing here, and the cascade stops (early cutoff).
 */
export function inputsOf(facts: KeyFacts): Input[] {
  const { recipe, machine, workspace } = facts;
  const usesPython = recipe.build.system === "python-venv" || facts.view.has("python-venv");
  const compiles = recipe.build.system !== "wheel" && recipe.build.system !== "python-venv";
  const inputs: Input[] = [
    { name: "tenon's build protocol", value: buildProtocol },
    { name: "the architecture", value: machine.architecture },
    facts.prefix === undefined
      ? { name: "the placeholder", value: placeholderVersion }
      : { name: "the prefix", value: facts.prefix },
    { name: "the package's name", value: recipe.name },
    { name: "version", value: recipe.version },
    { name: "build.system", value: recipe.build.system },
    { name: "build.script", value: recipe.build.script ?? null },
    { name: "build.args", value: recipe.build.args },
    { name: "build.env", value: recipe.build.env },
    { name: "build.directory", value: recipe.build.directory ?? null },
    { name: "stage.drop", value: recipe.stage.drop },
    { name: "stage.takes-over", value: recipe.stage.takesOver },
    { name: "the source", value: facts.source ?? null },
    { name: "the source's kind", value: recipe.source?.kind ?? null },
    ...(recipe.crates === undefined ? [] : [{ name: "source.crates", value: recipe.crates }]),
    ...facts.patches.map(({ name, digest }, index) => ({
      name: `patch ${index + 1} (${name})`,
      value: digest,
    })),
    ...facts.files.map(({ name, digest }) => ({ name: `the file ${name}`, value: digest })),
    ...[...facts.view]
      .sort(([a], [b]) => compareText(a, b))
      .map(([name, artifact]) => ({ name: `the dependency ${name}`, value: artifact })),
  ];
  if (compiles) {
    inputs.push(
      { name: "isolation", value: machine.isolated },
      ...(machine.buildFolder === undefined
        ? []
        : [{ name: "the place of its folder", value: machine.buildFolder }]),
      { name: compilerName, value: machine.compiler ?? null },
      { name: "workspace.path", value: workspace.path },
      { name: "workspace.env", value: workspace.env },
    );
  }
  if (usesPython) inputs.push({ name: "the Python interpreter", value: machine.python ?? null });
  return inputs;
}

export function keyOf(inputs: readonly Input[]): Digest {
  return digestOfJson(inputs.map(({ name, value }) => [name, value]));
}
