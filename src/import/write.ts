/** Writing what was settled: a recipe for each project, and their pins. */
import { compareText, TenonError } from "../core/index.ts";
import {
  findCycles,
  lockFileName,
  type Pin,
  type Recipe,
  renderLockfile,
  renderRecipe,
} from "../recipe/index.ts";
import { makeDirectories, writeAtomically } from "../world/index.ts";
import type { Session } from "../workspace/index.ts";
import type { Choice } from "./choose.ts";
import type { Settled } from "./settle.ts";

export interface Written {
  /** The folder with the recipes. */
  readonly folder: string;
  readonly written: readonly WrittenPackage[];
  /** Recipes that were there before. */
  readonly kept: readonly string[];
}

export interface WrittenPackage {
  readonly name: string;
  readonly version: string;
  readonly form: "sdist" | "wheel";
}

/** Nothing is written when something is wrong with the whole. */
export function writeRecipes(session: Session, settled: Settled): Written {
  const { workspace, world, options } = session;
  const folder = workspace.recipesFolder ?? `${workspace.directory}/packages`;
  const recipes = settled.choices.map((choice) => recipeFor(settled, choice));
  refuseCycles(recipes, workspace.recipes);
  makeDirectories(world.disk, folder);
  for (const recipe of recipes) {
    const file = workspace.recipes.get(recipe.name)?.file || `${folder}/${recipe.name}.toml`;
    const text = renderRecipe(recipe, folder);
    const temporary = `${folder}/.${recipe.name}.${world.clock.uniqueId()}`;
    writeAtomically(world.disk, file, text, { temporary, durable: options.sync });
  }
  writePins(session, settled.choices);
  const chosen = new Set(recipes.map(({ name }) => name));
  return {
    folder,
    written: settled.choices.map(({ recipe: { name, version }, form }) => ({
      name,
      version,
      form,
    })),
    kept: [...settled.resolution.keys()].filter((name) => !chosen.has(name)).sort(),
  };
}

function recipeFor({ resolution, needs }: Settled, { recipe }: Choice): Recipe {
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

function writePins({ workspace, world, options }: Session, choices: readonly Choice[]): void {
  const pins = new Map<string, Pin>(workspace.lock);
  for (const { pin } of choices) if (pin !== undefined) pins.set(pin.package, pin);
  const all = [...pins.values()].sort((a, b) => compareText(a.package, b.package));
  const temporary = `${workspace.directory}/.${lockFileName}.${world.clock.uniqueId()}`;
  const file = `${workspace.directory}/${lockFileName}`;
  writeAtomically(world.disk, file, renderLockfile(all), { temporary, durable: options.sync });
}
