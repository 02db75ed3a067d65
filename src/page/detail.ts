/** All about the chosen package, in a panel at the side. */
import { showCount, showSize } from "../core/figures.ts";
import type { FailureReport, PackageRun, Span } from "../events/run.ts";
import { button, element } from "./element.ts";
import { linksTo, showExcerpt } from "./failures.ts";
import { type PageFacts, reach, stateWords, showTime } from "./facts.ts";
import type { State } from "./state.ts";
import { spanWord } from "./tip.ts";

export function showDetail(facts: PageFacts, state: State): HTMLElement {
  const panel = element("aside", { class: "detail", "aria-label": "Package", hidden: true });
  state.watch(({ chosen }) => {
    const each = facts.packages.get(chosen ?? "");
    panel.hidden = each === undefined;
    document.body.classList.toggle("has-detail", each !== undefined);
    if (each !== undefined) panel.replaceChildren(...partsOf(each, facts, state));
    panel.scrollTop = 0;
  });
  return panel;
}

function partsOf(each: PackageRun, facts: PageFacts, state: State): Node[] {
  const { name, version, spans, failure, blockedBy } = each;
  const close = button("×", "Close (Esc)", () => state.choose(undefined), {
    class: "close",
    "aria-label": "Close",
  });
  const parts: (Node | undefined)[] = [
    close,
    element("h2", {}, name, element("span", { class: "muted" }, ` ${version}`)),
    element("p", { class: `state ${each.state}` }, headOf(each)),
    figuresOf(each),
    spans.length === 0 ? undefined : stepsOf(spans),
    ...(failure === undefined ? [] : failureParts(failure)),
    blockedBy && element("p", {}, "Blocked by ", ...linksTo(blockedBy, state)),
    relation(
      "Needs",
      each.needs,
      reach(name, (of) => facts.packages.get(of)?.needs ?? []),
      state,
    ),
    relation(
      "Needed by",
      facts.dependents.get(name) ?? [],
      reach(name, (of) => facts.dependents.get(of) ?? []),
      state,
    ),
  ];
  return parts.filter((part) => part !== undefined);
}

function failureParts(failure: FailureReport): (HTMLElement | undefined)[] {
  return [
    element("p", { class: "bad" }, failure.reason),
    ...failure.hints.map((hint) => element("p", { class: "cure" }, hint)),
    showExcerpt(failure),
  ];
}

function headOf({ state, system, isCritical }: PackageRun): string {
  return [stateWords[state], system, isCritical ? "on the critical path" : ""]
    .filter((part) => part !== "")
    .join(" · ");
}

function figuresOf(each: PackageRun): HTMLElement {
  const most = Math.max(0, ...each.tokens.map(({ held }) => held));
  const rows: (readonly [string, number, (amount: number) => string])[] = [
    ["Building", each.runMs, showTime],
    ["Its check", each.checkMs, showTime],
    ["Processor time", each.processorMs, showTime],
    ["Waiting, though ready", each.waitMs, showTime],
    ["Most job tokens", most, String],
    ["Largest process", each.maxRssBytes ?? 0, showSize],
    ["Source fetched", each.fetchedBytes ?? 0, showSize],
    ["Began after", each.fromMs ?? 0, showTime],
  ];
  return element(
    "dl",
    { class: "counts" },
    ...rows
      .filter(([, amount]) => amount > 0)
      .flatMap(([word, amount, show]) => [
        element("dt", {}, word),
        element("dd", {}, show(amount)),
      ]),
  );
}

function stepsOf(spans: readonly Span[]): HTMLElement {
  const heading = ["Step", "Time", "CPU", "Memory"].map((title, at) =>
    element("th", { scope: "col", class: at > 0 ? "number" : undefined }, title),
  );
  const rows = spans
    .filter(({ kind, step }) => kind !== "run" || step !== undefined)
    .toSorted((a, b) => a.fromMs - b.fromMs)
    .map((span) => {
      const { fromMs, toMs, userMs, systemMs, maxRssBytes } = span;
      const isMeasured = userMs !== undefined || systemMs !== undefined;
      const cells = [
        showTime(toMs - fromMs),
        isMeasured ? showTime((userMs ?? 0) + (systemMs ?? 0)) : "",
        maxRssBytes === undefined ? "" : showSize(maxRssBytes),
      ];
      return element(
        "tr",
        { class: span.kind },
        element("th", { scope: "row" }, spanWord(span)),
        ...cells.map((cell) => element("td", { class: "number" }, cell)),
      );
    });
  return element(
    "table",
    {},
    element("thead", {}, element("tr", {}, ...heading)),
    element("tbody", {}, ...rows),
  );
}

const mostLinks = 60;

function relation(
  title: string,
  direct: readonly string[],
  all: readonly string[],
  state: State,
): HTMLElement {
  const farther = all.length - direct.length;
  const shown = direct.slice(0, mostLinks);
  const rest = direct.length - shown.length;
  return element(
    "div",
    { class: "relation" },
    element(
      "h3",
      {},
      `${title} ${direct.length === 0 ? "nothing" : showCount(direct.length, "package")}`,
    ),
    element("p", {}, ...linksTo(shown, state), rest > 0 ? ` and ${rest} more` : ""),
    farther > 0
      ? element("p", { class: "muted" }, `and through them ${showCount(farther, "other")}`)
      : undefined,
  );
}
