/** What Sage itself has installed: its stamps, and the files that they speak of. */
import { nameOf, parentOf } from "../core/index.ts";
import { type Disk, listIfAny, readTextIfAny } from "../world/index.ts";
import type { SageRecipe } from "./sage-recipe.ts";

export interface SageInstalled {
  readonly name: string;
  /** As stamps have it: `1.2.p3`, or `none`. */
  readonly version: string;
  /** The stamp, relative to the prefix. */
  readonly stamp: string;
  /** The folder of the tree that it is in, relative to the prefix; empty for SAGE_LOCAL. */
  readonly tree: string;
  /** Relative to the prefix; not all need be there. Of wheels, only the files that were stored. */
  readonly paths: readonly string[];
}

/**
 * By the stamps beside those that these recipes leave, today's versions first. One that says nothing
 * of files is passed over, and so is a package that is known already, most often unread.
 */
export function readInstalled(
  disk: Disk,
  prefix: string,
  recipes: ReadonlyMap<string, SageRecipe>,
  isKnown: (name: string) => boolean,
): SageInstalled[] {
  const stamps = new Map<string, SageRecipe>();
  for (const recipe of recipes.values()) {
    if (recipe.sageStamp !== undefined) stamps.set(recipe.sageStamp.path, recipe);
  }
  const folders = new Set([...stamps.keys()].map(parentOf));
  const found = [...folders].flatMap((folder) =>
    namesIn(disk, `${prefix}/${folder}`).map((name) => `${folder}/${name}`),
  );
  const todays = found.filter((stamp) => stamps.has(stamp));
  const others = found.filter((stamp) => !stamps.has(stamp));
  return [...todays, ...others]
    .filter((stamp) => !isKnown(stamps.get(stamp)?.name ?? ""))
    .flatMap((stamp) => readStamp(disk, prefix, stamp, stamps.get(stamp)) ?? [])
    .filter(({ name }) => !isKnown(name));
}

/** `known` is the package whose stamp it is, if its version is today's. */
function readStamp(
  disk: Disk,
  prefix: string,
  stamp: string,
  known: SageRecipe | undefined,
): SageInstalled | undefined {
  const tree = stamp.replace(/\/?var\/lib\/sage\/installed\/[^/]+$/, "");
  const inTree = (path: string): string => (tree === "" ? path : `${tree}/${path}`);
  const lists = known?.sageStamp?.lists;
  if (known !== undefined && lists !== undefined) {
    return { name: known.name, version: known.version, stamp, tree: "", paths: lists };
  }
  const said = parseStamp(readTextIfAny(disk, `${prefix}/${stamp}`) ?? "");
  const name = known?.name ?? said?.name;
  const files = said?.files ?? (known === undefined ? undefined : venvPaths(disk, prefix, tree));
  if (name === undefined || files === undefined || files.length === 0) return undefined;
  const scripts = inTree(`var/lib/sage/scripts/${name}`);
  const own = namesIn(disk, `${prefix}/${scripts}`).map((script) => `${scripts}/${script}`);
  const version = known?.version ?? (nameOf(stamp).slice(name.length + 1) || "none");
  return { name, version, stamp, tree, paths: [stamp, ...own, ...files.map(inTree)] };
}

/** Undefined for the stamps that older checkouts wrote, and for empty ones. */
function parseStamp(text: string): { name: string; files: string[] } | undefined {
  try {
    const value = JSON.parse(text) as { package_name?: unknown; files?: unknown } | null;
    const { package_name: name, files } = value ?? {};
    const isList = Array.isArray(files) && files.every((file) => typeof file === "string");
    return typeof name === "string" && isList ? { name, files: files as string[] } : undefined;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return undefined;
  }
}

/** The stamp of the virtual environment is empty: the makefile writes it. */
function venvPaths(disk: Disk, prefix: string, tree: string): string[] {
  const at = (folder: string): string[] =>
    namesIn(disk, `${prefix}/${tree}/${folder}`).map((name) => `${folder}/${name}`);
  if (!namesIn(disk, `${prefix}/${tree}`).includes("pyvenv.cfg")) return [];
  return [
    "pyvenv.cfg",
    ...(tree === "" ? [] : ["lib64"]), // in SAGE_LOCAL it is configure's
    "include",
    ...at("bin").filter((path) => /^bin\/(python|pypy|[Aa]ctivate)/.test(path)),
    ...at("lib").flatMap((path) =>
      /^lib\/(python|pypy)/.test(path) ? [`${path}/site-packages`] : [],
    ),
  ];
}

function namesIn(disk: Disk, folder: string): string[] {
  return listIfAny(disk, folder).flatMap(({ name, rawName }) =>
    rawName === undefined ? [name] : [],
  );
}
