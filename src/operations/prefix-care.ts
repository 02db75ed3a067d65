/** What a prefix has seen, and giving up what was displaced. */
import {
  collectDisplaced,
  type Collected,
  type HistoryEntry,
  readHistory,
} from "../install/index.ts";
import type { PrefixLayout } from "../prefix/index.ts";
import { exists, type World } from "../world/index.ts";
import type { Ended, OpenPrefix } from "./operate.ts";
import { underLock } from "./under-lock.ts";

/** Newest first. */
export function listHistory(world: World, layout: PrefixLayout): HistoryEntry[] {
  return readHistory(world.disk, layout);
}

/** Leaves what the newest `keep` transactions displaced. */
export async function collectGarbage(
  prefix: OpenPrefix,
  { keep }: { readonly keep: number },
): Promise<Ended<Collected>> {
  const { world, layout } = prefix;
  // A workspace's own prefix comes into being with its first build that succeeds.
  const isNotYet = prefix.prefix === undefined && !exists(world.disk, layout.state);
  const value = isNotYet
    ? { transactions: [], sizeBytes: 0 }
    : await underLock(prefix, () => collectDisplaced(world, layout, keep));
  return { kind: "done", value };
}
