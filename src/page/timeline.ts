/** Who ran when: a row a package, its steps as bars, its waiting as lines, the busy jobs above. */
import { showCount } from "../core/figures.ts";
import { button, element } from "./element.ts";
import type { PageFacts } from "./facts.ts";
import type { State } from "./state.ts";
import { attachTip, spanTip } from "./tip.ts";
import { showLanes } from "./lanes.ts";
import { makeScale, zoomButtons } from "./time-scale.ts";
import { describe } from "./timeline-row.ts";
import { type RowChoice, makeRows } from "./timeline-rows.ts";
import { showUse } from "./use-chart.ts";

export function showTimeline(facts: PageFacts, state: State): HTMLElement {
  const rows = makeRows(facts, state);
  const list = element("ol", { class: "rows" }, ...rows.elements);
  const lanes = showLanes(facts, state);
  const scale = makeScale(facts);
  const inner = element(
    "div",
    { class: "inner" },
    head(facts, scale.axis),
    scale.grid,
    lanes,
    list,
  );
  const scroller = element("div", { class: "timeline", tabindex: -1 }, inner);
  let choice: RowChoice = "all";
  state.watch(({ chosen, query }) => {
    rows.choose(chosen);
    rows.filter(choice, query);
    if (chosen !== undefined) showRow(scroller, rows.rowOf(chosen));
  });
  attachTip(scroller, (target) => tipOf(target, facts));
  moveByArrows(list);
  const choices = choiceButtons(facts, (next) => {
    choice = next;
    rows.filter(choice, state.get().query);
  });
  return element(
    "section",
    { id: "timeline", "aria-labelledby": "timeline-title" },
    element(
      "div",
      { class: "section-head" },
      element("h2", { id: "timeline-title" }, "Timeline"),
      choices,
      zoomButtons(inner, scale),
    ),
    scroller,
    legend(facts),
  );
}

function head({ run }: PageFacts, axis: HTMLElement): HTMLElement {
  const { chart, title, marks } = showUse(run);
  return element(
    "div",
    { class: "head" },
    element("div", { class: "corner" }, title),
    element("div", { class: "above" }, element("div", { class: "use" }, chart, ...marks), axis),
  );
}

function showRow(scroller: HTMLElement, row: HTMLElement | undefined): void {
  if (row === undefined || row.hidden) return;
  const headHeight = scroller.querySelector<HTMLElement>(".head")?.offsetHeight ?? 0;
  const top = row.offsetTop;
  const isSeen =
    top > scroller.scrollTop + headHeight &&
    top + row.offsetHeight < scroller.scrollTop + scroller.clientHeight;
  if (!isSeen) scroller.scrollTop = top - headHeight - (scroller.clientHeight - headHeight) / 2;
}

/** One row is reached by Tab, the others from there by the arrows. */
function moveByArrows(list: HTMLElement): void {
  const first = list.querySelector<HTMLElement>(".name");
  first?.setAttribute("tabindex", "0");
  list.addEventListener("keydown", (event) => {
    const steps: Record<string, number> = { ArrowDown: 1, ArrowUp: -1 };
    const step = steps[event.key];
    if (step === undefined || !(event.target instanceof HTMLElement)) return;
    const names = [...list.querySelectorAll<HTMLElement>(".row:not([hidden]) .name")];
    const next = names[names.indexOf(event.target) + step];
    if (next === undefined) return;
    event.preventDefault();
    event.target.setAttribute("tabindex", "-1");
    next.setAttribute("tabindex", "0");
    next.focus();
  });
}

function choiceButtons({ run }: PageFacts, choose: (choice: RowChoice) => void): HTMLElement {
  const choices: (readonly [RowChoice, string])[] = [
    ["all", "All"],
    ["critical", "Critical path"],
  ];
  if (run.packages.some(({ state }) => state === "failed")) {
    const isBlocking = run.packages.some(({ state }) => state === "blocked");
    choices.push(["failed", isBlocking ? "Failed and blocked" : "Failed"]);
  }
  const buttons = choices.map(([choice, word]) =>
    button(
      word,
      `Show ${word.toLowerCase()}`,
      () => {
        buttons.forEach((each, at) =>
          each.setAttribute("aria-pressed", String(choices[at]?.[0] === choice)),
        );
        choose(choice);
      },
      { "aria-pressed": String(choice === "all") },
    ),
  );
  return element("div", { class: "choices", role: "group", "aria-label": "Rows" }, ...buttons);
}

function legend({ run }: PageFacts): HTMLElement {
  const item = (kind: string, word: string): HTMLElement =>
    element("span", {}, element("i", { class: kind }), word);
  return element(
    "p",
    { class: "legend" },
    item("bar-run", "building, step by step"),
    item("bar-run critical", "on the critical path"),
    item("bar-fetch", "fetching"),
    item("bar-wait", "ready, waiting"),
    ...(run.packages.some(({ checkMs }) => checkMs > 0) ? [item("bar-check", "its check")] : []),
    ...(run.packages.some(({ state }) => state === "failed")
      ? [item("bar-run failed", "failed")]
      : []),
    ...(run.packages.some(({ state }) => state === "blocked")
      ? [item("bar-blocked", "blocked by a failure")]
      : []),
    element(
      "span",
      { class: "muted" },
      `critical path: ${showCount(run.bound.path.length, "package")}`,
    ),
  );
}

function tipOf(target: Element, facts: PageFacts): HTMLElement | undefined {
  const row = target.closest<HTMLElement>("[data-package]");
  const each = facts.packages.get(row?.dataset["package"] ?? "");
  const at = target.closest<HTMLElement>("[data-span]")?.dataset["span"];
  if (each === undefined) return undefined;
  if (at !== undefined) return spanTip(each, each.spans[Number(at)]);
  const isOneOfMany = row?.matches(".lane > *, .fold *") ?? false;
  return isOneOfMany ? element("div", {}, describe(each)) : undefined;
}
