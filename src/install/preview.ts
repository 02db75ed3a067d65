/** What would forbid a transaction, as the prefix is now. Nothing is changed, and the lock is not asked for. */
import { type PrefixLayout, readRecord } from "../prefix/index.ts";
import type { World } from "../world/index.ts";
import type { Change, Conflict, TransactionOptions } from "./change.ts";
import { judge } from "./judge.ts";
import { placePackages } from "./linked-directories.ts";
import { refuseTooLong } from "./path-lengths.ts";
import { workplaceOf } from "./workplace.ts";

export function previewConflicts(
  world: World,
  layout: PrefixLayout,
  change: Change,
  options: Pick<TransactionOptions, "treesOf">,
): readonly Conflict[] {
  const leaving = [...change.remove, ...change.add.map(({ name }) => name)];
  const records = leaving.flatMap((name) => readRecord(world.disk, layout, name) ?? []);
  const packages = placePackages(world.disk, layout, change, records);
  refuseTooLong(layout, packages);
  const workplace = workplaceOf(layout, "preview");
  // Whether a directory can be renamed is found out by trying, and makes no conflict.
  const ground = { canExchange: true, keepsInodes: true, movesDirectories: false };
  return judge(world, { workplace, packages, change, options, ground }).conflicts;
}
