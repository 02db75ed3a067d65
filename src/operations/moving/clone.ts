/** `tenon clone PREFIX NEW`: the packages of a prefix at another path, which share with it what names neither. */
import type { Ended, OpenPrefix } from "../operate.ts";
import { putInPlace, withBeside } from "./beside.ts";
import {
  joinFresh,
  openSource,
  outcomeOf,
  planSource,
  requireFreeTarget,
  requirePackages,
  type Transplanted,
  type TransplantOptions,
} from "./transplant.ts";

export interface CloneOptions extends TransplantOptions {
  /** Even where something would still name the old path. */
  readonly force: boolean;
}

/** `prefix` is the one that is cloned; nothing in it is changed. */
export async function clonePrefix(
  prefix: OpenPrefix,
  { to, link, force }: CloneOptions,
): Promise<Ended<Transplanted>> {
  requirePackages(prefix);
  const source = openSource(prefix, { to });
  requireFreeTarget(source);
  const plan = await planSource(source, link);
  const staying = { count: source.foreign.length, renamed: 0, left: [] };
  const isRefused = plan.left.length > 0 && !force;
  const value = outcomeOf(isRefused ? "refused" : "cloned", source, plan, staying);
  if (isRefused) return { kind: "done", value };
  if (prefix.dryRun === true) return { kind: "planned", value };
  const { world, sync } = prefix;
  await withBeside(world, value.to, async (beside) => {
    await joinFresh(source, plan, beside);
    putInPlace(world.disk, beside, { place: value.to, sync });
  });
  return { kind: "done", value };
}
