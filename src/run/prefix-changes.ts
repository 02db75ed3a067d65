/**
 * What a build would change in the prefix, as far as that is known before it: what is built already and is not
 * there, what is to be built, and what leaves. A rollback is a person's decision, so a build that would only
 * undo it has to be told to.
 */
import { showMoment, showNames, TenonError } from "../core/index.ts";
import { type HistoryChange, type HistoryEntry, readHistory } from "../install/index.ts";
import { recipeOf } from "../plan/index.ts";
import type { PrefixLayout } from "../prefix/index.ts";
import type { Session } from "../workspace/index.ts";
import type { World } from "../world/index.ts";
import { missingFrom } from "./join.ts";
import type { Leaving, LeavingPackage, Records } from "./leaving.ts";
import type { Resolver } from "./resolver.ts";

export interface PlannedChange {
  readonly name: string;
  /** The version that is in the prefix; null where none is. */
  readonly from: string | null;
  /** The version that the build brings; null for what leaves. */
  readonly to: string | null;
  /**
   * `built`: its result is in the store. `build`: it is to be built, and may come out as what is there.
   * The others say why it leaves.
   */
  readonly state: "built" | "build" | LeavingPackage["because"];
  readonly undone?: Undone;
}

/** What a person did last to the package in this prefix, where that was to take its last version away. */
interface Undone {
  readonly by: "rollback" | "removal";
  /** Milliseconds since 1970. */
  readonly atMs: number;
}

/** A build about to begin: what the prefix is to hold, and what is to leave it. */
interface Intent {
  readonly session: Session;
  readonly resolver: Resolver;
  readonly installed: readonly string[];
  readonly leaving: Leaving;
}

/** What has been read of the prefix when a build is planned. */
export interface Looked {
  readonly changes: readonly PlannedChange[];
  /** The packages that the build would bring back, or take out again, in spite of a rollback and of nothing else. */
  readonly undoing: readonly PlannedChange[];
}

export function lookAtPrefixChanges(intent: Intent, records: Records): Looked {
  const { session, installed, resolver, leaving } = intent;
  const known = installed.filter((name) => resolver.artifacts.has(name));
  const missing = new Set(missingFrom(session, resolver, { names: known, records }));
  const coming = installed.filter((name) => missing.has(name) || !resolver.artifacts.has(name));
  if (coming.length + leaving.packages.length === 0) return { changes: [], undoing: [] };
  const last = readLastChanges(session.world, session.layout);
  const changes = [
    ...coming.map((name): PlannedChange => {
      const { version: to } = recipeOf(session.workspace.recipes, name);
      const state = missing.has(name) ? "built" : "build";
      return { name, from: records.get(name)?.version ?? null, to, state, ...last.undone(name) };
    }),
    ...leaving.packages.map(({ name, version: from, because: state }): PlannedChange => ({
      name,
      from,
      to: null,
      state,
      ...last.undone(name),
    })),
  ];
  return { changes, undoing: undoingOf(intent, changes, last) };
}

interface LastChanges {
  of(name: string): { readonly entry: HistoryEntry; readonly change: HistoryChange } | undefined;
  undone(name: string): { readonly undone?: Undone };
}

/** What the newest transaction that touched a package did to it. */
function readLastChanges({ disk }: World, layout: PrefixLayout): LastChanges {
  const last = new Map<string, { entry: HistoryEntry; change: HistoryChange }>();
  for (const entry of readHistory(disk, layout)) {
    for (const change of entry.changes) {
      if (!last.has(change.package)) last.set(change.package, { entry, change });
    }
  }
  return {
    of: (name) => last.get(name),
    undone: (name) => {
      const found = last.get(name);
      if (found === undefined) return {};
      const { entry, change } = found;
      const { atMs } = entry;
      if (isRollback(entry)) return { undone: { by: "rollback", atMs } };
      return change.to === null ? { undone: { by: "removal", atMs } } : {};
    },
  };
}

/** An earlier tenon put down what a rollback undid by its activity only. */
function isRollback({ undoes, activity }: HistoryEntry): boolean {
  return undoes !== undefined || activity === "tenon rollback";
}

/**
 * Of each rollback that is the last that happened to a package: whether the build would bring back just what
 * was there before it. Where one of its packages comes out otherwise, somebody has changed a recipe since.
 */
function undoingOf(
  { resolver }: Intent,
  changes: readonly PlannedChange[],
  last: LastChanges,
): PlannedChange[] {
  const byRollback = new Map<string, PlannedChange[]>();
  const overtaken = new Set<string>();
  for (const each of changes) {
    const found = last.of(each.name);
    if (found === undefined || !isRollback(found.entry)) continue;
    const { entry, change } = found;
    const { from, fromKey } = change;
    byRollback.set(entry.id, [...(byRollback.get(entry.id) ?? []), each]);
    const key = each.to === null ? undefined : resolver.resolve(each.name)?.key;
    const isSame =
      each.state !== "build" && each.to === from && (fromKey === undefined || key === fromKey);
    if (!isSame) overtaken.add(entry.id);
  }
  return [...byRollback].flatMap(([id, its]) => (overtaken.has(id) ? [] : its));
}

/** Throws where a build would do nothing but undo a rollback, and nobody has said that it is to. */
export function refuseUndoing({ undoing }: Looked, { prefix }: PrefixLayout): void {
  const [first] = undoing;
  if (first === undefined) return;
  const names = undoing.map(({ name, from, to }) =>
    to === null ? `${name} ${from} would leave` : `${name} ${to} would come back`,
  );
  const atMs = first.undone?.atMs ?? 0;
  throw new TenonError({
    kind: "conflict",
    code: "ROLLED_BACK",
    message: `the prefix ${prefix} was rolled back on ${showMoment(atMs)}, and this build would undo that: ${showNames(names)}`,
    hints: [
      "Run the command with --again to do it all the same.",
      "Or change the recipe: a new result, which was not rolled back, needs no --again.",
    ],
  });
}
