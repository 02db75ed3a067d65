/** Why a step failed, read from its log: the first real error, past what only passes it on. Pure. */
import { chooseReason } from "./choose.ts";
import { lastLines, linesAround } from "./context.ts";
import { cureElsewhere, cureFor } from "./cures.ts";
import type { Explanation, FailedCommand, FailedLog, Missing } from "./explanation.ts";
import { findReasons } from "./find.ts";
import { fingerprintOf } from "./fingerprint.ts";
import { isBoilerplate } from "./boilerplate.ts";
import { type LogLine, readLines } from "./log-lines.ts";
import { placeOf } from "./place.ts";
import type { Recognised } from "./recogniser.ts";
import { missingWords } from "./words.ts";

const namedAtMost = 5;
/** So many lines before an error, a question that was answered with no may be its cause. */
const askedBefore = 8;

export function explainLog({ log, ...failed }: FailedLog): Explanation {
  return explainLines(readLines(log.split("\n")), failed);
}

/** The same of lines that were read before: all of the log, or those that tell something. */
export function explainLines(lines: readonly LogLine[], failed: FailedCommand): Explanation {
  const findings = findReasons(lines);
  const chosen = chooseReason(findings, lines, failed);
  if (chosen === undefined || chosen.certainty === "consequence") return unknown(failed, lines);
  const missing = missingWith(chosen, findings);
  const cure = failed.isForeign
    ? cureElsewhere(chosen.kind, missing)
    : cureFor(chosen.kind, failed.isOnline);
  const place = placeOf(lines, chosen.at);
  return {
    kind: kindOf(chosen, lines, failed),
    reason: reasonOf(chosen, missing, failed),
    line: lines[chosen.at]?.number ?? 0,
    ...(place === undefined ? {} : { place }),
    ...linesAround(lines, chosen.at),
    missing,
    ...(cure === undefined ? {} : { cure }),
    fingerprint: fingerprintOf([chosen.kind, telling(chosen, lines)]),
  };
}

/** What only calls itself an error is of a Python project where the log is one of Python. */
function kindOf(
  { kind }: Recognised,
  lines: readonly LogLine[],
  { isForeign }: FailedCommand,
): Recognised["kind"] {
  if (!isForeign || kind !== "python-project") return kind;
  return lines.some(({ text }) => ofPython.test(text)) ? kind : "script-error";
}

const ofPython = /python|\bpip\d?\b|setup\.(?:py|cfg)|pyproject|\bwheels?\b|setuptools|^Traceback/i;

function reasonOf(
  { kind, certainty, missing: own, reason }: Recognised,
  missing: readonly Missing[],
  { isOnline, isForeign }: FailedCommand,
): string {
  const hadNone = kind === "network" && /\bnetwork\b/.test(reason);
  if (isForeign && kind === "permission")
    return reason.replace(", which is outside of its prefix and its own folders", "");
  if (hadNone && (isOnline || isForeign)) return "the network could not be reached";
  return certainty === "certain" && own ? missingWords(missing) : reason;
}

/** A missing thing is the same one, whichever tool complains of it, and a test however long it took. */
function telling({ kind, missing, reason, at }: Recognised, lines: readonly LogLine[]): string {
  if (missing !== undefined) return `${missing.kind} ${missing.name}`;
  return kind === "test-failure" ? reason : (lines[at]?.text ?? "");
}

/** All that was missed: if one is known for certain, the others that are; else what was asked for before. */
function missingWith(chosen: Recognised, findings: readonly Recognised[]): Missing[] {
  const others = findings.filter(({ certainty, at }) =>
    chosen.certainty === "certain"
      ? certainty === "certain" && at > chosen.at
      : at <= chosen.at && at >= chosen.at - askedBefore,
  );
  const named = [chosen, ...others].flatMap(({ missing }) => missing ?? []);
  const once = new Map(named.map((one) => [`${one.kind} ${one.name}`, one]));
  return [...once.values()].slice(0, namedAtMost);
}

function unknown(failed: FailedCommand, lines: readonly LogLine[]): Explanation {
  const wasKilled = failed.exitCode === 137;
  const kind = wasKilled ? "killed" : "unknown";
  const last = lines.findLast(({ text }) => text !== "" && !isBoilerplate(text))?.text ?? "";
  const cure = failed.isForeign ? cureElsewhere(kind, []) : cureFor(kind);
  return {
    kind,
    reason: wasKilled ? `a process was killed: ${failed.ending}` : failed.ending,
    context: lastLines(lines),
    missing: [],
    ...(cure === undefined ? {} : { cure }),
    // Two packages whose logs say nothing have nothing in common.
    fingerprint: fingerprintOf([kind, failed.package, failed.step, failed.ending, last]),
  };
}
