/** `tenon remove`: packages leave the prefix in one transaction. */
import { showNames, TenonError } from "../core/index.ts";
import { readRecord, readRecordHeads } from "../prefix/index.ts";
import { type Ended, type OpenPrefix, operate } from "./operate.ts";
import { requireRecord } from "./queries.ts";

export interface RemoveOptions {
  readonly names: readonly string[];
  /** Even when other installed packages need them at run time. */
  readonly force: boolean;
}

export interface Removed {
  readonly kind: "removed";
  /** Without those that another process has removed meanwhile. */
  readonly removed: readonly string[];
}

export async function removePackages(
  prefix: OpenPrefix,
  { names, force }: RemoveOptions,
): Promise<Ended<Removed>> {
  const remove = [...new Set(names)];
  for (const name of remove) requireRecord(prefix.world, prefix.layout, name);
  const mustHold = (): void => {
    if (!force) refuseIfNeeded(prefix, remove);
  };
  mustHold(); // else it would be waited for the lock in vain
  tellWhoWantsIt(prefix, remove);
  return operate(prefix, {
    change: { add: [], remove },
    mustHold,
    cures: { owned: [] },
    result: (removed) => ({ kind: "removed", removed }),
  });
}

/** What a build has put there comes back with the next one: one note a workspace. */
function tellWhoWantsIt({ world, layout, emit }: OpenPrefix, names: readonly string[]): void {
  const wanted = new Map<string, string[]>();
  for (const name of names) {
    for (const workspace of readRecord(world.disk, layout, name)?.workspaces ?? []) {
      wanted.set(workspace, [...(wanted.get(workspace) ?? []), name]);
    }
  }
  for (const [workspace, its] of wanted) {
    const pronoun = its.length === 1 ? "it has" : "they have";
    const text = `the next build of ${workspace} brings ${showNames(its)} back, as long as ${pronoun} a recipe there (\`tenon drop\` removes what add or import wrote)`;
    emit({ kind: "note", text });
  }
}

function refuseIfNeeded({ world, layout }: OpenPrefix, names: readonly string[]): void {
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
