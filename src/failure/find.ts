/** Everything in a log that looks like a reason, in the order of its lines. */
import { isBoilerplate, isProbe, quotesSource } from "./boilerplate.ts";
import { recognisers } from "./families/index.ts";
import type { LogLine } from "./log-lines.ts";
import type { Certainty, Recognised, Recogniser } from "./recogniser.ts";
import { findTracebacks, type Traceback } from "./traceback.ts";
import { missingWords } from "./words.ts";

export function findReasons(lines: readonly LogLine[]): Recognised[] {
  const tracebacks = findTracebacks(lines);
  const exceptions = new Map(tracebacks.map((traceback) => [traceback.at, traceback]));
  const inside = new Set(tracebacks.flatMap(({ from, at }) => range(from, at)));
  const found: Recognised[] = [];
  lines.forEach(({ text }, at) => {
    if (text === "" || inside.has(at) || quotesSource(text) || isBoilerplate(text)) return;
    const traceback = exceptions.get(at);
    if (traceback !== undefined) found.push(readException(lines, traceback));
    else {
      const finding = recognise(lines, at);
      if (finding !== undefined && found.at(-1)?.at !== finding.at) found.push(finding);
    }
  });
  return found;
}

/** By the first recogniser that fits. */
function recognise(lines: readonly LogLine[], at: number): Recognised | undefined {
  const text = lines[at]?.text ?? "";
  for (const recogniser of recognisers) {
    const match = recogniser.pattern.exec(text);
    if (match === null) continue;
    if (recogniser.next !== undefined && !recogniser.next.test(lines[at + 1]?.text ?? "")) continue;
    return toFinding(recogniser, match.groups ?? {}, lines, at);
  }
  return undefined;
}

function toFinding(
  recogniser: Recogniser,
  groups: Readonly<Record<string, string | undefined>>,
  lines: readonly LogLine[],
  matchedAt: number,
): Recognised {
  const at = recogniser.saysIt === undefined ? matchedAt : nextWritten(lines, matchedAt);
  // The line that tells more may be one that is known in its own right.
  const own = at === matchedAt || recogniser.reason !== "$next" ? undefined : recognise(lines, at);
  if (own !== undefined && own.certainty !== "guess") return own;
  const line = lines[at]?.text ?? "";
  const name = groups["name"] ?? "";
  const words: Readonly<Record<string, string>> = { name, text: groups["text"] ?? "", next: line };
  const missing = recogniser.missing === undefined ? undefined : { kind: recogniser.missing, name };
  const certainty = isProbe(line) ? "probe" : (recogniser.certainty ?? "certain");
  const reason =
    missing === undefined
      ? (recogniser.reason ?? line).replace(/\$(name|text|next)/g, (_all, key) => words[key] ?? "")
      : missingWords([missing]);
  const sentence = completed(reason, lines, at);
  const base = { kind: recogniser.kind, certainty, reason: sentence, at } as const;
  return missing === undefined ? base : { ...base, missing };
}

function readException(lines: readonly LogLine[], traceback: Traceback): Recognised {
  const { at, isWrapper, isSuperseded, isStart } = traceback;
  const text = lines[at]?.text ?? "";
  const known = recognise(lines, at);
  const isProgram = known?.missing?.kind === "program";
  const certainty = ((): Certainty => {
    if (isWrapper) return "consequence";
    if (isProgram ? isStart : known?.certainty === "certain") return "certain";
    return isSuperseded ? "probe" : "vague";
  })();
  if (isProgram && !isStart) {
    const reason = `the file ${known?.missing?.name} is missing`;
    return { kind: "missing-file", certainty, reason, at };
  }
  if (known !== undefined) return { ...known, certainty };
  return { kind: "python-error", certainty, reason: completed(text, lines, at), at };
}

/** What ends at a colon goes on in the next line. */
function completed(reason: string, lines: readonly LogLine[], at: number): string {
  if (!reason.endsWith(":")) return reason;
  const next = nextWritten(lines, at);
  const more = next === at ? "" : (lines[next]?.text ?? "");
  const isTold = more !== "" && !isBoilerplate(more) && !quotesSource(more);
  return isTold ? `${reason} ${more}` : reason.slice(0, -1);
}

function nextWritten(lines: readonly LogLine[], at: number): number {
  const next = lines.findIndex(({ text }, index) => index > at && text !== "");
  return next < 0 ? at : next;
}

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from }, (_, index) => from + index);
}
