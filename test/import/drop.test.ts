/** Recipes that were added go again: with what only they needed, and without what a person has written. */
import { beforeEach, expect, test } from "vitest";
import { type Dropped, dropRecipes } from "../../src/import/drop.ts";
import { withMark } from "../../src/import/marks.ts";
import { type Recipe, renderRecipe } from "../../src/recipe/index.ts";
import { listIfAny, readText } from "../../src/world/index.ts";
import {
  createSimulatedDisk,
  createSimulatedWorld,
  type SimulatedDisk,
} from "../../src/world/simulated/index.ts";
import { directory, optionsFor } from "../workspace/workspace.ts";

const folder = `${directory}/packages`;
let disk: SimulatedDisk;

function textOf(name: string, wantedBy: string, run: readonly string[] = []): string {
  const source = { kind: "pypi", project: name, version: "1", distribution: "wheel" } as const;
  const build = { system: "wheel", args: [], env: {} } as const;
  const stage = { drop: [], takesOver: [] };
  const depends = { build: [], run };
  const its = {
    name,
    version: "1",
    file: "",
    wantedBy,
    source,
    patches: [],
    depends,
    build,
    stage,
  };
  return renderRecipe(its, folder);
}

function pinOf(name: string): string {
  return `[[source]]\npackage = "${name}"\nsource = "pypi ${name} 1 wheel"\nsha256 = "${"0".repeat(64)}"\n`;
}

const hand = 'name = "hand"\nversion = "1"\ndepends.run = ["both"]\nbuild.system = "wheel"\n';
beforeEach(() => {
  disk = createSimulatedDisk();
  disk.plant(directory, {
    "tenon.toml": "",
    "tenon.lock": `version = 1\n\n${["rich", "mdurl"].map(pinOf).join("\n")}`,
    "packages/rich.toml": textOf("rich", "add", ["mdurl", "both"]),
    "packages/mdurl.toml": textOf("mdurl", "dependents", ["deep"]),
    "packages/deep.toml": textOf("deep", "dependents"),
    "packages/both.toml": textOf("both", "dependents"),
    "packages/hand.toml": `${hand}source.pypi = "hand"\n`,
  });
});

function drop(...names: string[]): Dropped {
  return dropRecipes(createSimulatedWorld({ disk }), { ...optionsFor([]), names });
}

function left(): string[] {
  return listIfAny(disk, folder).map(({ name }) => name);
}

test("with what only it needed, and their pins", () => {
  expect(drop("rich")).toEqual({
    kind: "dropped",
    dropped: [
      { name: "rich", version: "1", named: true },
      { name: "mdurl", version: "1", named: false },
      { name: "deep", version: "1", named: false },
    ],
    needed: [],
    edited: [],
  });
  expect(left()).toEqual(["both.toml", "hand.toml"]);
  expect(readText(disk, `${directory}/tenon.lock`)).not.toContain("package");
});

test("what others need stays, and is theirs from then on", () => {
  disk.removeFile(`${folder}/both.toml`);
  disk.createFile(`${folder}/both.toml`, textOf("both", "add"));
  expect(drop("both")).toMatchObject({
    dropped: [],
    needed: [{ name: "both", by: ["hand", "rich"] }],
  });
  expect(readText(disk, `${folder}/both.toml`)).toBe(textOf("both", "dependents"));
});

test("what a person has written is refused, and nothing is removed", () => {
  expect(() => drop("rich", "hand")).toThrow(
    expect.objectContaining({
      code: "HAND_WRITTEN",
      hints: [expect.stringContaining(`rm ${folder}/hand.toml`)],
    }),
  );
  expect(() => drop("python-venv")).toThrow("no recipe of its own");
  expect(() => drop("rihc")).toThrow("no recipe");
  expect(left()).toHaveLength(5);
});

test("what a person has edited stays with what it needs, unless it is named", () => {
  disk.removeFile(`${folder}/mdurl.toml`);
  const edited = `# mine\n${textOf("mdurl", "dependents", ["deep"])}`;
  disk.createFile(`${folder}/mdurl.toml`, edited);
  expect(drop("rich")).toMatchObject({
    dropped: [{ name: "rich" }],
    edited: [`${folder}/mdurl.toml`],
  });
  expect(left()).toEqual(["both.toml", "deep.toml", "hand.toml", "mdurl.toml"]);
  expect(drop("mdurl").dropped.map(({ name }) => name)).toEqual(["mdurl", "deep"]);
});

test("a dry run removes nothing", () => {
  const world = createSimulatedWorld({ disk });
  const names = ["rich"];
  const planned = dropRecipes(world, { ...optionsFor([]), names, dryRun: true });
  expect(planned).toMatchObject({ kind: "planned", dropped: [{}, {}, {}] });
  expect(left()).toHaveLength(5);
});

test("a mark is changed in its place, and all else stays", () => {
  const recipe = { file: "/w/a.toml", wantedBy: "add" } as Recipe;
  const text = "# wanted-by = 'x'\n wanted-by='add' # why\n[build]\n";
  expect(withMark(recipe, text, "dependents")).toBe(
    "# wanted-by = 'x'\nwanted-by = 'dependents' # why\n[build]\n",
  );
  expect(() => withMark(recipe, 'wanted-by = """add"""', "dependents")).toThrow("cannot change");
});
