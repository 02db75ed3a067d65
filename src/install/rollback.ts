/**
 * Rolling back is an ordinary transaction: it brings the packages as they were before the given one,
 * from what that one and all later ones have displaced.
 */
import { isWithin, parentOf, typedWord, TenonError } from "../core/index.ts";
import { type PackageRecord, type PrefixLayout, readRecordsIn } from "../prefix/index.ts";
import type { Disk } from "../world/index.ts";
import type { Change, Incoming } from "./change.ts";
import { findContent } from "./find-content.ts";
import { type HistoryChange, type HistoryEntry, readHistory } from "./history.ts";
import { restore } from "./restore.ts";
import { displacedTrees, workplaceOf } from "./workplace.ts";

interface RollbackPlan {
  readonly change: Change;
  /** The transactions that are rolled back, newest first. */
  readonly undone: readonly HistoryEntry[];
}

/**
 * `id` is the oldest transaction that is to be undone; the newest one when undefined.
 * `treesOf` gives where else an artifact's files may be.
 */
export function planRollback(
  disk: Disk,
  layout: PrefixLayout,
  id: string | undefined,
  treesOf: (artifact: string) => readonly string[],
): RollbackPlan {
  const history = readHistory(disk, layout);
  const undone = history.slice(0, indexOf(history, layout, id) + 1);
  const lost = undone.find(({ isKept }) => !isKept);
  if (lost !== undefined) throw collected(lost.id);

  const before = new Map<string, Former | undefined>();
  for (const { id: each, changes } of undone) {
    const workplace = workplaceOf(layout, each);
    const displaced = displacedTrees(workplace);
    for (const change of changes)
      if (change.adopted !== true) before.set(change.package, undefined);
    // Also of packages that only ceded a path; the oldest transaction has the last word.
    for (const record of readRecordsIn(disk, layout, workplace.before)) {
      before.set(record.name, { record, displaced });
    }
    const isLost = ({ package: name, from }: HistoryChange): boolean =>
      from !== null && before.get(name) === undefined;
    if (changes.some(isLost)) throw collected(each);
  }
  if (before.size === 0 && undone[0] !== undefined) throw tookOver(undone[0]);
  const displacedByAny = undone.flatMap((each) => displacedTrees(workplaceOf(layout, each.id)));
  const trees = [layout.prefix, ...displacedByAny];
  const add: Incoming[] = [];
  const remove: string[] = [];
  for (const [name, former] of before) {
    if (former === undefined) remove.push(name);
    else add.push(toIncoming(disk, former, [...trees, ...treesOf(former.record.artifact)]));
  }
  return { change: { add, remove, undoes: undone.map((each) => each.id) }, undone };
}

function indexOf(
  history: readonly HistoryEntry[],
  { prefix }: PrefixLayout,
  id: string | undefined,
): number {
  const at = id === undefined ? Math.min(0, history.length - 1) : findId(history, id);
  if (at >= 0) return at;
  throw new TenonError({
    kind: "usage",
    code: "NO_TRANSACTION",
    message:
      id === undefined
        ? `the prefix ${prefix} has no transaction yet`
        : `the prefix ${prefix} has no transaction ${id}`,
    hints: id === undefined ? [] : [`\`tenon history --prefix ${typedWord(prefix)}\` lists them.`],
  });
}

/** The whole id, or an end of it that only one transaction has. */
function findId(history: readonly HistoryEntry[], typed: string): number {
  const exact = history.findIndex(({ id }) => id === typed);
  if (exact >= 0) return exact;
  const [match, second] = history.filter(({ id }) => id.endsWith(typed));
  return match === undefined || second !== undefined ? -1 : history.indexOf(match);
}

/** A package as it was before a transaction, and where that has put what it displaced. */
interface Former {
  readonly record: PackageRecord;
  readonly displaced: readonly string[];
}

/**
 * What was displaced comes back as it was, also where somebody had changed it by hand. What was not
 * displaced is unchanged in the prefix, unless a later transaction or a person has taken it away.
 * It is copied: hard links would tie a displaced tree to the prefix.
 */
function toIncoming(disk: Disk, { record, displaced }: Former, trees: readonly string[]): Incoming {
  const places = new Map<string, string>();
  for (const entry of record.manifest) {
    if (entry.type !== "file") continue;
    const place =
      displaced
        .filter((tree) => isFileOf(disk, tree, entry.path))
        .map((tree) => `${tree}/${entry.path}`)[0] ?? findContent(disk, trees, entry);
    if (place === undefined) throw missing(record, entry.path);
    places.set(entry.path, place);
  }
  return restore(record, places);
}

/** What a link leads to elsewhere was never displaced. */
function isFileOf(disk: Disk, tree: string, path: string): boolean {
  if (disk.status(`${tree}/${path}`)?.type !== "file") return false;
  return isWithin(disk.realPath(`${tree}/${parentOf(path)}`), disk.realPath(tree));
}

function collected(id: string): TenonError {
  return new TenonError({
    kind: "usage",
    code: "NOT_KEPT",
    message: `what the transaction ${id} displaced is not kept any more, so it cannot be rolled back`,
    hints: ["A gc has removed it: build or install the older versions again."],
  });
}

function tookOver({ id, changes }: HistoryEntry): TenonError {
  const names = changes.map((change) => change.package);
  return new TenonError({
    kind: "usage",
    code: "NOTHING_MOVED",
    message: `the transaction ${id} took over files that were there before, and taking it back would remove them`,
    hints: [
      `\`tenon remove ${names.map(typedWord).join(" ")}\` takes them out all the same. A file that differed from its package's is kept beside it as NAME.tenon-save.`,
    ],
  });
}

function missing({ name, version }: PackageRecord, path: string): TenonError {
  return new TenonError({
    kind: "machine",
    code: "CONTENT_MISSING",
    message: `${path} of ${name} ${version} cannot be found anywhere in its earlier form`,
    hints: [`Build or install ${name} ${version} again; the prefix is unchanged.`],
  });
}
