/** The prefix of a command that changes it and needs no recipes. */
import { hasLeftovers, recover, removeAbandoned } from "../install/index.ts";
import { describeRecovery, type OpenPrefix } from "../operations/index.ts";
import { type PrefixLayout, tryLockPrefix } from "../prefix/index.ts";
import { isDiskError, type World } from "../world/index.ts";
import { locatePrefix, remarkRecovery, withPrefix } from "./look-at-prefix.ts";
import type { SessionOptions } from "./session.ts";

/**
 * The prefix that a command changes which needs no recipes: `--prefix`, else the workspace's, else the
 * activated one. What a dead command has left there is ended first, unless that is the command's own
 * affair.
 */
export async function openPrefix(
  world: World,
  given: SessionOptions,
  { leavesLeftovers = false }: { readonly leavesLeftovers?: boolean | undefined } = {},
): Promise<OpenPrefix & SessionOptions> {
  const options = await withPrefix(world, given);
  if (options.prefix !== given.prefix)
    options.emit({ kind: "note", text: `the prefix is ${options.prefix}, which is activated` });
  const isNamed = options.prefix !== undefined && options.companion === undefined;
  const workspace = isNamed ? {} : await workspaceOf(world, options);
  const weakRenames = options.weakRenames ?? workspace.weakRenames ?? false;
  const layout = await locatePrefix(world, options);
  if (options.dryRun) remarkRecovery(world, layout, options);
  else if (!leavesLeftovers) recoverIfNeeded(world, layout, options);
  return { ...options, weakRenames, onChanged: workspace.settle, world, layout };
}

interface OfWorkspace {
  readonly weakRenames?: boolean;
  /** Tells a companion of what has changed. */
  readonly settle?: ((layout: PrefixLayout) => void) | undefined;
}

async function workspaceOf(world: World, options: SessionOptions): Promise<OfWorkspace> {
  const { allowsWeakRenames } = await import("./open-workspace.ts");
  const { bookkeeper } = await import("./bookkeeper.ts");
  const weakRenames = options.weakRenames ?? allowsWeakRenames(world, options);
  return { weakRenames, settle: bookkeeper(world, options) };
}

/** Whichever command changes the prefix next finishes what a dead one left (I2), and says so. */
export function recoverIfNeeded(
  world: World,
  layout: PrefixLayout,
  options: Pick<SessionOptions, "emit" | "activity">,
): void {
  try {
    if (hasLeftovers(world, layout)) endLeftovers(world, layout, options);
  } catch (error) {
    if (!isDiskError(error, "EACCES", "EROFS", "EPERM")) throw error;
    options.emit({
      kind: "note",
      text: `the prefix ${layout.prefix} has an unfinished transaction that you may not finish: ${error.message}`,
    });
  }
}

function endLeftovers(
  world: World,
  layout: PrefixLayout,
  { activity, emit }: Pick<SessionOptions, "emit" | "activity">,
): void {
  const lock = tryLockPrefix(world, layout, activity);
  if (lock === undefined) return; // its transaction is running, not dead
  try {
    const recovery = recover(world, layout, { sync: true });
    if (recovery !== undefined) emit({ kind: "recovered", text: describeRecovery(recovery) });
    const { givenBack, kept } = removeAbandoned(world, layout);
    for (const text of givenBack) emit({ kind: "recovered", text });
    for (const text of kept) emit({ kind: "note", text });
  } finally {
    lock.release();
  }
}
