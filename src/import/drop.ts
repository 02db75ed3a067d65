/** `tenon drop`: recipes that `tenon add` or `import` has written go again, with what only they needed. */
import { typedWord, TenonError } from "../core/index.ts";
import { checkClosure, inOrder } from "../plan/index.ts";
import { dependents, isRoot, type Recipe } from "../recipe/index.ts";
import type { World } from "../world/index.ts";
import {
  openSession,
  selectPackages,
  type Session,
  type SessionOptions,
} from "../workspace/index.ts";
import { findUnwanted, isEditedText, withMark } from "./marks.ts";
import { writePins, writeRecipeFile } from "./write.ts";

export interface DropOptions extends SessionOptions {
  readonly names: readonly string[];
}

export interface Dropped {
  readonly kind: "dropped" | "planned";
  /** The recipes that are gone, by name. */
  readonly dropped: readonly DroppedRecipe[];
  /** Those that were named and stay, because others need them. */
  readonly needed: readonly { readonly name: string; readonly by: readonly string[] }[];
  /** Recipe files that nobody wants, and that stay because a person has edited them. */
  readonly edited: readonly string[];
}

interface DroppedRecipe {
  readonly name: string;
  readonly version: string;
  /** Whether it was named; else only what was named has needed it. */
  readonly named: boolean;
}

/**
 * Removes recipes and their pins; the prefix follows with the next build. A recipe that others need
 * stays, marked as theirs. Throws for a recipe that a person has written, before anything is changed.
 */
export function dropRecipes(world: World, options: DropOptions): Dropped {
  const session = openSession(world, options);
  const { recipes, texts, recipesFolder = "" } = session.workspace;
  const names = new Set(selectPackages(session, options.names));
  for (const name of names) refuseHandWritten(session, recipes.get(name));
  const isEdited = (recipe: Recipe): boolean =>
    isEditedText(recipe, texts?.get(recipe.name), recipesFolder);
  const unwanted = findUnwanted(recipes, names, isEdited);
  const leaving = new Set(unwanted.names);
  const staying = [...names].filter((name) => !leaving.has(name));
  const remarked = staying.flatMap((name) => remark(session, name));
  const gone = inOrder(recipes, leaving).reverse();
  if (options.dryRun !== true) {
    for (const { file, text } of remarked) writeRecipeFile(session, file, text);
    // Dependents first: whenever this ends, what is left is a whole workspace.
    for (const name of gone) world.disk.removeFile(fileOf(session, name));
    const pins = [...session.workspace.lock.values()];
    if (gone.length > 0)
      writePins(
        session,
        pins.filter((pin) => !leaving.has(pin.package)),
      );
  }
  return {
    kind: options.dryRun === true ? "planned" : "dropped",
    dropped: gone.map((name) => {
      const version = recipes.get(name)?.version ?? "";
      return { name, version, named: names.has(name) };
    }),
    needed: staying.map((name) => ({ name, by: rootsThatNeed(session, name, names) })),
    edited: unwanted.edited.map((name) => fileOf(session, name)),
  };
}

function fileOf({ workspace }: Session, name: string): string {
  return workspace.recipes.get(name)?.file ?? "";
}

function remark(
  { workspace }: Session,
  name: string,
): { readonly file: string; readonly text: string }[] {
  const recipe = workspace.recipes.get(name);
  if (recipe === undefined || recipe.wantedBy === dependents) return [];
  return [
    { file: recipe.file, text: withMark(recipe, workspace.texts?.get(name) ?? "", dependents) },
  ];
}

/** Those who asked for a package without naming it. */
function rootsThatNeed(
  { workspace: { recipes } }: Session,
  name: string,
  gone: ReadonlySet<string>,
): string[] {
  const roots = [...recipes.values()].filter((each) => isRoot(each) && !gone.has(each.name));
  return roots
    .filter((root) => checkClosure(recipes, [root.name]).includes(name))
    .map((root) => root.name);
}

function refuseHandWritten({ workspace }: Session, recipe: Recipe | undefined): void {
  if (recipe === undefined || recipe.wantedBy !== undefined) return;
  const { name, file } = recipe;
  const isBuiltIn = file === "";
  throw new TenonError({
    kind: "usage",
    code: "HAND_WRITTEN",
    message: isBuiltIn
      ? `${name} has no recipe of its own: it is there as long as a package needs it`
      : `${file} was not written by \`tenon add\` or \`tenon import\`, so it is not removed`,
    hints: isBuiltIn
      ? []
      : [
          `Remove it yourself: \`rm ${typedWord(file)}\`; the next \`tenon build -C ${typedWord(workspace.directory)}\` removes ${name} from the prefix.`,
        ],
  });
}
