/** The rows of the timeline: which of them are shown, and which stand together as one until they are opened. */
import type { PackageRun } from "../events/run.ts";
import { type PageFacts, isFound } from "./facts.ts";
import type { State } from "./state.ts";
import { type Fold, rowItems } from "./timeline-folds.ts";
import { makeFold, makeRow } from "./timeline-row.ts";

export type RowChoice = "all" | "critical" | "failed";

export interface Rows {
  readonly elements: readonly HTMLElement[];
  rowOf(name: string): HTMLElement | undefined;
  filter(choice: RowChoice, query: string): void;
  /** The row of the chosen package is marked, and shown. */
  choose(name: string | undefined): void;
}

interface FoldedRows {
  readonly members: readonly string[];
  readonly row: HTMLElement;
  isOpen: boolean;
}

export function makeRows(facts: PageFacts, state: State): Rows {
  const rows = new Map<string, HTMLElement>();
  const foldOf = new Map<string, FoldedRows>();
  const folds: FoldedRows[] = [];
  const elements: HTMLElement[] = [];
  let looking: readonly [RowChoice, string] = ["all", ""];
  const add = (each: PackageRun): void => {
    const row = makeRow(each, facts, state);
    rows.set(each.name, row);
    elements.push(row);
  };
  const addFold = (fold: Fold): void => {
    const row = makeFold(fold, facts, () => {
      own.isOpen = !own.isOpen;
      filter(...looking);
    });
    const own: FoldedRows = { members: fold.packages.map(({ name }) => name), row, isOpen: false };
    folds.push(own);
    elements.push(row);
    for (const each of fold.packages) {
      foldOf.set(each.name, own);
      add(each);
    }
  };
  const filter = (choice: RowChoice, query: string): void => {
    looking = [choice, query];
    for (const [name, row] of rows) {
      const isOpen = choice !== "all" || query !== "" || (foldOf.get(name)?.isOpen ?? true);
      const isShown = isOpen && isChosen(facts.packages.get(name), choice);
      row.toggleAttribute("hidden", !isShown || (query !== "" && !isFound(name, query)));
      row.classList.toggle("member", foldOf.has(name));
    }
    for (const { row, isOpen } of folds) {
      row.toggleAttribute("hidden", choice !== "all" || query !== "");
      row.firstElementChild?.setAttribute("aria-expanded", String(isOpen));
    }
  };
  for (const item of rowItems(facts.run.packages)) {
    if (item.kind === "row") add(item.each);
    else addFold(item);
  }
  return {
    elements,
    rowOf: (name) => rows.get(name),
    filter,
    choose: (chosen) => {
      const fold = foldOf.get(chosen ?? "");
      if (fold !== undefined) fold.isOpen = true;
      for (const [name, row] of rows) row.classList.toggle("chosen", name === chosen);
    },
  };
}

function isChosen(each: PackageRun | undefined, choice: RowChoice): boolean {
  if (choice === "critical") return each?.isCritical ?? false;
  return choice === "all" || each?.state === "failed" || each?.state === "blocked";
}
