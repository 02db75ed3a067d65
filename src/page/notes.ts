/** What else the run had to say. */
import { showDuration } from "../core/figures.ts";
import { element } from "./element.ts";
import type { PageFacts } from "./facts.ts";

export function showNotes({ run }: PageFacts): HTMLElement | undefined {
  const { notes, noView } = run;
  if (notes.length === 0 && noView === undefined) return undefined;
  return element(
    "section",
    { id: "notes", "aria-labelledby": "notes-title" },
    element("h2", { id: "notes-title" }, "Notes"),
    noView === undefined
      ? undefined
      : element("p", {}, `Builds had no view of their own: ${noView}`),
    element(
      "ul",
      { class: "notes" },
      ...notes.map(({ atMs, package: name, text }) =>
        element(
          "li",
          {},
          element("span", { class: "muted amount" }, showDuration(Math.max(0, atMs))),
          element("span", {}, name === undefined ? text : `${name}: ${text}`),
        ),
      ),
    ),
  );
}
