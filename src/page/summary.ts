/** The head of the page: what came of the run, and how fast it was against how fast it could be. */
import { showCount, showDuration, showNumber, showSize } from "../core/figures.ts";
import type { PackageState, Run } from "../events/run.ts";
import { element, place } from "./element.ts";
import type { Facts } from "./facts.ts";

export function showSummary({ run }: Facts): HTMLElement {
  const { text, mark } = headline(run);
  return element(
    "section",
    { class: "summary", "aria-label": "Summary" },
    element("h1", {}, element("span", { class: `mark ${mark}`, "aria-hidden": true }), text),
    element("p", { class: "place" }, ...placeOf(run)),
    element("div", { class: "figures" }, boundFigure(run), outcomes(run), useFigure(run)),
  );
}

function headline(run: Run): { readonly text: string; readonly mark: string } {
  const done = count(run, "built") + count(run, "unchanged") + count(run, "reused");
  const failed = count(run, "failed");
  const duration = showDuration(run.durationMs);
  if (failed > 0) {
    const all = showCount(run.packages.length, "package");
    return { text: `${failed} of ${all} failed; ${done} built in ${duration}`, mark: "bad" };
  }
  if (run.outcome === "done") {
    return { text: `${showCount(done, "package")} built in ${duration}`, mark: "good" };
  }
  const why = run.outcome === "failed" ? "The run failed" : "The run was interrupted";
  return { text: `${why} after ${duration}; ${showCount(done, "package")} built`, mark: "open" };
}

function placeOf(run: Run): (HTMLElement | string)[] {
  const started = new Date(run.startedAtMs);
  const facts = [
    started.toISOString().replace("T", " ").slice(0, 16).concat(" UTC"),
    run.prefix,
    `${showNumber(run.jobs)} ${run.jobs === 1 ? "job" : "jobs"}`,
    run.tenon === "" ? "" : `tenon ${run.tenon}`,
    `run ${run.id}`,
  ].filter((fact) => fact !== "");
  return [element("code", {}, run.command), ...facts.map((fact) => element("span", {}, fact))];
}

/** Three bars on one scale: the run, its critical path, and its work spread over its jobs. */
function boundFigure({ bound, jobs }: Run): HTMLElement {
  const { spanMs, criticalMs, workMs, boundMs } = bound;
  const shareMs = workMs / jobs;
  const most = Math.max(1, spanMs, criticalMs, shareMs);
  const row = (kind: string, word: string, ms: number): HTMLElement[] => [
    element("dt", {}, word),
    element(
      "dd",
      {},
      element(
        "span",
        { class: "track" },
        place(element("span", { class: `fill ${kind}` }), { leftShare: 0, widthShare: ms / most }),
      ),
      element("span", { class: "amount" }, showDuration(ms)),
    ),
  ];
  return element(
    "div",
    { class: "figure bound" },
    element("h2", {}, boundMs > 0 ? `${(spanMs / boundMs).toFixed(2)} × the lower bound` : "Time"),
    element(
      "dl",
      {},
      ...row("run", "This run", spanMs),
      ...row("critical", "Critical path", criticalMs),
      ...row("work", `Work ÷ ${jobs} ${jobs === 1 ? "job" : "jobs"}`, shareMs),
    ),
    element(
      "p",
      { class: "hint" },
      "No order of these builds takes less than the longer of the last two.",
    ),
  );
}

const outcomeWords: readonly (readonly [PackageState, string])[] = [
  ["built", "built"],
  ["unchanged", "built again, unchanged"],
  ["reused", "reused from the store"],
  ["up-to-date", "up to date before"],
  ["failed", "failed"],
  ["blocked", "blocked by failures"],
  ["unfinished", "not finished"],
  ["untouched", "not begun"],
];

function outcomes(run: Run): HTMLElement {
  const rows = outcomeWords.flatMap(([state, word]) => {
    const amount = count(run, state);
    if (amount === 0) return [];
    const isBad = state === "failed" || state === "blocked";
    return [
      element("dt", { class: isBad ? "bad" : undefined }, word),
      element("dd", { class: isBad ? "bad" : undefined }, showNumber(amount)),
    ];
  });
  const changed = run.changes.reduce((total, { packages }) => total + packages, 0);
  const files = run.changes.reduce((total, each) => total + each.files, 0);
  const bytes = run.changes.reduce((total, each) => total + each.sizeBytes, 0);
  return element(
    "div",
    { class: "figure" },
    element("h2", {}, showCount(run.packages.length, "package")),
    element("dl", { class: "counts" }, ...rows),
    element(
      "p",
      { class: "hint" },
      changed === 0
        ? "The prefix is unchanged."
        : `${showCount(changed, "package")} joined the prefix: ${showCount(files, "file")}, ${showSize(bytes)}.`,
    ),
  );
}

function useFigure({ packages, bound, jobs }: Run): HTMLElement {
  const total = (of: (each: Run["packages"][number]) => number): number =>
    packages.reduce((sum, each) => sum + of(each), 0);
  const processorMs = total((each) => each.processorMs);
  const share = bound.spanMs > 0 ? processorMs / bound.spanMs : 0;
  const rows: (readonly [string, string])[] = [
    ["processor time", showDuration(processorMs)],
    ["building", showDuration(total((each) => each.runMs))],
  ];
  const checkMs = total((each) => each.checkMs);
  if (checkMs > 0) rows.push(["checks", showDuration(checkMs)]);
  const fetchMs = total((each) => each.fetchMs);
  if (fetchMs > 0) rows.push(["fetching", showDuration(fetchMs)]);
  const largest = Math.max(0, ...packages.map(({ maxRssBytes }) => maxRssBytes ?? 0));
  if (largest > 0) rows.push(["largest process", showSize(largest)]);
  return element(
    "div",
    { class: "figure" },
    element("h2", {}, `${showCount(jobs, "job")} kept ${share.toFixed(1)} processors busy`),
    element(
      "dl",
      { class: "counts" },
      ...rows.flatMap(([word, amount]) => [element("dt", {}, word), element("dd", {}, amount)]),
    ),
    element("p", { class: "hint" }, "The mean over the run; the sums over all packages."),
  );
}

function count(run: Run, state: PackageState): number {
  return run.packages.filter((each) => each.state === state).length;
}
