/** Reads `[workspace]` of tenon.toml. */
import { dirname, resolve } from "node:path";
import type { Disk } from "../world/index.ts";
import type { Document } from "./document.ts";
import { checkVariables } from "./read-build.ts";
import { type LinkMode, linkModes, type Workspace } from "./recipe.ts";
import { readLibrarySettings } from "./read-host-libraries.ts";
import type { RawWorkspace, RawWorkspaceFile } from "./schema.ts";
import { didYouMean, nameOfKey, oneOf, quote } from "./wording.ts";

/** How packages are described: by recipes, or as a SageMath checkout does. */
const formats = ["tenon", "sage"] as const;
type Format = (typeof formats)[number];

export type Settings = Omit<Workspace, "recipes" | "lock" | "knownFailures">;

/** Relative paths are taken from the folder of tenon.toml. */
export function readSettings(disk: Disk, document: Document, file: RawWorkspaceFile): Settings {
  const raw = file.workspace ?? {};
  const directory = dirname(document.file);
  refuseEmptyTexts(document, raw);
  checkVariables(document, ["workspace", "env"], raw.env ?? {});
  const isSage = readFormat(document, raw.format) === "sage";
  if (isSage && raw.prefix !== undefined) refusePrefix(document);
  const recipesFolder = isSage ? undefined : readRecipesFolder(disk, document, raw.recipes);
  const python = raw.python ?? "python3";
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
    // What configure left to the machine is wanted of it.
    ...readLibrarySettings(document, file.check, isSage ? "allow" : "warn"),
    ...(raw["weak-renames"] === undefined ? {} : { weakRenames: raw["weak-renames"] }),
    env: raw.env ?? {},
    ...(isSage ? { checkout: resolve(directory, raw.recipes ?? ".") } : {}),
    ...(recipesFolder === undefined ? {} : { recipesFolder }),
  };
}

function readFormat(document: Document, format = "tenon"): Format {
  const known = formats.find((one) => one === format);
  if (known !== undefined) return known;
  const what = `workspace.format ${quote(format)} is unknown`;
  const expected = `${oneOf(formats)}${didYouMean(format, formats)}`;
  document.report({ code: "VALUE", at: ["workspace", "format"], what, expected });
  return "tenon";
}

function refusePrefix(document: Document): void {
  const what = "workspace.prefix does not go with workspace.format sage";
  const expected = "no prefix, as the checkout's own configure has chosen one";
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
