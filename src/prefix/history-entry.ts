/** The entries of a prefix's history, `history/ID.json`, as they are read back. */
import { type Digest, hasNameForm, isDigest, typedWord, TenonError } from "../core/index.ts";
import type { Disk } from "../world/index.ts";
import type { PrefixLayout } from "./layout.ts";
import { historyLimitBytes, listState, readState } from "./state-files.ts";

export interface RecordedChange {
  readonly package: string;
  /** The version before; null for a package that came in. */
  readonly from: string | null;
  /** The version after; null for a package that left. */
  readonly to: string | null;
  /** What it consists of had been there before, and nobody's. */
  readonly adopted?: true;
  /** The package key of what was there before, where a recipe had built it. */
  readonly fromKey?: Digest;
}

export interface RecordedTransaction {
  /** From 1 on, in the order in which the transactions were made. */
  readonly sequence: number;
  readonly activity: string;
  /** Milliseconds since 1970. */
  readonly atMs: number;
  readonly changes: readonly RecordedChange[];
  /** Of a rollback: the transactions that it undoes, newest first. */
  readonly undoes?: readonly string[];
}

/** Of the form that `makeId` gives, so that it is one name of a path and nothing else. */
export function isTransactionId(text: string): boolean {
  return /^\d{8}T\d{6}Z-[0-9a-f]{1,16}$/.test(text);
}

/** Ids of the transactions that the prefix has seen, in no order; what is called otherwise is nobody's. */
export function transactionIds(disk: Disk, layout: PrefixLayout): string[] {
  return listState(disk, layout, layout.history)
    .filter((name) => name.endsWith(".json"))
    .map((name) => name.slice(0, -".json".length))
    .filter(isTransactionId);
}

/** Undefined when there is none. */
export function readHistoryEntry(
  disk: Disk,
  layout: PrefixLayout,
  id: string,
): RecordedTransaction | undefined {
  const file = `${layout.history}/${id}.json`;
  const content = readState(disk, layout, file, historyLimitBytes);
  return content === undefined ? undefined : parseHistoryEntry(content.toString(), file);
}

export function parseHistoryEntry(text: string, file: string): RecordedTransaction {
  let value: Partial<RecordedTransaction>;
  try {
    value = (JSON.parse(text) ?? {}) as typeof value;
  } catch (error) {
    throw damaged(file, "it is not JSON", error);
  }
  const { sequence, activity, atMs, changes, undoes } = value;
  if (!Number.isSafeInteger(sequence)) throw damaged(file, "its sequence is not a whole number");
  if (typeof activity !== "string") throw damaged(file, "its activity is not text");
  if (!isTime(atMs)) throw damaged(file, "its time is not a time");
  if (!Array.isArray(changes) || !changes.every(isChange)) {
    throw damaged(file, "its changes are not a list of packages");
  }
  if (undoes !== undefined && !isListOfIds(undoes))
    throw damaged(file, "what it undoes is not a list");
  const facts = { sequence: sequence as number, activity, atMs, changes };
  return undoes === undefined ? facts : { ...facts, undoes };
}

const lastMomentMs = 8.64e15;

/** Milliseconds since 1970 that a Date can have. */
export function isTime(value: unknown): value is number {
  return typeof value === "number" && value >= 0 && value <= lastMomentMs;
}

function isChange(value: unknown): value is RecordedChange {
  if (typeof value !== "object" || value === null) return false;
  const { package: name, from, to, adopted, fromKey } = value as Record<string, unknown>;
  return (
    typeof name === "string" &&
    hasNameForm(name) &&
    isVersion(from) &&
    isVersion(to) &&
    (adopted === undefined || adopted === true) &&
    (fromKey === undefined || isDigest(fromKey))
  );
}

function isListOfIds(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((id) => typeof id === "string" && isTransactionId(id));
}

function isVersion(value: unknown): boolean {
  return value === null || typeof value === "string";
}

function damaged(file: string, what: string, cause?: unknown): TenonError {
  const index = file.replace(/history\/[^/]*$/, "index");
  return new TenonError({
    kind: "machine",
    code: "HISTORY_DAMAGED",
    message: `the history entry ${file} is damaged: ${what}`,
    hints: [
      `Move it away: \`mv ${typedWord(file)} ${typedWord(`${file}.damaged`)}\`, and the derived index with it: \`rm -rf ${typedWord(index)}\`. That transaction cannot be rolled back then.`,
    ],
    cause,
  });
}
