/** Which of the findings is the reason: the first real error that belongs to what has failed. */
import type { LogLine } from "./log-lines.ts";
import type { Certainty, Finding } from "./recogniser.ts";

export function chooseReason(
  findings: readonly Finding[],
  lines: readonly LogLine[],
  ending: { exitCode?: number },
): Finding | undefined {
  const judged = raiseLast(dropIgnored(findings, lines), lines, ending);
  const of = (certainty: Certainty): Finding[] =>
    judged.filter((finding) => finding.certainty === certainty);
  const certain = of("certain");
  if (certain.length > 0) return ownOf(certain, lines)[0];
  const [vague] = of("vague");
  if (vague === undefined) return of("probe").at(-1) ?? of("consequence")[0];
  return questionFor(vague, of("probe")) ?? vague;
}

/** What says that something is missing is told better by the question that found it missing. */
function questionFor(vague: Finding, questions: readonly Finding[]): Finding | undefined {
  if (vague.missing !== undefined) return undefined;
  return questions.findLast(
    ({ at, kind, missing }) => missing !== undefined && kind === vague.kind && at < vague.at,
  );
}

/** make goes on after an error that it was told to ignore. */
function dropIgnored(findings: readonly Finding[], lines: readonly LogLine[]): Finding[] {
  const ignored = new Set<Finding>();
  lines.forEach(({ text }, at) => {
    const target = /^g?make(?:\[\d+\])?: \[(?:.*: )?(\S+)\] Error \d+ \(ignored\)$/.exec(text)?.[1];
    if (target === undefined) return;
    const before = findings.filter((finding) => finding.at < at && !ignored.has(finding));
    const own = before.findLast((finding) => mentions(lines[finding.at], target)) ?? before.at(-1);
    if (own !== undefined) ignored.add(own);
  });
  return findings.filter((finding) => !ignored.has(finding));
}

/** A command that the shell did not find is the reason when make or the step ended because of it. */
function raiseLast(
  findings: readonly Finding[],
  lines: readonly LogLine[],
  { exitCode }: { exitCode?: number },
): Finding[] {
  const isFatal = exitCode === 127 || lines.some(({ text }) => text.endsWith("] Error 127"));
  return findings.map((finding) =>
    isFatal && finding.kind === "missing-program" && finding.certainty === "vague"
      ? { ...finding, certainty: "certain" }
      : finding,
  );
}

/** In a parallel build others say things too: the lines of what failed come before theirs. */
function ownOf(findings: readonly Finding[], lines: readonly LogLine[]): readonly Finding[] {
  const failedAt = lines.findIndex(({ text }) => text.startsWith("FAILED: "));
  const afterwards = findings.filter(({ at }) => at > failedAt);
  if (failedAt >= 0 && afterwards.length > 0) return afterwards;
  for (const target of failedTargets(lines)) {
    const own = findings.filter(({ at }) => mentions(lines[at], target));
    if (own.length > 0) return own;
  }
  return findings;
}

/** `make: *** [Makefile:14: c.o] Error 1`, in the order in which they failed. */
function failedTargets(lines: readonly LogLine[]): string[] {
  const pattern = /^g?make(?:\[\d+\])?: \*\*\* \[(?:.*: )?(\S+)\] (?:Error \d+|Killed)/;
  return lines.flatMap(({ text }) => pattern.exec(text)?.[1] ?? []);
}

/** Whether a line speaks of the file that a target is made from: `src/bell.c` of `build/bell.o`. */
function mentions(line: LogLine | undefined, target: string): boolean {
  const stem =
    target
      .split("/")
      .at(-1)
      ?.replace(/(?:\.\w+)+$/, "") ?? "";
  if (stem.length === 0 || line === undefined) return false;
  const words = line.text.split(/[^\w+-]+/);
  return words.includes(stem);
}
