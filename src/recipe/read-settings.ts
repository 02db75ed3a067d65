/** Reads the settings of tenon.toml. */
import { dirname, resolve } from "node:path";
import type { Disk } from "../world/index.ts";
import type { CompanionTree } from "./companion-format.ts";
import type { Document } from "./document.ts";
import { checkVariables } from "./read-build.ts";
import { readExecution } from "./read-execution.ts";
import { type LinkMode, linkModes, type Workspace } from "./recipe.ts";
import { readCache } from "./read-cache.ts";
import { readLibrarySettings } from "./read-host-libraries.ts";
import type { RawWorkspace, RawWorkspaceFile } from "./schema.ts";
import { didYouMean, nameOfKey, oneOf, quote } from "./wording.ts";

/** Packages that recipes describe. */
const ownFormat = "tenon";

export interface Settings extends Omit<
  Workspace,
  "recipes" | "lock" | "knownFailures" | "companion"
> {
  /** Where packages are described in another format. */
  readonly tree?: CompanionTree;
}

/** Relative paths are taken from the folder of tenon.toml; `formats` are those besides tenon's own. */
export function readSettings(
  disk: Disk,
  document: Document,
  file: RawWorkspaceFile,
  formats: readonly string[],
): Settings {
  const raw = file.workspace ?? {};
  const directory = dirname(document.file);
  refuseEmptyTexts(document, raw);
  checkVariables(document, ["workspace", "env"], raw.env ?? {});
  const tree = readTree(document, raw, formats);
  if (tree !== undefined && raw.prefix !== undefined) refusePrefix(document, tree);
  const recipesFolder =
    tree === undefined ? readRecipesFolder(disk, document, raw.recipes) : undefined;
  const python = raw.python ?? "python3";
  const execution = readExecution(document, file.execution);
  return {
    file: document.file,
    directory,
    prefix: resolve(directory, raw.prefix ?? "prefix"),
    ...(raw.store === undefined ? {} : { store: resolve(directory, raw.store) }),
    python: python.includes("/") ? resolve(directory, python) : python,
    ...(raw.path === undefined
      ? {}
      : { path: raw.path.map((folder) => resolve(directory, folder)) }),
    link: readLink(document, raw.link),
    // What a companion leaves to the machine is wanted of it.
    ...readLibrarySettings(document, file.check, tree === undefined ? "warn" : "allow"),
    ...(raw["weak-renames"] === undefined ? {} : { weakRenames: raw["weak-renames"] }),
    ...(raw.keep === undefined ? {} : { keep: raw.keep }),
    env: raw.env ?? {},
    ...(execution === undefined ? {} : { execution }),
    ...readCache(document, file.cache),
    ...(tree === undefined ? {} : { tree }),
    ...(recipesFolder === undefined ? {} : { recipesFolder }),
  };
}

function readTree(
  document: Document,
  { format = ownFormat, recipes = "." }: RawWorkspace,
  formats: readonly string[],
): CompanionTree | undefined {
  if (format === ownFormat) return undefined;
  if (formats.includes(format)) return { format, root: resolve(dirname(document.file), recipes) };
  const known = [ownFormat, ...formats];
  const what = `workspace.format ${quote(format)} is unknown`;
  const expected = `${oneOf(known)}${didYouMean(format, known)}`;
  document.report({ code: "VALUE", at: ["workspace", "format"], what, expected });
  return undefined;
}

function refusePrefix(document: Document, { format }: CompanionTree): void {
  const what = `workspace.prefix does not go with workspace.format ${format}`;
  const expected = "no prefix, as the packages' own configuration has chosen one";
  document.report({ code: "VALUE", at: ["workspace", "prefix"], part: "key", what, expected });
}

function readLink(document: Document, link = "reflink"): LinkMode {
  const known = linkModes.find((mode) => mode === link);
  if (known !== undefined) return known;
  const what = `workspace.link ${quote(link)} is unknown`;
  const expected = `${oneOf(linkModes)}${didYouMean(link, linkModes)}`;
  document.report({ code: "VALUE", at: ["workspace", "link"], what, expected });
  return "reflink";
}

function refuseEmptyTexts(document: Document, raw: RawWorkspace): void {
  const texts: [string, ...(string | number)[]][] = [];
  for (const key of ["prefix", "recipes", "python", "store"] as const) {
    if (raw[key] === "") texts.push([key]);
  }
  raw.path?.forEach((folder, index) => {
    if (folder === "") texts.push(["path", index]);
  });
  for (const text of texts) {
    const at = ["workspace", ...text];
    const expected = text[0] === "python" ? "a program's name or path" : "a folder";
    document.report({ code: "VALUE", at, what: `${nameOfKey(at)} is empty`, expected });
  }
}

function readRecipesFolder(
  disk: Disk,
  document: Document,
  recipes: string | undefined,
): string | undefined {
  const folder = resolve(dirname(document.file), recipes ?? "packages");
  if (disk.statusOfTarget(folder)?.type === "directory") return folder;
  if (recipes !== undefined && recipes !== "") {
    const at = ["workspace", "recipes"];
    const what = `workspace.recipes ${quote(recipes)} is not a folder`;
    document.report({ code: "VALUE", at, what, expected: "the folder with the recipes" });
  }
  return undefined;
}
