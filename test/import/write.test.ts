/** What is written of a settled stack: recipes and pins, all or nothing. */
import { expect, test } from "vitest";
import type { BuildNeeds } from "../../src/import/build-needs.ts";
import type { ChosenSource } from "../../src/import/choose.ts";
import type { Settled } from "../../src/import/settle.ts";
import type { Asked } from "../../src/import/marks.ts";
import { writeRecipes } from "../../src/import/write.ts";
import type { Session } from "../../src/workspace/session.ts";
import { parseLockfile, readWorkspace } from "../../src/recipe/index.ts";
import { parseRequirement, type Requirement } from "../../src/requirements/index.ts";
import { makeDirectories, readText } from "../../src/world/index.ts";
import { createSimulatedWorld } from "../../src/world/simulated/index.ts";

const root = "/stack";

function openStack(recipes: Readonly<Record<string, string>> = {}): Session {
  const world = createSimulatedWorld({});
  makeDirectories(world.disk, `${root}/packages`);
  world.disk.createFile(`${root}/tenon.toml`, "[workspace]\n");
  for (const [name, text] of Object.entries(recipes)) {
    world.disk.createFile(`${root}/packages/${name}.toml`, text);
  }
  const workspace = readWorkspace(world.disk, root);
  return { world, workspace, options: { sync: true } } as unknown as Session;
}

/** Each project with what it needs to be built, and to run; those without the first are wheels. */
type Stack = Readonly<
  Record<string, readonly [build: readonly string[] | undefined, run: string[]]>
>;

function settledOf(stack: Stack): Settled {
  const names = Object.keys(stack);
  const choices = names.map((name): ChosenSource => {
    const form = stack[name]?.[0] === undefined ? "wheel" : "sdist";
    const source = { kind: "pypi", project: name, version: "1.0", distribution: form } as const;
    const build = { system: form === "wheel" ? "wheel" : "python", args: [], env: {} } as const;
    const depends = { build: [], run: [] };
    const stage = { drop: [], takesOver: [] };
    const recipe = { name, version: "1.0", file: "", source, patches: [], depends, build, stage };
    const line = `pypi ${name} 1.0 ${form}`;
    return { recipe, form, pin: { package: name, source: line, sha256: "0".repeat(64) } };
  });
  const needs = new Map<string, BuildNeeds>();
  for (const [name, [build]] of Object.entries(stack)) {
    const requirements = (build ?? []).map((text) => parseRequirement(text) as Requirement);
    if (build !== undefined) needs.set(name, { requirements, notes: [] });
  }
  const resolution = new Map(
    names.map((name) => [name, { name, version: "1.0", needs: stack[name]?.[1] ?? [] }]),
  );
  return { resolution, choices, needs };
}

function asked(...names: string[]): Asked {
  return { by: "add", names: new Set(names) };
}

test("recipes that the workspace reads back, with pins for each", () => {
  const session = openStack();
  const stack: Stack = {
    app: [["back>=1", "back[x]", "app"], ["lib"]],
    lib: [undefined, []],
    back: [[], []],
  };
  const { written, kept } = writeRecipes(session, settledOf(stack), asked("app"));
  expect(written.map(({ name, form }) => `${name} ${form}`)).toEqual([
    "app sdist",
    "lib wheel",
    "back sdist",
  ]);
  expect(kept).toEqual([]);
  const { recipes, lock } = readWorkspace(session.world.disk, root);
  expect(recipes.get("app")?.depends).toEqual({ build: ["back"], run: ["lib", "python-venv"] });
  expect(recipes.get("lib")?.source).toMatchObject({ project: "lib", distribution: "wheel" });
  expect([...lock.keys()]).toEqual(["app", "back", "lib"]);
});

test("pins of other packages stay", () => {
  const session = openStack();
  const disk = session.world.disk;
  writeRecipes(session, settledOf({ old: [[], []] }), asked("old"));
  const again = { ...session, workspace: readWorkspace(disk, root) };
  const { kept } = writeRecipes(
    again,
    {
      ...settledOf({ next: [[], ["old"]] }),
      resolution: settledOf({ next: [[], ["old"]], old: [[], []] }).resolution,
    },
    asked("next"),
  );
  expect(kept).toEqual(["old"]);
  const lock = parseLockfile(readText(disk, `${root}/tenon.lock`), "tenon.lock");
  expect([...lock.keys()]).toEqual(["next", "old"]);
});

