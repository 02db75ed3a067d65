/** Finding and reading the workspace that a command is about: recipes, or a SageMath checkout. */
import { resolve } from "node:path";
import { TenonError } from "../core/index.ts";
import { findWorkspace, readWorkspace, type Workspace } from "../recipe/index.ts";
import { type CheckoutWorkspace, readCheckoutWorkspace } from "../sage/index.ts";
import type { World } from "../world/index.ts";
import { requireTrusted, type TrustOptions, workspaceGuard } from "../trust/index.ts";

export interface WorkspacePlace extends TrustOptions {
  /** Where to look for the workspace, absolute; its parents are searched too. */
  readonly directory: string;
  /** Instead: the root of a SageMath checkout, absolute, which needs no tenon.toml. */
  readonly sage?: string;
  /** Instead of the workspace's own prefix, absolute. */
  readonly prefix?: string;
  /** Whether recipes may need packages that have none yet: for what writes recipes. */
  readonly incomplete?: boolean;
  /** The caller's, some of which a checkout's packages are built with. */
  readonly environment?: Readonly<Record<string, string>>;
}

export function openWorkspace(world: World, place: WorkspacePlace): Workspace {
  const { disk } = world;
  const { prefix } = place;
  const directory = requireWorkspace(world, place);
  if (place.sage !== undefined) {
    const checkout = readCheckoutWorkspace(world, place.sage, place.environment);
    requireItsPrefix(checkout, prefix);
    return { ...bareWorkspace(place.sage), ...checkout };
  }
  const { incomplete = false } = place;
  const written = readWorkspace(disk, directory, {
    incomplete,
    ...(prefix === undefined ? {} : { prefix }),
  });
  requireTrustedParts(world, place, written);
  if (written.checkout === undefined) return written;
  const checkout = readCheckoutWorkspace(world, written.checkout, place.environment);
  requireItsPrefix(checkout, prefix);
  return { ...written, ...checkout };
}

/** The prefix alone: the recipes may have mistakes. */
export function prefixOf(world: World, place: WorkspacePlace): string {
  if (place.prefix !== undefined) return place.prefix;
  if (place.sage !== undefined) return openWorkspace(world, place).prefix;
  const directory = requireWorkspace(world, place);
  const written = readWorkspace(world.disk, directory, { recipes: false });
  requireTrustedParts(world, place, written);
  return written.checkout === undefined ? written.prefix : openWorkspace(world, place).prefix;
}

/** Whether the workspace allows weak renames, for a prefix that is its own. */
export function allowsWeakRenames(world: World, place: WorkspacePlace): boolean {
  if (place.prefix !== undefined || place.sage !== undefined) return false;
  const directory = requireWorkspace(world, place);
  return readWorkspace(world.disk, directory, { recipes: false }).weakRenames ?? false;
}

const workspaceParts = ["tenon.toml", "tenon.lock", "known-failures.toml", ".tenon"];
const checkoutParts = ["build", "build/pkgs", "logs", "logs/tenon"];

/** The folder of `tenon.toml`, or the checkout; of somebody who may say what is built (I15). */
export function requireWorkspace(world: World, place: WorkspacePlace): string {
  const found = place.sage ?? findWorkspace(world.disk, place.directory);
  if (found === undefined) throw noWorkspace(place.directory);
  const parts = place.sage === undefined ? workspaceParts : checkoutParts;
  const paths = parts.map((part) => `${found}/${part}`);
  requireTrusted(world, workspaceGuard(world, place, found), [found, ...paths]);
  return found;
}

/** Recipes, one by one only where others may add some to the folder. */
function requireTrustedParts(
  world: World,
  place: WorkspacePlace,
  { directory, recipesFolder, checkout }: Workspace,
): void {
  if (checkout !== undefined)
    requireTrusted(world, workspaceGuard(world, place, checkout), [checkout]);
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

/** Where tenon keeps what it remembers of a workspace: in a checkout, where git does not look. */
export function stateFolderOf(world: World, place: WorkspacePlace): string {
  const folder = requireWorkspace(world, place);
  return place.sage === undefined ? `${folder}/.tenon` : `${folder}/logs/tenon`;
}

function bareWorkspace(directory: string): Workspace {
  return {
    file: resolve(directory, "build/pkgs"),
    directory,
    checkout: directory,
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

/** Its scripts know no other prefix. */
function requireItsPrefix(checkout: CheckoutWorkspace, wanted: string | undefined): void {
  if (wanted === undefined || wanted === checkout.prefix) return;
  throw new TenonError({
    kind: "usage",
    code: "SAGE_PREFIX",
    message: `the checkout is configured for ${checkout.prefix}, not for ${wanted}`,
    hints: ["Leave --prefix out, or run its ./configure with another --prefix."],
  });
}
