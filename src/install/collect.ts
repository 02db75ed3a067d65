/** Removing what transactions displaced, once nobody wants to roll them back. */
import { listStateItems, type PrefixLayout } from "../prefix/index.ts";
import { type Disk, exists, removeTree, type World } from "../world/index.ts";
import { readHistory } from "./history.ts";
import { removeAbandoned } from "./recover.ts";
import { workplaceOf } from "./workplace.ts";

export interface Collected {
  /** Ids of the transactions that cannot be rolled back any more. */
  readonly transactions: readonly string[];
  /** What their files took, shared ones included. */
  readonly sizeBytes: number;
}

/** Leaves the newest `keep` transactions. The lock must be held, and no journal be open. */
export function collectDisplaced(world: World, layout: PrefixLayout, keep: number): Collected {
  const { disk } = world;
  removeAbandoned(world, layout);
  const history = new Set(readHistory(disk, layout).map(({ id }) => id));
  const kept = new Set([...history].slice(0, keep));
  const transactions: string[] = [];
  let sizeBytes = 0;
  for (const { name, type } of listStateItems(disk, layout, layout.transactions)) {
    if (type !== "directory") continue;
    const workplace = workplaceOf(layout, name);
    if (kept.has(name) || !history.has(name)) continue; // the latter: being filled
    sizeBytes += sizeOf(disk, workplace.root);
    // Without its journal nothing rolls back to it: a crash leaves nothing half-usable.
    if (exists(disk, workplace.closedJournal)) disk.removeFile(workplace.closedJournal);
    disk.syncDirectory(workplace.root);
    removeTree(disk, workplace.root);
    transactions.push(name);
  }
  return { transactions, sizeBytes };
}

function sizeOf(disk: Disk, path: string): number {
  const status = disk.status(path);
  if (status === undefined) return 0;
  if (status.type !== "directory") return status.type === "file" ? status.sizeBytes : 0;
  return disk.list(path).reduce((sum, { name }) => sum + sizeOf(disk, `${path}/${name}`), 0);
}
