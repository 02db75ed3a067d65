/** The journal (I2): what a transaction will do, durable before its first step. */
import { assert, digestOf, pathDefect, TenonError } from "../core/index.ts";
import type { PrefixLayout } from "../prefix/index.ts";
import { type Disk, exists, readTextIfAny, writeAtomically } from "../world/index.ts";
import type { Step } from "./decide.ts";
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
export interface JournalStep extends Step {
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
  assert(readTextIfAny(disk, layout.journal) === undefined, "another journal is open");
  writeAtomically(disk, layout.journal, renderJournal(journal), options);
}

/** The journal of an unfinished transaction, if there is one. */
export function readJournal(disk: Disk, layout: PrefixLayout): Journal | undefined {
  const text = readTextIfAny(disk, layout.journal);
  if (text === undefined) return undefined;
  const journal = parseJournal(text, layout.journal);
  if (exists(disk, workplaceOf(layout, journal.id).root)) return journal;
  throw damaged(layout.journal, `its folder tx/${journal.id} is missing`);
}

export function parseJournal(text: string, file: string): Journal {
  const [head, body, rest] = text.split("\n", 3);
  if (head === undefined || body === undefined || rest === undefined)
    throw damaged(file, "cut off");
  let facts: { format?: unknown; sha256?: unknown };
  try {
    facts = (JSON.parse(head) ?? {}) as typeof facts;
  } catch (error) {
    throw damaged(file, "its first line is no JSON", error);
  }
  if (facts.format !== firstFormat && facts.format !== secondFormat)
    throw damaged(file, `its format is neither ${firstFormat} nor ${secondFormat}`);
  if (facts.sha256 !== digestOf(body)) throw damaged(file, "its digest is wrong");
  if (rest !== "") throw damaged(file, "something follows its end");
  const journal = JSON.parse(body) as Journal;
  for (const step of journal.steps) {
    for (const path of [step.path, ...(step.at === undefined ? [] : [step.at])]) {
      assert(pathDefect(path) === undefined, `the journal names the path ${path}`);
    }
  }
  return journal;
}

function damaged(file: string, what: string, cause?: unknown): TenonError {
  return new TenonError({
    kind: "machine",
    code: "JOURNAL_DAMAGED",
    message: `the journal ${file} of an unfinished transaction is damaged: ${what}`,
    hints: [
      "Its trees are beside it in tx/; nothing is changed while this file is there.",
      "If you know the prefix to be whole, move the file away and run `tenon verify`.",
    ],
    cause,
  });
}
