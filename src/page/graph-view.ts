/** The dependency graph: the whole as a map, or the surroundings of one package. */
import type { DrawnNode } from "./direct-edges.ts";
import { button, drawing, element } from "./element.ts";
import { type PageFacts, isFound, reach } from "./facts.ts";
import { drawGraph, type Drawn } from "./graph-drawing.ts";
import { describeGraph, graphLegend } from "./graph-words.ts";
import { layOut, type Layout, type Spacing } from "./layout.ts";
import { makeMovable, type Mover } from "./movable.ts";
import type { State } from "./state.ts";

type Extent = "whole" | "around" | "all";

const spacing: Spacing = { column: 190, row: 22, aspect: 2.1 };

/** A graph up to this size is readable as a whole: choosing a package then only marks it. */
const readablePackages = 60;

const canvasAttributes = {
  class: "graph",
  tabindex: 0,
  role: "group",
  "aria-labelledby": "graph-title",
  "aria-describedby": "graph-words",
};

export function showGraph(
  facts: PageFacts,
  state: State,
): { readonly section: HTMLElement; readonly fit: () => void } {
  const canvas = drawing("svg", canvasAttributes);
  const words = element("p", { id: "graph-words", class: "muted", "aria-live": "polite" });
  let extent: Extent = "whole";
  let drawn: Drawn | undefined;
  let shown = "";
  const mover = makeMovable(canvas, (scale) => drawn?.label(scale));

  const draw = (): void => {
    const { chosen } = state.get();
    const now = chosen === undefined ? "whole" : extent;
    const before = shown;
    shown = `${now} ${now === "whole" ? "" : chosen}`;
    if (shown !== before || drawn === undefined) {
      drawn = drawGraph(layOutFor(now, chosen, facts), facts);
      canvas.replaceChildren(drawn.group);
      mover.take(drawn.group, drawn.size);
    }
    mark(drawn, facts, state);
    drawn.label(mover.scale());
    words.textContent = describeGraph(facts, { extent: now, chosen, hubs: drawn.hubs });
    for (const each of choices) each.toggle(now, chosen);
  };
  const choices = extentChoices((next) => {
    extent = next;
    draw();
  });
  canvas.addEventListener("click", (event) => {
    const name = nameAt(event.target);
    if (name !== undefined && !mover.hasMoved()) state.choose(name);
  });
  let before: string | undefined;
  state.watch(({ chosen }) => {
    if (chosen !== before && chosen !== undefined && facts.run.packages.length > readablePackages) {
      if (extent === "whole") extent = "around";
    }
    if (chosen === undefined) extent = "whole";
    before = chosen;
    draw();
  });
  const section = element(
    "section",
    { id: "graph", "aria-labelledby": "graph-title" },
    graphHead(
      choices.map((choice) => choice.button),
      mover,
    ),
    words,
    element("div", { class: "graph-frame" }, canvas),
    graphLegend(facts),
  );
  return { section, fit: () => mover.fit() };
}

function graphHead(extents: readonly HTMLElement[], mover: Mover): HTMLElement {
  return element(
    "div",
    { class: "section-head" },
    element("h2", { id: "graph-title" }, "Graph"),
    group("Extent", extents),
    group("Zoom", [
      button("−", "Farther (−)", () => mover.zoom(1 / 1.5)),
      button("Fit", "All (0)", () => mover.fit()),
      button("+", "Nearer (+)", () => mover.zoom(1.5)),
    ]),
  );
}

function group(label: string, buttons: readonly HTMLElement[]): HTMLElement {
  return element("div", { class: "choices", role: "group", "aria-label": label }, ...buttons);
}

function nameAt(target: EventTarget | null): string | undefined {
  if (!(target instanceof Element)) return undefined;
  return target.closest<SVGElement>("[data-package]")?.dataset["package"];
}

function extentChoices(choose: (extent: Extent) => void) {
  const words: readonly (readonly [Extent, string, string])[] = [
    ["whole", "Whole graph", "All packages of the run"],
    ["around", "Direct", "What it needs directly, and what needs it directly"],
    ["all", "Transitive", "All that it needs, and all that needs it"],
  ];
  return words.map(([extent, word, title]) => {
    const made = button(word, title, () => choose(extent));
    return {
      button: made,
      toggle: (now: Extent, chosen: string | undefined) => {
        made.setAttribute("aria-pressed", String(now === extent));
        made.disabled = chosen === undefined && extent !== "whole";
      },
    };
  });
}

function layOutFor(extent: Extent, chosen: string | undefined, facts: PageFacts): Layout {
  const centre = extent === "whole" ? undefined : chosen;
  return layOut(nodesFor(extent, chosen, facts), spacing, centre);
}

function nodesFor(extent: Extent, chosen: string | undefined, facts: PageFacts): DrawnNode[] {
  if (extent === "whole" || chosen === undefined) return [...facts.run.packages];
  const needs = facts.packages.get(chosen)?.needs ?? [];
  const dependents = facts.dependents.get(chosen) ?? [];
  if (extent === "around") {
    return [
      ...needs.map((name) => ({ name, needs: [] })),
      { name: chosen, needs },
      ...dependents.map((name) => ({ name, needs: [chosen] })),
    ];
  }
  const kept = new Set([
    chosen,
    ...reach(chosen, (name) => facts.packages.get(name)?.needs ?? []),
    ...reach(chosen, (name) => facts.dependents.get(name) ?? []),
  ]);
  return facts.run.packages.filter(({ name }) => kept.has(name));
}

/** What the chosen package reaches stays, the rest fades; what was searched for stands out. */
function mark(drawn: Drawn, facts: PageFacts, state: State): void {
  const { chosen, query } = state.get();
  const needed = new Set(
    chosen === undefined ? [] : reach(chosen, (name) => facts.packages.get(name)?.needs ?? []),
  );
  const needing = new Set(
    chosen === undefined ? [] : reach(chosen, (name) => facts.dependents.get(name) ?? []),
  );
  const isNear = (name: string): boolean =>
    name === chosen || needed.has(name) || needing.has(name);
  for (const [name, node] of drawn.nodes) {
    const isDim = query === "" ? chosen !== undefined && !isNear(name) : !isFound(name, query);
    node.classList.toggle("dim", isDim);
    node.classList.toggle("chosen", name === chosen);
    node.classList.toggle("found", isFound(name, query));
  }
  const isBetween = (from: string, to: string): boolean =>
    (needed.has(from) && (to === chosen || needed.has(to))) ||
    (needing.has(to) && (from === chosen || needing.has(from)));
  for (const { from, to, line } of drawn.lines) {
    line.classList.toggle("dim", query !== "" || (chosen !== undefined && !isBetween(from, to)));
    line.classList.toggle("near", chosen !== undefined && isBetween(from, to));
  }
}
