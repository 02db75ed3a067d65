/**
 * `tenon move PREFIX NEW`: a prefix with all that is in it goes to another path. The new one is made whole first, and the
 * old one goes in one step afterwards: whoever is killed leaves one of them whole, at its place.
 */
import { typedWord, TenonError } from "../../core/index.ts";
import { lockPrefix, readRecords } from "../../prefix/index.ts";
import { openPrefixLayout } from "../../trust/index.ts";
import { exists, isDiskError } from "../../world/index.ts";
import type { Ended, OpenPrefix } from "../operate.ts";
import { transactionOptions } from "../transaction-events.ts";
import { besideOf, parentFolder, putInPlace, withBeside } from "./beside.ts";
import type { CloneOptions } from "./clone.ts";
import {
  bringForeignOf,
  joinFresh,
  openSource,
  outcomeOf,
  planSource,
  requireFreeTarget,
  requirePackages,
  type MovingTree,
  type Transplanted,
} from "./transplant.ts";

export async function movePrefix(
  prefix: OpenPrefix,
  options: CloneOptions,
): Promise<Ended<Transplanted>> {
  const { world, layout } = prefix;
  await endEarlier(prefix, options.to);
  requirePackages(prefix);
  requireMovable(prefix);
  if (prefix.dryRun === true) return moveLocked(prefix, options);
  const lock = await lockPrefix(world, layout, transactionOptions(prefix));
  try {
    return await moveLocked(prefix, options);
  } finally {
    lock.release();
  }
}

async function moveLocked(
  prefix: OpenPrefix,
  { to, link, force }: CloneOptions,
): Promise<Ended<Transplanted>> {
  const { world, sync } = prefix;
  const source = openSource(prefix, { to });
  refuseMovedBefore(source);
  requireFreeTarget(source);
  const plan = await planSource(source, link);
  if (plan.left.length > 0 && !force) {
    const staying = { count: 0, renamed: 0, left: [] };
    return { kind: "done", value: outcomeOf("refused", source, plan, staying) };
  }
  if (prefix.dryRun === true) {
    const brought = await bringForeignOf(source, link);
    return { kind: "planned", value: outcomeOf("moved", source, plan, brought) };
  }
  const place = source.tree.to;
  const brought = await withBeside(world, place, async (beside) => {
    await joinFresh(source, plan, beside);
    const result = await bringForeignOf(source, link, beside.fresh);
    putInPlace(world.disk, beside, { place, sync });
    return result;
  });
  await removeOld(source);
  return { kind: "done", value: outcomeOf("moved", source, plan, brought) };
}

/** In one step it is gone from its place; what follows is only room on the disk. */
async function removeOld({ prefix, layout, tree }: MovingTree): Promise<void> {
  const { world, sync } = prefix;
  try {
    await withBeside(world, layout.prefix, async ({ old, parent }) => {
      world.disk.rename(layout.prefix, old);
      if (sync) world.disk.syncDirectory(parent);
    });
  } catch (error) {
    if (!isDiskError(error)) throw error;
    const { old } = besideOf(layout.prefix);
    const rest = exists(world.disk, layout.prefix) ? layout.prefix : old;
    throw new TenonError({
      kind: "machine",
      code: "OLD_STAYS",
      message: `${tree.to} is whole, but ${rest} could not be removed: ${error.message}`,
      hints: [`Remove it: \`rm -rf ${typedWord(rest)}\`.`],
    });
  }
}

/** What a killed one has left: the old prefix is gone from its place, and the new one is whole. */
async function endEarlier({ world, layout, dryRun }: OpenPrefix, to: string): Promise<void> {
  const { disk } = world;
  const { old } = besideOf(layout.prefix);
  if (dryRun === true || exists(disk, layout.prefix) || !exists(disk, old)) return;
  await withBeside(world, layout.prefix, async () => {});
  throw new TenonError({
    kind: "usage",
    code: "MOVED_BEFORE",
    message: `${layout.prefix} was moved before; what an interrupted \`tenon move\` had left beside it is removed now`,
    hints: [`Look at \`tenon list --prefix ${typedWord(to)}\`.`],
  });
}

/** An earlier one was killed between its last two steps: nobody knows what has been done in either since. */
function refuseMovedBefore({ prefix, records, layout, tree }: MovingTree): void {
  const { world } = prefix;
  const there = readRecords(world.disk, openPrefixLayout(world, prefix, tree.to));
  const isSame =
    there.size > 0 &&
    there.size === records.length &&
    records.every(({ name, artifact }) => there.get(name)?.artifact === artifact);
  if (!isSame) return;
  throw new TenonError({
    kind: "usage",
    code: "MOVED_BEFORE",
    message: `${tree.to} holds the same packages already: it is a clone of ${layout.prefix}, or a \`tenon move\` was interrupted before it removed that`,
    hints: [
      `If nothing was changed in ${layout.prefix} since, remove it: \`rm -rf ${typedWord(layout.prefix)}\`.`,
      `Else remove ${tree.to}, and run the command again.`,
    ],
  });
}

function requireMovable({ world: { disk }, layout: { prefix } }: OpenPrefix): void {
  const parent = parentFolder(prefix);
  const [mounted] = disk.mountPointsBelow(prefix);
  const reason =
    mounted !== undefined
      ? `something is mounted at ${prefix}/${mounted}`
      : disk.isWritable(parent)
        ? undefined
        : `you may not write in ${parent}`;
  if (reason === undefined) return;
  throw new TenonError({
    kind: "machine",
    code: "NOT_MOVABLE",
    message: `${prefix} cannot be removed after a move: ${reason}`,
    hints: ["`tenon clone` makes the new one, and leaves the old one as it is."],
  });
}
