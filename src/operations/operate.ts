/**
 * The one way in which a command changes a prefix. An operation is planned without the lock; here the
 * prefix is locked, what a dead process has left is ended, what must hold is looked at, the change is
 * decided and applied (install/transaction.ts says how), and what was done is reported as events.
 */
import { summarize } from "../core/index.ts";
import { findGone, refuseOutside } from "../distributions/index.ts";
import {
  type Change,
  changePrefix,
  type Conflict,
  previewConflicts,
  type TransactionOptions,
} from "../install/index.ts";
import { type PrefixLayout, readRecord } from "../prefix/index.ts";
import { layoutOf, treesOf } from "../store/index.ts";
import type { TrustOptions } from "../trust/index.ts";
import type { World } from "../world/index.ts";
import { type ConflictCures, curesFor } from "./conflict-cures.ts";
import { refuseLinkedOut } from "./refuse-linked-out.ts";
import { type Teller, transactionOptions } from "./transaction-events.ts";

/** A prefix that a command is to change, and how its caller wants that done. */
export interface OpenPrefix extends Teller, TrustOptions {
  readonly world: World;
  readonly layout: PrefixLayout;
  /** As the person wrote it, absolute, where it was named: it may lead there through a link. */
  readonly prefix?: string;
  /** Change nothing: find out what would be done. */
  readonly dryRun?: boolean;
}

export interface Operation<Done> {
  /** What comes, and what leaves. */
  readonly change: Change;
  /** Throws when the prefix is not as it was planned for. Called under the lock. */
  readonly mustHold?: () => void;
  /** What a person can do about its conflicts. */
  readonly cures: ConflictCures;
  /** Called when the change is about to be applied. */
  readonly before?: () => void;
  /** What has been done; `removed` are the packages that were still there to be removed. */
  readonly result: (removed: readonly string[]) => Done;
  /** What follows when the prefix has changed. Not for a dry run. */
  readonly afterwards?: () => void | Promise<void>;
}

export type Ended<Done> =
  | { readonly kind: "done"; readonly value: Done }
  /** A dry run: what would be done. */
  | { readonly kind: "planned"; readonly value: Done }
  /** The prefix is unchanged. */
  | {
      readonly kind: "conflict";
      readonly conflicts: readonly Conflict[];
      /** One sentence each. */
      readonly cures: readonly string[];
    };

export function operate<Done>(
  prefix: OpenPrefix,
  operation: Operation<Done>,
): Promise<Ended<Done>> {
  return prefix.dryRun ? rehearse(prefix, operation) : perform(prefix, operation);
}

async function perform<Done>(prefix: OpenPrefix, operation: Operation<Done>): Promise<Ended<Done>> {
  const { world, layout, emit } = prefix;
  const startedMs = world.clock.monotonicMs();
  const change = withGone(prefix, operation.change);
  operation.before?.();
  let removed: readonly string[] = [];
  const precondition = (): void => void (removed = mustHold(prefix, operation));
  const options = { ...optionsOf(prefix), precondition };
  const outcome = await changePrefix(world, layout, change, options);
  if (outcome.kind === "conflict") return refused(prefix, operation, outcome.conflicts);
  if (outcome.kind === "done") {
    prefix.onChanged?.(layout);
    for (const text of outcome.notes) emit({ kind: "note", text });
    const durationMs = world.clock.monotonicMs() - startedMs;
    emit({ ...describe(change, removed), transaction: outcome.id, durationMs });
  }
  await operation.afterwards?.();
  return { kind: "done", value: operation.result(removed) };
}

async function rehearse<Done>(
  prefix: OpenPrefix,
  operation: Operation<Done>,
): Promise<Ended<Done>> {
  const { world, layout } = prefix;
  const removed = mustHold(prefix, operation);
  const change = withGone(prefix, operation.change);
  const conflicts = previewConflicts(world, layout, change, optionsOf(prefix));
  if (conflicts.length > 0) return refused(prefix, operation, conflicts);
  return { kind: "planned", value: operation.result(removed) };
}

/** What a package gets back may be in the store. */
function optionsOf(prefix: OpenPrefix): TransactionOptions {
  const { store, world, layout } = prefix;
  const options = transactionOptions(prefix);
  if (store === undefined) return options;
  return { ...options, treesOf: (id) => treesOf(world.disk, layoutOf(store), id, layout.prefix) };
}

/** With what somebody has taken away of packages that come again. */
function withGone({ world, layout }: OpenPrefix, change: Change): Change {
  return isAdoption(change) ? change : { ...change, gone: findGone(world.disk, layout, change) };
}

/** What is adopted is there already, whoever has installed it. */
function isAdoption({ adopt }: Change): boolean {
  return adopt === true;
}

/** Gives the names of the packages that are still there to be removed. */
function mustHold(
  { world: { disk }, layout }: OpenPrefix,
  operation: Pick<Operation<unknown>, "change" | "mustHold">,
): string[] {
  const { change } = operation;
  operation.mustHold?.();
  if (!isAdoption(change)) refuseOutside(disk, layout, change);
  return change.remove.filter((name) => readRecord(disk, layout, name) !== undefined);
}

function refused(
  { world, layout }: OpenPrefix,
  { cures }: Pick<Operation<unknown>, "cures">,
  conflicts: readonly Conflict[],
): Extract<Ended<never>, { kind: "conflict" }> {
  refuseLinkedOut(world.disk, layout, conflicts);
  return { kind: "conflict", conflicts, cures: curesFor(conflicts, cures) };
}

function describe({ add }: Change, removed: readonly string[]) {
  const sums = add.map(({ manifest }) => summarize(manifest));
  return {
    kind: "prefix-changed",
    packages: add.map(({ name }) => name),
    removed,
    files: sums.reduce((total, { files }) => total + files, 0),
    sizeBytes: sums.reduce((total, { sizeBytes }) => total + sizeBytes, 0),
  } as const;
}
