/** The words around the graph: what it shows, and what its marks mean. */
import { showCount } from "../core/figures.ts";
import { element } from "./element.ts";
import { type PageFacts, reach } from "./facts.ts";

interface GraphView {
  readonly extent: "whole" | "around" | "all";
  readonly chosen: string | undefined;
  readonly hubs: ReadonlyMap<string, number>;
}

export function describeGraph(facts: PageFacts, { extent, chosen, hubs }: GraphView): string {
  if (chosen === undefined) {
    const lines = facts.run.packages.reduce((total, { needs }) => total + needs.length, 0);
    const all = showCount(facts.run.packages.length, "package");
    return `${all}, ${showCount(lines, "dependency").replace(/ys$/, "ies")}. What is needed stands to the left of what needs it; lines that follow from others are left out.${describeHubs(hubs)}`;
  }
  const needs = facts.packages.get(chosen)?.needs ?? [];
  const dependents = facts.dependents.get(chosen) ?? [];
  if (extent === "around") {
    return `${chosen} needs ${needs.length} directly and is needed by ${dependents.length} directly.`;
  }
  const allNeeds = reach(chosen, (name) => facts.packages.get(name)?.needs ?? []);
  const allDependents = reach(chosen, (name) => facts.dependents.get(name) ?? []);
  return `${chosen} needs ${allNeeds.length} in all and is needed by ${allDependents.length} in all.`;
}

function describeHubs(hubs: ReadonlyMap<string, number>): string {
  const [first] = [...hubs].toSorted(([, a], [, b]) => b - a);
  if (first === undefined) return "";
  return hubs.size === 1
    ? ` So are those of ${first[0]}, until it is chosen.`
    : ` So are those of ${first[0]} and ${showCount(hubs.size - 1, "other hub")}, until one is chosen.`;
}

export function graphLegend({ run }: PageFacts): HTMLElement {
  const has = (...states: readonly string[]): boolean =>
    run.packages.some(({ state }) => states.includes(state));
  const item = (kind: string, word: string): HTMLElement =>
    element("span", {}, element("i", { class: `dot ${kind}` }), word);
  return element(
    "p",
    { class: "legend" },
    item("built", "built; the larger, the longer"),
    item("critical", "on the critical path"),
    ...(has("reused", "unchanged", "up-to-date") ? [item("kept", "not built, or unchanged")] : []),
    ...(has("failed") ? [item("failed", "failed")] : []),
    ...(has("blocked") ? [item("blocked", "blocked")] : []),
  );
}
