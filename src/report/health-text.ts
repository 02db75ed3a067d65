/** The findings of `tenon doctor`, as text. */
import { showCount } from "../core/index.ts";
import type { HealthFinding } from "../library/index.ts";
import type { Style } from "./style.ts";

const marks = { good: "ok", limited: "limited", bad: "bad" } as const;

const indent = " ".repeat(9);

/** A line for what was found, one for what it means, one for each cure, and a sentence at the end. */
export function renderHealth(findings: readonly HealthFinding[], style: Style): string[] {
  const lines = findings.flatMap(({ subject, state, value, meaning, cures }) => {
    const paint = { good: style.good, limited: style.warn, bad: style.bad }[state];
    return [
      `${paint(marks[state])}${indent.slice(marks[state].length)}${style.strong(subject)}: ${value}`,
      `${indent}${style.dim(meaning)}`,
      ...cures.map((cure) => `${indent}-> ${cure}`),
    ];
  });
  return [...lines, "", conclusion(findings)];
}

function conclusion(findings: readonly HealthFinding[]): string {
  const count = (wanted: string): number => findings.filter(({ state }) => state === wanted).length;
  const [bad, limited] = [count("bad"), count("limited")];
  if (bad > 0) return `tenon cannot build here: ${showCount(bad, "finding")} to put right first`;
  if (limited > 0) return `tenon can build here, with ${showCount(limited, "limitation")}`;
  return "tenon can build here, and nothing limits it";
}