test("projects that need each other are refused with a cure, and nothing is written", () => {
  const session = openStack();
  const stack: Stack = { a: [["b"], []], b: [undefined, ["a"]] };
  expect(() => writeRecipes(session, settledOf(stack), asked("app"))).toThrow(
    expect.objectContaining({
      code: "RECIPE_CYCLE",
      message: "these projects need each other: a → b → a",
      hints: ["Take one of them as a wheel: --only-binary a."],
    }),
  );
  expect(session.world.disk.list(`${root}/packages`)).toEqual([]);
});

test("each recipe says for whom it was written, and goes on saying what is true", () => {
  const hand = 'name = "hand"\nversion = "1"\nbuild.system = "script"\nbuild.script = "x"\n';
  const session = openStack({ hand });
  const stack: Stack = { app: [undefined, ["lib"]], lib: [undefined, []] };
  const again = (): Session => ({ ...session, workspace: readWorkspace(session.world.disk, root) });
  const marks = (): object =>
    Object.fromEntries([...again().workspace.recipes].map(([name, its]) => [name, its.wantedBy]));
  const file = { by: "requirements.txt", names: new Set(["app"]) };
  writeRecipes(session, settledOf(stack), file);
  const others = { hand: undefined, "python-venv": undefined };
  expect(marks()).toEqual({ ...others, app: "requirements.txt", lib: "dependents" });

  const nothingNew = { ...settledOf(stack), choices: [] };
  writeRecipes(again(), nothingNew, asked("lib", "hand"));
  expect(marks()).toEqual({ ...others, app: "requirements.txt", lib: "add" });
  writeRecipes(again(), nothingNew, { ...file, names: new Set(["lib"]) });
  expect(marks()).toEqual({ ...others, app: "dependents", lib: "add" });
  expect(readText(session.world.disk, `${root}/packages/hand.toml`)).toBe(hand);
});

test("a recipe that moves keeps what a person has written, and one that does not is not touched", () => {
  const recipe = (name: string, version: string): string =>
    `# mine\nname = "${name}"\nversion = "${version}" # tested\n[source]\npypi = "${name}"\n[build]\nsystem = "wheel"\n`;
  const session = openStack({ app: recipe("app", "0.9"), lib: recipe("lib", "1.0") });
  const { disk } = session.world;
  const result = writeRecipes(
    session,
    settledOf({ app: [undefined, ["lib"]], lib: [undefined, []] }),
    asked("app"),
  );
  expect(result).toMatchObject({
    written: [{ name: "app", version: "1.0", form: "wheel", from: "0.9" }],
    kept: ["lib"],
  });
  expect(readText(disk, `${root}/packages/app.toml`)).toBe(
    `${recipe("app", "1.0")}\n[depends]\nrun = ["lib"]\n`,
  );
  expect(readText(disk, `${root}/packages/lib.toml`)).toBe(recipe("lib", "1.0"));
  expect([...parseLockfileOf(session)]).toEqual(["app"]);
});

test("a form that cannot be edited is refused, with nothing written", () => {
  const text =
    'name = "app"\nversion = "0.9"\nsource.pypi = "app"\nbuild.system = "wheel"\ndepends.build = []\n';
  const session = openStack({
    app: text,
    lib: 'name = "lib"\nversion = "1"\n[build]\nsystem = "script"\nscript = ":"\n',
  });
  const settled = settledOf({ app: [undefined, ["lib"]] });
  expect(() => writeRecipes(session, settled, asked("app"))).toThrow(
    "/stack/packages/app.toml is written in a form",
  );
  expect(readText(session.world.disk, `${root}/packages/app.toml`)).toBe(text);
});

function parseLockfileOf({ world }: Session): Iterable<string> {
  return readWorkspace(world.disk, root).lock.keys();
}
