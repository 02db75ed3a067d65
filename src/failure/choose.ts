/** Which of the findings is the reason: the first real error that belongs to what has failed. */
import type { LogLine } from "./log-lines.ts";
import type { Certainty, Recognised } from "./recogniser.ts";

export function chooseReason(
  findings: readonly Recognised[],
  lines: readonly LogLine[],
  ending: { exitCode?: number },
): Recognised | undefined {
  const judged = raiseLast(dropIgnored(findings, lines), lines, ending);
  const of = (certainty: Certainty): Recognised[] =>
    judged.filter((finding) => finding.certainty === certainty);
  const certain = of("certain");
  if (certain.length > 0) return ownOf(certain, lines)[0];
  const [vague] = of("vague");
  if (vague === undefined) {
    return (
      of("summary")[0] ?? of("probe").at(-1) ?? firstOfLast(of("guess")) ?? of("consequence")[0]
    );
  }
  return questionFor(vague, of("probe")) ?? vague;
}

/** What went wrong at the end: of the lines that stand together there, the first. */
function firstOfLast(guesses: readonly Recognised[]): Recognised | undefined {
  return guesses.findLast(({ at }, index) => at - (guesses[index - 1]?.at ?? -Infinity) > apart);
}

const apart = 4;

/** What says that something is missing is told better by the question that found it missing. */
function questionFor(vague: Recognised, questions: readonly Recognised[]): Recognised | undefined {
  if (vague.missing !== undefined) return undefined;
  return questions.findLast(
    ({ at, kind, missing }) => missing !== undefined && kind === vague.kind && at < vague.at,
  );
}

/** make goes on after an error that it was told to ignore. */
function dropIgnored(findings: readonly Recognised[], lines: readonly LogLine[]): Recognised[] {
  const ignored = new Set<Recognised>();
  const mentioning = byWord(findings, lines);
  lines.forEach(({ text }, at) => {
    const target = /^g?make(?:\[\d+\])?: \[(?:.*: )?(\S+)\] Error \d+ \(ignored\)$/.exec(text)?.[1];
    if (target === undefined) return;
    const isOpen = (finding: Recognised): boolean => finding.at < at && !ignored.has(finding);
    const own = mentioning.get(stemOf(target))?.findLast(isOpen) ?? findings.findLast(isOpen);
    if (own !== undefined) ignored.add(own);
  });
  return findings.filter((finding) => !ignored.has(finding));
}

/** A command that the shell did not find is the reason when make or the step ended because of it. */
function raiseLast(
  findings: readonly Recognised[],
  lines: readonly LogLine[],
  { exitCode }: { exitCode?: number },
): Recognised[] {
  const isFatal = exitCode === 127 || lines.some(({ text }) => text.endsWith("] Error 127"));
  return findings.map((finding) =>
    isFatal && finding.kind === "missing-program" && finding.certainty === "vague"
      ? { ...finding, certainty: "certain" }
      : finding,
  );
}

/** In a parallel build others say things too: the lines of what failed come before theirs. */
function ownOf(findings: readonly Recognised[], lines: readonly LogLine[]): readonly Recognised[] {
  const failedAt = lines.findIndex(({ text }) => text.startsWith("FAILED: "));
  const afterwards = findings.filter(({ at }) => at > failedAt);
  if (failedAt >= 0 && afterwards.length > 0) return afterwards;
  const mentioning = byWord(findings, lines);
  for (const target of failedTargets(lines)) {
    const own = mentioning.get(stemOf(target));
    if (own !== undefined) return own;
  }
  return findings;
}

/** `make: *** [Makefile:14: c.o] Error 1`, in the order in which they failed. */
function failedTargets(lines: readonly LogLine[]): string[] {
  const pattern = /^g?make(?:\[\d+\])?: \*\*\* \[(?:.*: )?(\S+)\] (?:Error \d+|Killed)/;
  return lines.flatMap(({ text }) => pattern.exec(text)?.[1] ?? []);
}

/** `bell`, of `build/bell.o`: lines about the file that it is made from, `src/bell.c`, have the word. */
function stemOf(target: string): string {
  return (
    target
      .split("/")
      .at(-1)
      ?.replace(/(?:\.\w+)+$/, "") ?? ""
  );
}

/** The findings by the words of their lines, in their order. */
function byWord(
  findings: readonly Recognised[],
  lines: readonly LogLine[],
): ReadonlyMap<string, readonly Recognised[]> {
  const named = new Map<string, Recognised[]>();
  for (const finding of findings) {
    for (const word of new Set(lines[finding.at]?.text.split(/[^\w+-]+/))) {
      if (word === "") continue;
      const same = named.get(word);
      if (same === undefined) named.set(word, [finding]);
      else same.push(finding);
    }
  }
  return named;
}
