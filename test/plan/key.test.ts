/** What a package key depends on, and what not (I8). */
import { describe, expect, test } from "vitest";
import { inputsOf, type KeyFacts, keyOf } from "../../src/plan/index.ts";
import type { BuildPlan, Recipe, StageRules } from "../../src/recipe/index.ts";
import { recipe } from "./recipes.ts";

const digest = (letter: string): string => letter.repeat(64);

const base: KeyFacts = {
  recipe: recipe("app", { build: ["tool"], run: ["lib"] }),
  source: digest("a"),
  files: [],
  patches: [{ name: "fix.patch", digest: digest("b") }],
  view: new Map([
    ["lib", digest("c")],
    ["tool", digest("d")],
  ]),
  machine: {
    architecture: "x64",
    compiler: "cc 12",
    python: "3.11 at /usr/bin/python3",
    isolated: true,
  },
  workspace: { path: ["/usr/bin"], env: { A: "1", B: "2" } },
};

const key = (facts: KeyFacts): string => keyOf(inputsOf(facts));
const withRecipe = (change: Partial<Recipe>): KeyFacts => ({
  ...base,
  recipe: { ...base.recipe, ...change },
});
const withBuild = (change: Partial<BuildPlan>): KeyFacts =>
  withRecipe({ build: { ...base.recipe.build, ...change } });
const withStage = (change: Partial<StageRules>): KeyFacts =>
  withRecipe({ stage: { ...base.recipe.stage, ...change } });
const withMachine = (change: Partial<KeyFacts["machine"]>): KeyFacts => ({
  ...base,
  machine: { ...base.machine, ...change },
});
const withWorkspace = (change: Partial<KeyFacts["workspace"]>): KeyFacts => ({
  ...base,
  workspace: { ...base.workspace, ...change },
});

describe("the key changes with", () => {
  test.each<[string, KeyFacts]>([
    ["the name", withRecipe({ name: "other" })],
    ["the version", withRecipe({ version: "1.1" })],
    ["the build system", withBuild({ system: "make" })],
    ["the script", withBuild({ script: "false" })],
    ["an argument", withBuild({ args: ["--fast"] })],
    ["the recipe's environment", withBuild({ env: { CFLAGS: "-O3" } })],
    ["the folder to build in", withBuild({ directory: "sub" })],
    ["what is dropped", withStage({ drop: ["share/doc"] })],
    ["what may be written over", withStage({ takesOver: ["bin/x"] })],
    ["the source", { ...base, source: digest("0") }],
    ["the lack of a source", { ...base, source: undefined }],
    ["how the source comes", withRecipe({ source: { kind: "path", path: "/s" } })],
    ["a patch", { ...base, patches: [{ name: "fix.patch", digest: digest("0") }] }],
    ["the lack of a patch", { ...base, patches: [] }],
    ["an input file", { ...base, files: [{ name: "spkg-install", digest: digest("0") }] }],
    ["a dependency's artifact", { ...base, view: new Map([...base.view, ["lib", digest("0")]]) }],
    ["another dependency", { ...base, view: new Map([...base.view, ["more", digest("0")]]) }],
    ["the architecture", withMachine({ architecture: "arm64" })],
    ["the compiler", withMachine({ compiler: "cc 13" })],
    ["the lack of isolation", withMachine({ isolated: false })],
    ["a prefix of its own", { ...base, prefix: "/p" }],
    ["the search path", withWorkspace({ path: ["/opt/bin"] })],
    ["the workspace's environment", withWorkspace({ env: { A: "1" } })],
  ])("%s", (_what, facts) => {
    expect(key(facts)).not.toBe(key(base));
  });

  test("the order of the patches", () => {
    const one = { name: "1", digest: digest("1") };
    const two = { name: "2", digest: digest("2") };
    expect(key({ ...base, patches: [one, two] })).not.toBe(key({ ...base, patches: [two, one] }));
  });
});

describe("the key does not change with", () => {
  test.each<[string, KeyFacts]>([
    ["where the recipe lies", withRecipe({ file: "/elsewhere/app.toml" })],
    ["the check, which changes no result", withRecipe({ check: "true" })],
    ["the kind of a dependency", withRecipe({ depends: { build: ["lib"], run: ["tool"] } })],
    ["the order of the view", { ...base, view: new Map([...base.view].reverse()) }],
    ["the order of variables", withWorkspace({ env: { B: "2", A: "1" } })],
    ["an interpreter that it does not see", withMachine({ python: "3.12 at /opt/python" })],
  ])("%s", (_what, facts) => {
    expect(key(facts)).toBe(key(base));
  });
});

describe("the interpreter counts", () => {
  const other = "3.12 at /opt/python";
  test("for what sees python-venv", () => {
    const seeing = { ...base, view: new Map([["python-venv", digest("e")]]) };
    const changed = { ...seeing, machine: { ...base.machine, python: other } };
    expect(key(changed)).not.toBe(key(seeing));
  });

  test("for python-venv itself, which no compiler concerns", () => {
    const venv = withBuild({ system: "python-venv" });
    expect(key({ ...venv, machine: { ...base.machine, python: other } })).not.toBe(key(venv));
    expect(key({ ...venv, machine: { ...base.machine, compiler: "cc 13" } })).toBe(key(venv));
  });
});

test("no two inputs have the same name", () => {
  const names = inputsOf(base).map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
});
