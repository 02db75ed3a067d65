/** Telling a companion that the prefix has changed, so that its own books agree with what is there. */
import { type PrefixLayout, readRecords } from "../prefix/index.ts";
import type { Workspace } from "../recipe/index.ts";
import type { World } from "../world/index.ts";
import { locateWorkspace, openWorkspace, type WorkspacePlace } from "./open-workspace.ts";

/** For a command that needs no recipes; undefined where the prefix is not a workspace's. */
export function bookkeeper(
  world: World,
  place: WorkspacePlace,
): ((layout: PrefixLayout) => void) | undefined {
  const isNamed = place.prefix !== undefined && place.companion === undefined;
  if (isNamed || locateWorkspace(world, place) === undefined) return undefined;
  return (layout) => settleBooks(world, layout, openWorkspace(world, place));
}

export function settleBooks(
  world: World,
  layout: PrefixLayout,
  { companion }: Pick<Workspace, "companion">,
): void {
  companion?.settle(world, layout.prefix, readRecords(world.disk, layout).values());
}
