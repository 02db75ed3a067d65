/** Reads a workspace: tenon.toml, all recipes and tenon.lock; tells all mistakes at once. */
import { isAbsolute, relative, resolve } from "node:path";
import { assert, joinPath, TenonError } from "../core/index.ts";
import type { Disk } from "../world/index.ts";
import {
  type Document,
  type DocumentOptions,
  openDocument,
  type OpenedDocument,
} from "./document.ts";
import { workspaceFileName } from "./find-workspace.ts";
import { checkGraph, type WrittenRecipe } from "./graph-rules.ts";
import { knownFailuresFileName, readKnownFailures } from "./known-failures.ts";
import { lockFileName, readLock } from "./lockfile.ts";
import { type Mistake, throwMistakes } from "./mistakes.ts";
import { completeRecipes } from "./python-venv.ts";
import { inputKinds, readInput } from "./read-input.ts";
import { readRecipe } from "./read-recipe.ts";
import { readSettings, type Settings } from "./read-settings.ts";
import { readRecipeFiles } from "./recipe-files.ts";
import type { KnownFailure, Lockfile, Workspace } from "./recipe.ts";
import { recipeSchema, workspaceSchema } from "./schema.ts";
import { checkShape } from "./shape.ts";
import { quote } from "./wording.ts";

export interface ReadOptions {
  /** Instead of the prefix in tenon.toml; taken from the workspace's folder when relative. */
  readonly prefix?: string;
  /** Whether to read the recipes and tenon.lock; without them only tenon.toml is checked. */
  readonly recipes?: boolean;
  /** Whether recipes may need packages that have none; refused otherwise. */
  readonly incomplete?: boolean;
  /** Formats of companions that `workspace.format` may name. */
  readonly formats?: readonly string[];
}

/** What a workspace's own files say. */
export type WrittenWorkspace = Settings & Pick<Workspace, "recipes" | "lock" | "knownFailures">;

/**
 * `directory` is absolute and holds tenon.toml. Throws one TenonError of kind `recipe` with one
 * block a mistake, in the order of files and lines; its code is that of the first.
 */
export function readWorkspace(
  disk: Disk,
  directory: string,
  options: ReadOptions = {},
): WrittenWorkspace {
  assert(isAbsolute(directory), `the workspace ${directory} is not an absolute path`);
  const { incomplete = false, formats = [] } = options;
  const reading: Reading = { disk, directory, incomplete, mistakes: [] };
  const settings = readWorkspaceFile(reading, formats);
  const isWanted = options.recipes ?? true;
  const contents = isWanted
    ? readRecipes(reading, settings.file, settings.recipesFolder)
    : noRecipes;
  const lock: Lockfile = isWanted ? readLockIfAny(reading) : new Map();
  const knownFailures = isWanted ? readKnownIfAny(reading) : [];
  throwMistakes(reading.mistakes);
  const prefix = resolve(directory, options.prefix ?? settings.prefix);
  return { ...settings, ...contents, prefix, lock, knownFailures };
}

const noRecipes: Pick<Workspace, "recipes"> = { recipes: new Map() };

interface Reading {
  readonly disk: Disk;
  readonly directory: string;
  readonly incomplete: boolean;
  readonly mistakes: Mistake[];
}

function readWorkspaceFile(reading: Reading, formats: readonly string[]): Settings {
  const { disk, directory, mistakes } = reading;
  const file = resolve(directory, workspaceFileName);
  const content = readInput(disk, file, inputKinds.workspace);
  if (content === undefined) throw workspaceMissing(directory);
  const { document, values } = open(reading, { file, shownAs: workspaceFileName, content });
  if (values === undefined) throwMistakes(mistakes); // without it, nothing else can be found
  const raw = checkShape(workspaceSchema, document, values ?? {});
  return readSettings(disk, document, raw, formats);
}

function readRecipes(
  reading: Reading,
  workspaceFile: string,
  folder: string | undefined,
): Pick<Workspace, "recipes" | "texts"> {
  const written = new Map<string, WrittenRecipe>();
  const fileNames = new Map<string, string>();
  const files = folder === undefined ? [] : readRecipeFiles(reading.disk, folder, workspaceFile);
  const shownFolder = relative(reading.directory, folder ?? reading.directory);
  for (const { name: fileName, file, path, content } of files) {
    const shownAs = joinPath(shownFolder, path);
    const { document, values } = open(reading, { file, shownAs, content });
    const other = fileNames.get(fileName);
    if (other !== undefined) reportDuplicate(document, fileName, other);
    fileNames.set(fileName, document.shownAs);
    if (values === undefined) continue;
    const raw = checkShape(recipeSchema, document, values);
    const recipe = readRecipe({ disk: reading.disk, document, raw, fileName });
    if (!written.has(recipe.name)) written.set(recipe.name, { recipe, document });
  }
  const recipes = completeRecipes([...written.values()].map(({ recipe }) => recipe));
  const { incomplete } = reading;
  checkGraph({ recipes, written, otherNames: new Set(fileNames.keys()), incomplete });
  const texts = new Map([...written].map(([name, { document }]) => [name, document.text]));
  return { recipes, texts };
}

function readLockIfAny({ disk, directory, mistakes }: Reading): Lockfile {
  const file = resolve(directory, lockFileName);
  const content = readInput(disk, file, inputKinds.lock);
  if (content === undefined) return new Map();
  return readLock({ file, shownAs: lockFileName, content, mistakes });
}

function readKnownIfAny({ disk, directory, mistakes }: Reading): KnownFailure[] {
  const file = resolve(directory, knownFailuresFileName);
  const content = readInput(disk, file, inputKinds.knownFailures);
  if (content === undefined) return [];
  return readKnownFailures({ file, shownAs: knownFailuresFileName, content, mistakes });
}

/** The failures that the team of the workspace in a folder knows. Throws as `readWorkspace` does. */
export function readKnown(disk: Disk, directory: string): KnownFailure[] {
  const reading: Reading = { disk, directory, incomplete: true, mistakes: [] };
  const known = readKnownIfAny(reading);
  throwMistakes(reading.mistakes);
  return known;
}

function open(
  { mistakes }: Reading,
  from: Pick<DocumentOptions, "file" | "shownAs" | "content">,
): OpenedDocument {
  return openDocument({ ...from, family: "RECIPE", mistakes });
}

function reportDuplicate(document: Document, name: string, other: string): void {
  const what = `${quote(name)} is described twice, here and in ${other}`;
  const expected = "one of the two files";
  document.report({ code: "DUPLICATE_NAME", at: ["name"], what, expected });
}

function workspaceMissing(directory: string): TenonError {
  return new TenonError({
    kind: "recipe",
    code: "WORKSPACE_MISSING",
    message: `${directory} holds no ${workspaceFileName}`,
    hints: [
      "`tenon init` makes a workspace, with a first recipe; `tenon import` writes recipes for Python projects; -C DIR names another folder.",
    ],
  });
}
