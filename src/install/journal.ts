/** The journal (I2): what a transaction will do, durable before its first step. */
import { assert, digestOf, pathDefect, typedWord, TenonError } from "../core/index.ts";
import {
  isStatePath,
  isTransactionId,
  type PrefixLayout,
  readState,
  recordLimitBytes,
  statePath,
} from "../prefix/index.ts";
import { type Disk, exists, writeAtomically } from "../world/index.ts";
import type { EntryStep } from "./decide.ts";
import { workplaceOf } from "./workplace.ts";

export interface Journal {
  readonly id: string;
  readonly activity: string;
  /** Milliseconds since 1970. */
  readonly startedMs: number;
  /** The file system has no RENAME_EXCHANGE, and may be without RENAME_NOREPLACE. */
  readonly weak?: true;
  readonly steps: readonly JournalStep[];
}

/** A step with the mark by which recovery tells whether it was done. */
export interface JournalStep extends EntryStep {
  /** Of what comes in: after an exchange another one is in its place; none for what is retired. */
  readonly inode?: string;
  /** Which file of it has that inode, where directories have none that lasts. */
  readonly at?: string;
  /** The permission bits of a directory that is to be removed. */
  readonly mode?: number;
}

const firstFormat = 1;
/** With the kinds `replace` and `vacate`, `weak` and `at`: what knows only the first must not finish it. */
const secondFormat = 2;

function formatOf({ weak, steps }: Journal): number {
  const isFirst = ({ kind, at }: JournalStep): boolean =>
    kind !== "replace" && kind !== "vacate" && at === undefined;
  return weak === undefined && steps.every(isFirst) ? firstFormat : secondFormat;
}

/** One line that holds the digest of the second one, so that damage is noticed. */
export function renderJournal(journal: Journal): string {
  const body = JSON.stringify(journal);
  return `${JSON.stringify({ format: formatOf(journal), sha256: digestOf(body) })}\n${body}\n`;
}

export function writeJournal(
  disk: Disk,
  layout: PrefixLayout,
  journal: Journal,
  options: { temporary: string; durable: boolean },
): void {
  assert(!exists(disk, layout.journal), "another journal is open");
  writeAtomically(disk, layout.journal, renderJournal(journal), options);
}

/** The journal of an unfinished transaction, if there is one. */
export function readJournal(disk: Disk, layout: PrefixLayout): Journal | undefined {
  const content = readState(disk, layout, layout.journal, recordLimitBytes);
  if (content === undefined) return undefined;
  const journal = parseJournal(content.toString(), layout.journal);
  if (disk.status(workplaceOf(layout, journal.id).root)?.type === "directory") return journal;
  throw damaged(layout.journal, `its folder tx/${journal.id} is missing`);
}

/** What is wrong with the open journal, for who only looks; undefined where it is good. */
export function journalDamage(disk: Disk, layout: PrefixLayout): string | undefined {
  try {
    readJournal(disk, layout);
    return undefined;
  } catch (error) {
    if (error instanceof TenonError) return [error.message, ...error.hints].join(". ");
    throw error;
  }
}

export function parseJournal(text: string, file: string): Journal {
  const [head, body, rest] = text.split("\n", 3);
  if (head === undefined || body === undefined || rest === undefined)
    throw damaged(file, "cut off");
  let facts: { format?: unknown; sha256?: unknown };
  try {
    facts = (JSON.parse(head) ?? {}) as typeof facts;
  } catch (error) {
    throw damaged(file, "its first line is not JSON", error);
  }
  if (facts.format !== firstFormat && facts.format !== secondFormat)
    throw damaged(file, `its format is neither ${firstFormat} nor ${secondFormat}`);
  if (facts.sha256 !== digestOf(body)) throw damaged(file, "its digest is wrong");
  if (rest !== "") throw damaged(file, "something follows its end");
  return readBody(body, file);
}

/** The digest tells that it is as it was written, not who has written it. */
function readBody(body: string, file: string): Journal {
  let journal: Partial<Journal> | null;
  try {
    journal = JSON.parse(body) as typeof journal;
  } catch (error) {
    throw damaged(file, "its second line is not JSON", error);
  }
  const { id, activity, startedMs, steps, weak } = journal ?? {};
  if (typeof id !== "string" || !isTransactionId(id)) {
    throw damaged(file, `${JSON.stringify(id)} is not the id of a transaction`);
  }
  if (typeof activity !== "string" || typeof startedMs !== "number") {
    throw damaged(file, "it does not say what was done when");
  }
  if (weak !== undefined && weak !== true) throw damaged(file, "its field weak is not true");
  if (!Array.isArray(steps)) throw damaged(file, "it has no list of steps");
  const wrong = (steps as unknown[]).findIndex((step) => !isStep(step));
  if (wrong >= 0) throw damaged(file, `its step ${wrong + 1} is not one that tenon makes`);
  return journal as Journal;
}

function isStep(value: unknown): value is JournalStep {
  if (typeof value !== "object" || value === null) return false;
  const { kind, path, inode, at, mode } = value as Record<string, unknown>;
  if (typeof path !== "string" || pathDefect(path) !== undefined) return false;
  if (isStatePath(path) && !stateStep.test(path.slice(statePath.length))) return false;
  if (kind === "vacate") return isMode(mode);
  if (kind === "retire") return inode === undefined;
  if (at !== undefined && (typeof at !== "string" || pathDefect(at) !== undefined)) return false;
  return (kind === "graft" || kind === "exchange" || kind === "replace") && isInode(inode);
}

function isMode(value: unknown): boolean {
  return Number.isInteger(value) && (value as number) >= 0 && (value as number) <= 0o7777;
}

/** Of its state, a transaction changes records and the history alone. */
const stateStep = /^\/(packages\/[a-z0-9][a-z0-9._+-]*|history\/[0-9TZ]+-[0-9a-f]+)\.json$/;

function isInode(value: unknown): boolean {
  return typeof value === "string" && /^\d{1,20}$/.test(value);
}

function damaged(file: string, what: string, cause?: unknown): TenonError {
  const [prefix = ""] = file.split("/var/lib/tenon/");
  return new TenonError({
    kind: "machine",
    code: "JOURNAL_DAMAGED",
    message: `the journal ${file} of an unfinished transaction is damaged: ${what}`,
    hints: [
      "The transaction's files are beside it in tx/, and nothing is changed while the journal is there.",
      `If you know that the prefix is whole, move the journal away, \`mv ${typedWord(file)} ${typedWord(`${file}.damaged`)}\`, and run \`tenon verify --prefix ${typedWord(prefix)}\`.`,
    ],
    cause,
  });
}
