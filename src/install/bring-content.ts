/** What the claims have granted comes into the transaction's folder: as it is, or entry by entry. */
import { parentOf } from "../core/index.ts";
import { exists, makeDirectories, removeTree, type World } from "../world/index.ts";
import type { Claims } from "./claims.ts";
import type { Attempt } from "./draft.ts";
import type { Gift } from "./groups.ts";
import { handOver } from "./hand-over.ts";
import type { Judged } from "./judge.ts";
import type { PlacedPackage } from "./linked-directories.ts";
import { bringEntry, bringIncoming } from "./prepare.ts";
import { bringReturns } from "./returns.ts";
import type { Workplace } from "./workplace.ts";

export function bringContent(
  world: World,
  attempt: Attempt,
  judged: Judged,
  gifts: readonly Gift[],
): void {
  const { workplace, packages } = attempt;
  if (!bringTree(world, attempt, judged, gifts)) {
    takeGrantedContent(world, workplace, packages, judged.claims);
  }
  bringReturns(world.disk, workplace, judged.returns);
}

/**
 * Moves the tree that is to come in as it is, unless it has come already; false where it is linked,
 * because it cannot be moved, another package keeps a path of it, one gets a path
 * back with it, or its files are to be a group's.
 */
function bringTree(
  world: World,
  attempt: Attempt,
  { claims, returns }: Judged,
  gifts: readonly Gift[],
): boolean {
  const { workplace, packages, toMove, options } = attempt;
  if (toMove === undefined) return false;
  const { disk } = world;
  if (exists(disk, workplace.incoming)) return exists(disk, workplace.origin);
  const keepsAll = packages.every(({ incoming }) => !claims.ceded.has(incoming.name));
  const isUnchanged = keepsAll && returns.size === 0 && gifts.length === 0;
  if (isUnchanged && handOver(disk, workplace, toMove, options)) return true;
  bringIncoming(disk, workplace, packages);
  return false;
}

/**
 * Where two packages bring one path, or an installed one keeps it, the claims have decided. What an
 * incoming package cedes is kept, so that it can have it back.
 */
function takeGrantedContent(
  { disk }: World,
  workplace: Workplace,
  packages: readonly PlacedPackage[],
  claims: Claims,
): void {
  const ceded = new Set([...claims.ceded.values()].flat());
  if (ceded.size === 0) return;
  for (const path of ceded) removeTree(disk, `${workplace.incoming}/${path}`);
  removeTree(disk, workplace.ceded);
  for (const each of packages) {
    const { name } = each.incoming;
    const lost = new Set(claims.ceded.get(name));
    for (const entry of each.manifest) {
      if (!ceded.has(entry.path)) continue;
      const isLost = lost.has(entry.path);
      const to = isLost ? `${workplace.ceded}/${name}` : workplace.incoming;
      if (isLost) makeDirectories(disk, `${to}/${parentOf(entry.path)}`);
      // Of several that bring the same, the first one's is taken.
      if (!exists(disk, `${to}/${entry.path}`)) bringEntry(disk, to, each, entry);
    }
  }
}
