/** Small recipes for the tests of a plan. */
import type { Recipe } from "../../src/recipe/index.ts";

export interface Needs {
  readonly build?: readonly string[];
  readonly run?: readonly string[];
  /** Gives the package a check, too. */
  readonly check?: readonly string[];
}

export function recipe(name: string, { build = [], run = [], check }: Needs = {}): Recipe {
  return {
    name,
    version: "1.0",
    file: `/w/packages/${name}.toml`,
    patches: [],
    depends: { build, run, ...(check === undefined ? {} : { check }) },
    ...(check === undefined ? {} : { check: "true" }),
    build: { system: "script", script: "true", args: [], env: {} },
    stage: { drop: [], takesOver: [] },
  };
}

export function recipes(needs: Readonly<Record<string, Needs>>): Map<string, Recipe> {
  return new Map(Object.entries(needs).map(([name, its]) => [name, recipe(name, its)]));
}
