/** How a companion's tree is found and read. */
import type { World } from "../world/index.ts";
import type { Companion } from "./companion.ts";
import type { Workspace } from "./recipe.ts";

/** A tree in a format of its own, instead of recipes. */
export interface CompanionTree {
  /** As `workspace.format` names it. */
  readonly format: string;
  /** Absolute. */
  readonly root: string;
}

export interface CompanionFormat {
  /** What in the tree says what is built, relative to it: it must belong to somebody who may say so (I15). */
  readonly parts: readonly string[];
  /** Where in the tree tenon keeps what it remembers. */
  readonly stateFolder: string;
  /** Throws for a prefix that the tree does not go with. */
  read(
    world: Pick<World, "disk" | "machine">,
    root: string,
    caller: CompanionCaller,
  ): Pick<Workspace, "prefix" | "recipes"> & { readonly companion: Companion };
}

interface CompanionCaller {
  /** The one that is wanted, absolute, if any. */
  readonly prefix?: string;
  /** A companion may take orders from variables. */
  readonly environment?: Readonly<Record<string, string>>;
}
