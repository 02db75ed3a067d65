/** `tenon remove`: packages leave the prefix in one transaction. */
import { TenonError } from "../core/index.ts";
import { type PrefixLayout, readRecordHeads } from "../prefix/index.ts";
import type { World } from "../world/index.ts";
import { changeAndTell } from "./change-and-tell.ts";
import { requireRecord } from "./queries.ts";
import type { Teller } from "./transaction-events.ts";

export interface RemoveOptions extends Teller {
  readonly names: readonly string[];
  /** Even when other installed packages need them at run time. */
  readonly force: boolean;
}

/** Gives the names of the packages that are gone. */
export async function removePackages(
  world: World,
  layout: PrefixLayout,
  options: RemoveOptions,
): Promise<readonly string[]> {
  const names = [...new Set(options.names)];
  for (const name of names) requireRecord(world, layout, name);
  if (!options.force) refuseIfNeeded(world, layout, names);
  await changeAndTell(world, layout, { add: [], remove: names }, options);
  return names;
}

function refuseIfNeeded(world: World, layout: PrefixLayout, names: readonly string[]): void {
  const leaving = new Set(names);
  const needs = [...readRecordHeads(world.disk, layout).values()]
    .filter(({ name }) => !leaving.has(name))
    .flatMap(({ name, depends }) =>
      depends.filter((need) => leaving.has(need)).map((need) => `${name} needs ${need}`),
    );
  if (needs.length === 0) return;
  throw new TenonError({
    kind: "conflict",
    code: "STILL_NEEDED",
    message: `not removed: ${needs.join(", ")}`,
    hints: ["Remove the packages that need it too, or use --force."],
  });
}
