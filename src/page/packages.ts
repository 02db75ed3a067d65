/** All packages as a table, the slowest first. */
import { showCount, showSize } from "../core/figures.ts";
import type { PackageRun } from "../events/run.ts";
import { button, element } from "./element.ts";
import { type PageFacts, isFound, stateWords, showTime } from "./facts.ts";
import type { State } from "./state.ts";

interface Column {
  readonly title: string;
  readonly isNumber: boolean;
  readonly value: (each: PackageRun) => number | string;
  readonly text: (each: PackageRun) => string;
}

const number = (
  title: string,
  value: (each: PackageRun) => number,
  show: (amount: number) => string,
): Column => ({
  title,
  isNumber: true,
  value,
  text: (each) => (value(each) > 0 ? show(value(each)) : ""),
});

const word = (title: string, text: (each: PackageRun) => string): Column => ({
  title,
  isNumber: false,
  value: text,
  text,
});

const shownRows = 15;

function columnsFor(facts: PageFacts): readonly Column[] {
  return [
    word("Package", ({ name }) => name),
    word("Version", ({ version }) => version),
    word("System", ({ system }) => system),
    word("Result", (each) => stateWords[each.state]),
    number("Building", ({ runMs }) => runMs, showTime),
    number("Processor", ({ processorMs }) => processorMs, showTime),
    number("Waiting", ({ waitMs }) => waitMs, showTime),
    number("Memory", ({ maxRssBytes }) => maxRssBytes ?? 0, showSize),
    number("Needed by", ({ name }) => facts.dependents.get(name)?.length ?? 0, String),
  ];
}

export function showPackages(facts: PageFacts, state: State): HTMLElement {
  const columns = columnsFor(facts);
  const rows = new Map(
    facts.run.packages.map((each) => [each.name, makeRow(each, columns, state)]),
  );
  const body = element("tbody");
  let sorted = { column: 4, isRising: false };
  let isWhole = false;
  const draw = (): void => {
    const { query } = state.get();
    const found = [...facts.packages.values()]
      .filter(({ name }) => query === "" || isFound(name, query))
      .sort((a, b) => compare(a, b, columns[sorted.column]) * (sorted.isRising ? 1 : -1));
    const shown = found.map(({ name }) => rows.get(name) ?? "");
    shown.forEach((row, at) => {
      if (row !== "") row.classList.toggle("beyond", !isWhole && at >= shownRows);
    });
    body.replaceChildren(...shown);
    more.toggleAttribute("hidden", isWhole || found.length <= shownRows);
    more.textContent = `Show all ${showCount(found.length, "package")}`;
    headings.forEach((heading, at) => {
      const order = sorted.isRising ? "ascending" : "descending";
      if (at === sorted.column) heading.setAttribute("aria-sort", order);
      else heading.removeAttribute("aria-sort");
    });
  };
  const more = button("", "Show all packages", () => {
    isWhole = true;
    draw();
  });
  more.className = "more";
  const headings = columns.map(({ title, isNumber }, at) =>
    element(
      "th",
      { scope: "col", class: isNumber ? "number" : undefined },
      button(title, `Sort by ${title.toLowerCase()}`, () => {
        const isRising = sorted.column === at ? !sorted.isRising : !isNumber;
        sorted = { column: at, isRising };
        draw();
      }),
    ),
  );
  state.watch(({ chosen }) => {
    for (const [name, row] of rows) row.classList.toggle("chosen", name === chosen);
    draw();
  });
  return element(
    "section",
    { id: "packages", "aria-labelledby": "packages-title" },
    element("h2", { id: "packages-title" }, "Packages"),
    element(
      "div",
      { class: "wide" },
      element("table", {}, element("thead", {}, element("tr", {}, ...headings)), body),
    ),
    more,
  );
}

function makeRow(each: PackageRun, columns: readonly Column[], state: State): HTMLElement {
  const cells = columns.map(({ isNumber, text }, at) => {
    if (at > 0) return element("td", { class: isNumber ? "number" : undefined }, text(each));
    const link = button(each.name, `Show ${each.name}`, () => state.choose(each.name), {
      class: "link",
    });
    return element("th", { scope: "row" }, link);
  });
  const kind = `${each.state}${each.isCritical ? " critical" : ""}`;
  return element("tr", { class: kind, "data-package": each.name }, ...cells);
}

function compare(a: PackageRun, b: PackageRun, column: Column | undefined): number {
  const [one, other] = [column?.value(a) ?? 0, column?.value(b) ?? 0];
  if (one === other) return a.name < b.name ? -1 : 1;
  return one < other ? -1 : 1;
}
