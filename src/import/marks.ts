/** For whom a recipe was written: the mark `wanted-by`, and which recipes nobody wants any more. */
import { TenonError } from "../core/index.ts";
import { checkClosure, type Recipes } from "../plan/index.ts";
import { dependents, isRoot, pythonVenvName, type Recipe, renderRecipe } from "../recipe/index.ts";

/** The mark of what was named to `tenon add`. */
export const byAdd = "add";

/** What a command was asked for. */
export interface Asked {
  /** The mark: `add`, or the file that was imported. */
  readonly by: string;
  readonly names: ReadonlySet<string>;
}

/**
 * The mark that a recipe is to have. What a person has written has none; what a file has asked for
 * before and asks for no more is there for its dependents, if it has any.
 */
export function markOf(
  name: string,
  before: Pick<Recipe, "file" | "wantedBy"> | undefined,
  { by, names }: Asked,
): string | undefined {
  if (before === undefined || before.file === "") return names.has(name) ? by : dependents;
  const { wantedBy } = before;
  if (names.has(name)) return wantedBy === dependents ? by : wantedBy;
  return wantedBy === by && by !== byAdd ? dependents : wantedBy;
}

/** The text of a recipe with another mark, and all else as it was. */
export function withMark({ file, wantedBy = "" }: Recipe, text: string, mark: string): string {
  const line = /^[ \t]*"?wanted-by"?[ \t]*=[ \t]*(["'])(.*?)\1/m;
  const [written, quote, value] = line.exec(text) ?? [];
  if (written !== undefined && value === wantedBy && !/["'\\]/.test(mark)) {
    return text.replace(line, () => `wanted-by = ${quote}${mark}${quote}`);
  }
  throw new TenonError({
    kind: "recipe",
    code: "MARK",
    message: `${file} says wanted-by in a way that tenon cannot change`,
    hints: [`Write there: wanted-by = ${JSON.stringify(mark)}`],
  });
}

interface Unwanted {
  /** Recipes that nobody wants, dependents first. */
  readonly names: readonly string[];
  /** Recipes that nobody wants, either, but which a person has edited: they stay, with what they need. */
  readonly edited: readonly string[];
}

/**
 * The recipes that are there for dependents and have none that somebody asked for; `gone` are asked for
 * no more. `isEdited` says whose text is not as tenon has written it.
 */
export function findUnwanted(
  recipes: Recipes,
  gone: ReadonlySet<string>,
  isEdited: (recipe: Recipe) => boolean,
): Unwanted {
  const all = [...recipes.values()];
  const roots = all.filter((each) => isRoot(each) && !gone.has(each.name)).map(({ name }) => name);
  const wanted = new Set(checkClosure(recipes, roots));
  const unwanted = all.filter(({ name, file }) => file !== "" && !wanted.has(name));
  const edited = unwanted.filter((each) => !gone.has(each.name) && isEdited(each));
  const staying = new Set(
    checkClosure(
      recipes,
      edited.map(({ name }) => name),
    ),
  );
  const leaving = unwanted.filter(({ name }) => !staying.has(name)).map(({ name }) => name);
  return { names: leaving, edited: edited.map(({ name }) => name) };
}

/** Whether a recipe's text is other than tenon would write it: somebody's work is in it. */
export function isEditedText(recipe: Recipe, text: string | undefined, folder: string): boolean {
  // What every Python project needs is not written down.
  const run = recipe.depends.run.filter((name) => name !== pythonVenvName);
  const plain = { ...recipe, depends: { build: recipe.depends.build, run } };
  return text !== renderRecipe(plain, folder);
}
