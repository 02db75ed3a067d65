/**
 * `tenon relocate FROM TO`: a tree that anybody has built names another path. Where it lies at FROM still, TO becomes a
 * copy of it; where it was moved to TO already, it is put right there. What could not be put right is reported.
 */
import { typedWord, TenonError } from "../../core/index.ts";
import { lockPrefix, resolvePrefix, statePath } from "../../prefix/index.ts";
import { openPrefixLayout } from "../../trust/index.ts";
import { exists } from "../../world/index.ts";
import type { Ended, OpenPrefix } from "../operate.ts";
import { transactionOptions } from "../transaction-events.ts";
import { type Beside, putInPlace, withBeside } from "./beside.ts";
import {
  bringForeignOf,
  joinFresh,
  openSource,
  outcomeOf,
  planSource,
  requireFreeTarget,
  type MovingTree,
  type Transplanted,
  type TransplantOptions,
} from "./transplant.ts";

/** `prefix` is FROM, which need not exist. */
export async function relocateTree(
  prefix: OpenPrefix,
  { to, link }: TransplantOptions,
): Promise<Ended<Transplanted>> {
  const { world, layout } = prefix;
  const { disk } = world;
  if (exists(disk, layout.prefix)) {
    const source = openSource(prefix, { to });
    requireFreeTarget(source);
    return relocateFrom(source, link, false);
  }
  const place = resolvePrefix(disk, to);
  if (disk.status(place)?.type !== "directory") throw nothingThere(layout.prefix, to);
  const moved = { ...prefix, layout: openPrefixLayout(world, prefix, place) };
  const relocate = (): Promise<Ended<Transplanted>> =>
    relocateFrom(openSource(moved, { to, from: layout.prefix }), link, true);
  if (prefix.dryRun === true || !exists(disk, `${place}/${statePath}`)) return relocate();
  const lock = await lockPrefix(world, moved.layout, transactionOptions(prefix));
  try {
    return await relocate();
  } finally {
    lock.release();
  }
}

async function relocateFrom(
  source: MovingTree,
  link: TransplantOptions["link"],
  isInPlace: boolean,
): Promise<Ended<Transplanted>> {
  const { prefix, tree } = source;
  const plan = await planSource(source, link);
  if (prefix.dryRun === true) {
    const brought = await bringForeignOf(source, link);
    return { kind: "planned", value: outcomeOf("relocated", source, plan, brought) };
  }
  const brought = await withBeside(prefix.world, tree.to, async (beside) => {
    await joinFresh(source, plan, beside);
    const result = await bringForeignOf(source, link, beside.fresh);
    if (isInPlace) exchange(source, beside);
    else putInPlace(prefix.world.disk, beside, { place: tree.to, sync: prefix.sync });
    return result;
  });
  return { kind: "done", value: outcomeOf("relocated", source, plan, brought) };
}

/** The old one is beside it then, and is removed from there. */
function exchange({ prefix, tree }: MovingTree, { fresh, parent }: Beside): void {
  const { disk } = prefix.world;
  if (prefix.sync) disk.syncFileSystem(fresh);
  disk.exchange(fresh, tree.to);
  if (prefix.sync) disk.syncDirectory(parent);
}

function nothingThere(from: string, to: string): TenonError {
  return new TenonError({
    kind: "usage",
    code: "NO_TREE",
    message: `there is neither a folder ${from} nor a folder ${to}`,
    hints: [
      `Name the path that the files name first, and then the one that they are to name: \`tenon relocate ${typedWord(from)} ${typedWord(to)}\` with one of them there.`,
    ],
  });
}
