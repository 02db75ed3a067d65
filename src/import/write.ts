/** Writing what was settled: a recipe for each project, and their pins. */
import { dirname } from "node:path";
import { compareText, nameOf, TenonError } from "../core/index.ts";
import {
  findCycles,
  moveRecipe,
  sourceLine,
  lockFileName,
  type Pin,
  type Recipe,
  renderLockfile,
  renderRecipe,
} from "../recipe/index.ts";
import { makeDirectories, readTextIfAny, writeAtomically } from "../world/index.ts";
import type { Session } from "../workspace/index.ts";
import type { ChosenSource } from "./choose.ts";
import { type Asked, markOf, withMark } from "./marks.ts";
import type { Settled } from "./settle.ts";

export interface Written {
  /** The folder with the recipes. */
  readonly folder: string;
  readonly written: readonly WrittenPackage[];
  /** Recipes that were there before, and are as they were. */
  readonly kept: readonly string[];
}

interface WrittenPackage {
  readonly name: string;
  readonly version: string;
  readonly form: "sdist" | "wheel";
  /** The version that its recipe had before. */
  readonly from?: string;
}

/** Nothing is written when something is wrong with the whole. */
export function writeRecipes(session: Session, settled: Settled, asked: Asked): Written {
  const { workspace, world } = session;
  const folder = workspace.recipesFolder ?? `${workspace.directory}/packages`;
  const choices = settled.choices.filter((choice) => isNew(choice, workspace.recipes));
  const recipes = choices.map((choice) => {
    const recipe = recipeFor(settled, choice);
    const wantedBy = markOf(recipe.name, workspace.recipes.get(recipe.name), asked);
    return wantedBy === undefined ? recipe : { ...recipe, wantedBy };
  });
  refuseCycles(recipes, workspace.recipes);
  const texts = recipes.map((recipe, index) =>
    textOf(session, folder, recipe, choices[index]?.pin),
  );
  const chosen = new Set(recipes.map(({ name }) => name));
  const marked = remark(session, chosen, asked);
  makeDirectories(world.disk, folder);
  for (const [index, recipe] of recipes.entries()) {
    const file = workspace.recipes.get(recipe.name)?.file || `${folder}/${recipe.name}.toml`;
    writeRecipeFile(session, file, texts[index] ?? "");
  }
  for (const { file, text } of marked) writeRecipeFile(session, file, text);
  const pins = choices.flatMap(({ pin }) => pin ?? []);
  writePins(session, [...session.workspace.lock.values(), ...pins]);
  return {
    folder,
    written: choices.map(({ recipe: { name, version }, form }) => {
      const from = workspace.recipes.get(name)?.version;
      return { name, version, form, ...(from === undefined ? {} : { from }) };
    }),
    kept: [...settled.resolution.keys()].filter((name) => !chosen.has(name)).sort(),
  };
}

/** Whether there is no recipe of this version, source and form. */
function isNew({ recipe }: ChosenSource, recipes: ReadonlyMap<string, Recipe>): boolean {
  const lineOf = ({ version, source, build }: Recipe): string =>
    `${version} ${build.system} ${source === undefined ? "" : sourceLine(source)}`;
  const before = recipes.get(recipe.name);
  return before === undefined || lineOf(before) !== lineOf(recipe);
}

/** What a person has written stays, as far as the recipe goes on to be of the index. */
function textOf(session: Session, folder: string, recipe: Recipe, pin: Pin | undefined): string {
  const { workspace } = session;
  const before = workspace.recipes.get(recipe.name);
  const text = before === undefined ? undefined : readTextIfAny(session.world.disk, before.file);
  const isMoved = before?.source?.kind === "pypi" && recipe.source?.kind === "pypi";
  if (!isMoved || text === undefined) return renderRecipe(recipe, folder);
  const moved = moveRecipe(text, recipe, pin?.sha256);
  if (moved !== undefined) {
    const { wantedBy } = recipe;
    const isSame = wantedBy === undefined || wantedBy === before.wantedBy;
    return isSame ? moved : withMark(before, moved, wantedBy);
  }
  throw new TenonError({
    kind: "recipe",
    code: "RECIPE_NOT_EDITED",
    message: `${before.file} is written in a form that cannot be changed without touching the rest of it`,
    hints: [`Write version = "${recipe.version}" into it, and run \`tenon lock\`.`],
  });
}

/** The texts of recipes that are not written anew, and are wanted by others than before. */
function remark(
  { workspace }: Session,
  chosen: ReadonlySet<string>,
  asked: Asked,
): { readonly file: string; readonly text: string }[] {
  return [...workspace.recipes.values()].flatMap((recipe) => {
    const { name, file, wantedBy } = recipe;
    const mark = file === "" || chosen.has(name) ? wantedBy : markOf(name, recipe, asked);
    if (mark === wantedBy || mark === undefined) return [];
    return [{ file, text: withMark(recipe, workspace.texts?.get(name) ?? "", mark) }];
  });
}

export function writeRecipeFile(
  { world, options }: Pick<Session, "world" | "options">,
  file: string,
  text: string,
): void {
  const temporary = `${dirname(file)}/.${nameOf(file)}.${world.clock.uniqueId()}`;
  writeAtomically(world.disk, file, text, { temporary, durable: options.sync });
}

function recipeFor({ resolution, needs }: Settled, { recipe }: ChosenSource): Recipe {
  const crates = needs.get(recipe.name)?.crates;
  const build = (needs.get(recipe.name)?.requirements ?? [])
    .map(({ name }) => name)
    .filter((name) => name !== recipe.name && resolution.has(name));
  const run = resolution.get(recipe.name)?.needs ?? [];
  return {
    ...recipe,
    ...(crates === undefined ? {} : { crates }),
    depends: { build: [...new Set(build)].sort(), run },
  };
}

/** A package that needs itself, by way of others, cannot be built first. */
function refuseCycles(fresh: readonly Recipe[], before: ReadonlyMap<string, Recipe>): void {
  const all = new Map([...before, ...fresh.map((recipe) => [recipe.name, recipe] as const)]);
  const graph = new Map(
    [...all].map(([name, { depends }]) => [name, [...depends.build, ...depends.run]]),
  );
  const [cycle] = findCycles(graph);
  if (cycle === undefined) return;
  const [first = ""] = cycle;
  const sdist = cycle.find((name) => (all.get(name)?.depends.build.length ?? 0) > 0);
  throw new TenonError({
    kind: "recipe",
    code: "RECIPE_CYCLE",
    message: `these projects need each other: ${[...cycle, first].join(" → ")}`,
    hints: [
      sdist === undefined
        ? "A run dependency of one of them has to be left out of its recipe by hand."
        : `Take one of them as a wheel: --only-binary ${sdist}.`,
    ],
  });
}

/** Writes `tenon.lock` with these pins; of two for one package, the last. */
export function writePins(
  { workspace, world, options }: Pick<Session, "workspace" | "world" | "options">,
  pins: readonly Pin[],
): void {
  const byPackage = new Map(pins.map((pin) => [pin.package, pin]));
  const all = [...byPackage.values()].sort((a, b) => compareText(a.package, b.package));
  const temporary = `${workspace.directory}/.${lockFileName}.${world.clock.uniqueId()}`;
  const file = `${workspace.directory}/${lockFileName}`;
  writeAtomically(world.disk, file, renderLockfile(all), { temporary, durable: options.sync });
}
