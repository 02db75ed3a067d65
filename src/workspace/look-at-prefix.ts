/**
 * The prefix of a command that needs no recipes. Where it is named, nothing of what reads a workspace is loaded: most of
 * such a command's time is that of its start.
 */
import { typedWord } from "../core/index.ts";
import { isRecoveryDue, journalDamage } from "../install/index.ts";
import { type PrefixLayout, resolvePrefix } from "../prefix/index.ts";
import { openPrefixLayout } from "../trust/index.ts";
import type { World } from "../world/index.ts";
import { activatedPrefix } from "./activated.ts";
import type { WorkspacePlace } from "./open-workspace.ts";
import type { SessionOptions } from "./session.ts";

/** The prefix that a command only looks at: nothing in it is changed. */
export async function lookAtPrefix(
  world: World,
  options: WorkspacePlace & Pick<SessionOptions, "emit">,
): Promise<PrefixLayout> {
  const layout = await locatePrefix(world, options);
  remarkRecovery(world, layout, options);
  return layout;
}

/** The prefix as it is; nothing is said of an unfinished transaction. */
export async function locatePrefix(world: World, given: WorkspacePlace): Promise<PrefixLayout> {
  const place = await withPrefix(world, given);
  const prefix = place.prefix ?? (await import("./open-workspace.ts")).prefixOf(world, place);
  return openPrefixLayout(world, place, resolvePrefix(world.disk, prefix));
}

/** With the activated prefix, where neither a prefix nor a workspace is named or found. */
export async function withPrefix<Place extends WorkspacePlace>(
  world: World,
  place: Place,
): Promise<Place> {
  if (place.prefix !== undefined) return place;
  const { locateWorkspace, noPrefix } = await import("./open-workspace.ts");
  if (locateWorkspace(world, place) !== undefined) return place;
  const prefix = activatedPrefix(place.environment);
  if (prefix === undefined) throw noPrefix(place.directory);
  return { ...place, prefix };
}

/** Records change by renames, so what is on record is a good answer, as far as the steps have come. */
export function remarkRecovery(
  world: World,
  layout: PrefixLayout,
  { emit }: Pick<SessionOptions, "emit">,
): void {
  if (!isRecoveryDue(world, layout)) return;
  const damage = journalDamage(world.disk, layout);
  if (damage !== undefined) return emit({ kind: "note", text: damage });
  const command = `tenon recover --prefix ${typedWord(layout.prefix)}`;
  emit({
    kind: "note",
    text: `the prefix ${layout.prefix} has an unfinished transaction, and is shown as it is now: unless a tenon is at work there, \`${command}\` ends it`,
  });
}
