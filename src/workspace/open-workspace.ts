/** Finding and reading the workspace that a command is about: recipes, or the tree of a companion. */
import { TenonError } from "../core/index.ts";
import {
  type CompanionFormat,
  type CompanionTree,
  findWorkspace,
  readWorkspace,
  type Workspace,
  type WrittenWorkspace,
} from "../recipe/index.ts";
import { sage } from "../sage/index.ts";
import { requireTrusted, type TrustOptions, workspaceGuard } from "../trust/index.ts";
import type { World } from "../world/index.ts";

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
  const { companion, prefix, incomplete = false } = place;
  const directory = requireWorkspace(world, place);
  if (companion !== undefined) {
    return { ...bareWorkspace(directory), ...readCompanion(world, companion, prefix) };
  }
  const { tree, ...written } = read(world, directory, {
    incomplete,
    ...(prefix === undefined ? {} : { prefix }),
  });
  requireTrustedParts(world, place, { ...written, tree });
  return tree === undefined ? written : { ...written, ...readCompanion(world, tree, prefix) };
}

/** The prefix alone: the recipes may have mistakes. */
export function prefixOf(world: World, place: WorkspacePlace): string {
  if (place.prefix !== undefined) return place.prefix;
  if (place.companion !== undefined) return openWorkspace(world, place).prefix;
  const written = read(world, requireWorkspace(world, place), { recipes: false });
  requireTrustedParts(world, place, written);
  return written.tree === undefined ? written.prefix : openWorkspace(world, place).prefix;
}

/** Whether the workspace allows weak renames, for a prefix that is its own. */
export function allowsWeakRenames(world: World, place: WorkspacePlace): boolean {
  if (place.prefix !== undefined || place.companion !== undefined) return false;
  return read(world, requireWorkspace(world, place), { recipes: false }).weakRenames ?? false;
}

/** The store that the workspace names, if it names one. */
export function storeOf(world: World, place: WorkspacePlace): string | undefined {
  if (place.companion !== undefined) return undefined;
  return read(world, requireWorkspace(world, place), { recipes: false }).store;
}

function read(
  { disk }: World,
  directory: string,
  options: Parameters<typeof readWorkspace>[2],
): WrittenWorkspace {
  return readWorkspace(disk, directory, { ...options, formats: [...companions.keys()] });
}

function readCompanion(world: World, tree: CompanionTree, prefix: string | undefined) {
  return formatOf(tree).read(world, tree.root, prefix);
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
  if (found === undefined) throw noWorkspace(place.directory);
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

function noWorkspace(directory: string): TenonError {
  return new TenonError({
    kind: "usage",
    code: "NO_WORKSPACE",
    message: `there is no tenon.toml in ${directory} or above it`,
    hints: [
      "Run the command in a workspace, or name one with -C DIR.",
      "What needs no recipes, such as list, files and install, takes a prefix instead: --prefix DIR.",
    ],
  });
}

/** Where tenon keeps what it remembers of a workspace. */
export function stateFolderOf(world: World, place: WorkspacePlace): string {
  const folder = requireWorkspace(world, place);
  const { companion } = place;
  return `${folder}/${companion === undefined ? ".tenon" : formatOf(companion).stateFolder}`;
}

/** Of a companion's tree, with no tenon.toml that says anything. */
function bareWorkspace(directory: string): Omit<Workspace, "prefix" | "recipes"> {
  return {
    file: directory,
    directory,
    python: "python3",
    link: "reflink",
    hostLibraries: "allow",
    systemLibraries: [],
    env: {},
    lock: new Map(),
    knownFailures: [],
  };
}
