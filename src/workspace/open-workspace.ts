/** Finding and reading the workspace that a command is about: recipes, or the tree of a companion. */
import { TenonError } from "../core/index.ts";
import {
  type CompanionFormat,
  type CompanionTree,
  findWorkspace,
  type ReadOptions,
  readWorkspace,
  type Workspace,
  type WrittenWorkspace,
} from "../recipe/index.ts";
import type { PublicKey } from "../signing/index.ts";
import { sage } from "../sage/index.ts";
import { requireTrusted, type TrustOptions, workspaceGuard } from "../trust/index.ts";
import type { Disk, World } from "../world/index.ts";

/** By the name of their format. This file alone knows which there are. */
const companions: ReadonlyMap<string, CompanionFormat> = new Map([["sage", sage]]);

export interface WorkspacePlace extends TrustOptions {
  /** Where to look for the workspace, absolute; its parents are searched too. */
  readonly directory: string;
  /** Instead: the tree of a companion, which needs no tenon.toml. */
  readonly companion?: CompanionTree;
  /** Instead of the workspace's own prefix, absolute. */
  readonly prefix?: string;
  /** Whether recipes may need packages that have none yet: for what writes recipes. */
  readonly incomplete?: boolean;
}

export function openWorkspace(world: World, place: WorkspacePlace): Workspace {
  const { prefix, incomplete = false } = place;
  const { tree, ...written } = readWritten(world, place, {
    incomplete,
    ...(prefix === undefined ? {} : { prefix }),
  });
  if (tree === undefined) return written;
  return { ...written, ...formatOf(tree).read(world, tree.root, place) };
}

/** The prefix alone: the recipes may have mistakes. */
export function prefixOf(world: World, place: WorkspacePlace): string {
  if (place.prefix !== undefined) return place.prefix;
  const { tree, prefix } = readWritten(world, place, { recipes: false });
  return tree === undefined ? prefix : openWorkspace(world, place).prefix;
}

/** Whether the workspace allows weak renames, for a prefix that is its own. */
export function allowsWeakRenames(world: World, place: WorkspacePlace): boolean {
  if (place.prefix !== undefined) return false;
  return readWritten(world, place, { recipes: false }).weakRenames ?? false;
}

/** The store that the workspace names, if it names one. */
export function storeOf(world: World, place: WorkspacePlace): string | undefined {
  return readWritten(world, place, { recipes: false }).store;
}

/** The keys whose signatures count for the workspace; none where there is no workspace. */
export function cacheKeysOf(world: World, place: WorkspacePlace): readonly PublicKey[] {
  if (locateWorkspace(world, place) === undefined) return [];
  return readWritten(world, place, { recipes: false }).cache?.keys ?? [];
}

/** The same, else the machine's. */
export function storeOfPlace(
  world: World,
  place: WorkspacePlace & { readonly store: string | undefined },
): string | undefined {
  const isIn = locateWorkspace(world, place) !== undefined;
  return (isIn ? storeOf(world, place) : undefined) ?? place.store;
}

/** The store that a command would use: the workspace's own, else the caller's. */
export function locateStore(
  world: World,
  place: WorkspacePlace & { readonly store?: string | undefined },
): string | undefined {
  if (locateWorkspace(world, place) === undefined) return place.store;
  return storeOf(world, place) ?? place.store;
}

/** What `tenon.toml` says, or what goes without saying where a companion's tree has none. */
function readWritten(world: World, place: WorkspacePlace, options: ReadOptions): WrittenWorkspace {
  const directory = requireWorkspace(world, place);
  if (place.companion !== undefined) return bareWorkspace(place.companion);
  const formats = [...companions.keys()];
  const written = readWorkspace(world.disk, directory, { ...options, formats });
  requireTrustedParts(world, place, written);
  return written;
}

function formatOf({ format }: CompanionTree): CompanionFormat {
  const found = companions.get(format);
  if (found !== undefined) return found;
  throw new TenonError({
    kind: "usage",
    code: "UNKNOWN_FORMAT",
    message: `this tenon cannot read packages in the format ${format}`,
  });
}

const workspaceParts = ["tenon.toml", "tenon.lock", "known-failures.toml", ".tenon"];

/** The folder of `tenon.toml`, or the companion's tree; undefined when there is neither. */
export function locateWorkspace(
  { disk }: World,
  { companion, directory }: WorkspacePlace,
): string | undefined {
  return companion?.root ?? findWorkspace(disk, directory);
}

/** The same, of somebody who may say what is built (I15). */
export function requireWorkspace(world: World, place: WorkspacePlace): string {
  const found = locateWorkspace(world, place);
  if (found === undefined) throw noWorkspace(world.disk, place.directory);
  const { companion } = place;
  const parts = companion === undefined ? workspaceParts : formatOf(companion).parts;
  const paths = parts.map((part) => `${found}/${part}`);
  requireTrusted(world, workspaceGuard(world, place, found), [found, ...paths]);
  return found;
}

/** Recipes, one by one only where others may add some to the folder. */
function requireTrustedParts(
  world: World,
  place: WorkspacePlace,
  {
    directory,
    recipesFolder,
    tree,
  }: Pick<Workspace, "directory" | "recipesFolder"> & {
    readonly tree?: CompanionTree | undefined;
  },
): void {
  if (tree !== undefined)
    requireTrusted(world, workspaceGuard(world, place, tree.root), [tree.root]);
  if (recipesFolder === undefined) return;
  const { disk } = world;
  const guard = workspaceGuard(world, place, directory);
  requireTrusted(world, guard, [directory, recipesFolder]);
  const check = (folder: string): void => {
    if (((disk.statusOfTarget(folder)?.mode ?? 0) & 0o022) === 0) return;
    for (const { name } of disk.list(folder)) {
      const status = disk.statusOfTarget(`${folder}/${name}`);
      if (status === undefined) continue;
      guard(`${folder}/${name}`, status);
      if (status.type === "directory") check(`${folder}/${name}`);
    }
  };
  check(recipesFolder);
}

function noWorkspace(disk: Disk, directory: string): TenonError {
  const file = `${directory}/tenon.toml`;
  if (disk.status(file) !== undefined)
    return new TenonError({
      kind: "usage",
      code: "NO_WORKSPACE",
      message: `${file} is not a regular file, so it makes no workspace`,
      hints: ["Put the file itself there, or name another workspace with -C DIR."],
    });
  return new TenonError({
    kind: "usage",
    code: "NO_WORKSPACE",
    message: `there is no tenon.toml in ${directory} or above it`,
    hints: ["Name the workspace with -C DIR, or make one here: `tenon init`."],
  });
}

/** For a command that needs no recipes. */
export function noPrefix(directory: string): TenonError {
  return new TenonError({
    kind: "usage",
    code: "NO_PREFIX",
    message: `no prefix is named or activated, and there is no tenon.toml in ${directory} or above it`,
    hints: ["Name the prefix with --prefix DIR, or a workspace with -C DIR."],
  });
}

/** Where tenon keeps what it remembers of a workspace. */
export function stateFolderOf(world: World, place: WorkspacePlace): string {
  const folder = requireWorkspace(world, place);
  const { companion } = place;
  return `${folder}/${companion === undefined ? ".tenon" : formatOf(companion).stateFolder}`;
}

function bareWorkspace(tree: CompanionTree): WrittenWorkspace {
  return {
    tree,
    file: tree.root,
    directory: tree.root,
    prefix: "",
    python: "python3",
    link: "reflink",
    hostLibraries: "allow",
    systemLibraries: [],
    env: {},
    recipes: new Map(),
    lock: new Map(),
    knownFailures: [],
  };
}
