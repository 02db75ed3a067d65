/** Changes of a prefix, as text: what comes and what leaves, and what a person did there before. */
import type { PlannedChange } from "../library/index.ts";
import { showMoment } from "../core/index.ts";
import type { Style } from "./style.ts";

/** One line a change, in the signs of diff: `+ hi 1 → 2`, `- rich 15.0.0`, `~` for a result that may be another one. */
export function renderChange(change: PlannedChange, style: Style): string {
  const { name, from, to, state, undone } = change;
  const facts = [
    ...(state === "built" ? ["built"] : []),
    ...(to === null ? [whyItLeaves[state]] : []),
    ...(undone === undefined ? [] : [showUndone(undone)]),
  ];
  const why = facts.length === 0 ? "" : ` ${style.dim(`(${facts.join("; ")})`)}`;
  if (to === null) return `  ${style.bad("-")} ${name} ${from}${why}`;
  if (from === to) return `  ${style.warn("~")} ${name} ${to}${why}`;
  return `  ${style.good("+")} ${name} ${from === null ? "" : `${from} → `}${to}${why}`;
}

/** Only what leaves has a reason here. */
export const whyItLeaves: Readonly<Record<PlannedChange["state"], string>> = {
  built: "",
  build: "",
  "no-recipe": "it has no recipe",
  "not-needed": "no package needs it",
};

/** `rolled back on 2026-11-30 09:12 UTC` */
export function showUndone({ by, atMs }: NonNullable<PlannedChange["undone"]>): string {
  return `${by === "rollback" ? "rolled back" : "removed"} on ${showMoment(atMs)}`;
}
