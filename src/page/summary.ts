/** What came of the run, the head of the page; and how fast it was against how fast it could be. */
import { showCount, showDuration, showNumber, showSize } from "../core/figures.ts";
import type { PackageState, Run } from "../events/run.ts";
import { element, place } from "./element.ts";
import type { PageFacts } from "./facts.ts";

export function showHead({ run }: PageFacts): HTMLElement {
  const { text, mark } = headline(run);
  return element(
    "section",
    { class: "summary", "aria-label": "Summary" },
    element("h1", {}, element("span", { class: `mark ${mark}`, "aria-hidden": true }), text),
    element("p", { class: "place" }, ...placeOf(run)),
  );
}

export function showFigures({ run }: PageFacts): HTMLElement {
  return element(
    "section",
    { class: "figures", "aria-label": "Figures" },
    boundFigure(run),
    outcomes(run),
    useFigure(run),
  );
}

function headline(run: Run): { readonly text: string; readonly mark: string } {
  const failed = count(run, "failed");
  const blocked = count(run, "blocked");
  const done = showDone(run);
  const duration = showDuration(run.durationMs).replaceAll(" ", "\u00A0");
  if (failed > 0) {
    const all = showCount(run.packages.length, "package");
    const others = blocked > 0 ? `, ${showNumber(blocked)} blocked by that` : "";
    return { text: `${failed} of ${all} failed${others}; ${done} in ${duration}`, mark: "bad" };
  }
  if (run.outcome === "done") return { text: `${done} in ${duration}`, mark: "good" };
  const why = run.outcome === "failed" ? "The run failed" : "The run was interrupted";
  return { text: `${why} after ${duration}; ${done}`, mark: "open" };
}

/** The words of the table of outcomes, so that the two agree. */
function showDone(run: Run): string {
  const built = builtIn(run) + count(run, "unchanged");
  const wheels = wheelsIn(run);
  const reused = count(run, "reused");
  const said = [
    ...(built > 0 || wheels + reused === 0
      ? [`${count(run, "failed") > 0 ? showNumber(built) : showCount(built, "package")} built`]
      : []),
    ...(wheels > 0 ? [`${showCount(wheels, "wheel")} unpacked`] : []),
    ...(reused > 0 ? [`${showNumber(reused)} reused`] : []),
  ];
  return said.join(", ");
}

function wheelsIn({ packages }: Run): number {
  return packages.filter(({ state, system }) => state === "built" && system === "wheel").length;
}

function builtIn(run: Run): number {
  return count(run, "built") - wheelsIn(run);
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

/** Three bars on one scale: the whole run, its critical path, and its work spread over its jobs. */
function boundFigure({ bound, jobs, durationMs }: Run): HTMLElement {
  const { spanMs, criticalMs, workMs, boundMs } = bound;
  const shareMs = workMs / jobs;
  const most = Math.max(1, durationMs, criticalMs, shareMs);
  const restMs = durationMs - spanMs;
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
    element(
      "h2",
      {},
      boundMs > 0 ? `${(durationMs / boundMs).toFixed(2)} × the lower bound` : "Time",
    ),
    element(
      "dl",
      {},
      ...row("run", "This run", durationMs),
      ...row("critical", "Critical path", criticalMs),
      ...row("work", `Work ÷ ${jobs} ${jobs === 1 ? "job" : "jobs"}`, shareMs),
    ),
    element(
      "p",
      { class: "hint" },
      "No order of these builds takes less than the longer of the last two.",
      restMs > 0.02 * durationMs && spanMs > 0
        ? ` The run's last ${showDuration(restMs)} came after the last build.`
        : "",
    ),
  );
}

const outcomeWords: readonly (readonly [PackageState, string])[] = [
  ["unchanged", "built again, unchanged"],
  ["reused", "reused from the store"],
  ["up-to-date", "up to date before"],
  ["failed", "failed"],
  ["blocked", "blocked by failures"],
  ["unfinished", "not finished"],
  ["untouched", "not begun"],
];

function outcomes(run: Run): HTMLElement {
  const row = (word: string, amount: number, isBad = false): HTMLElement[] => {
    if (amount === 0) return [];
    const kind = { class: isBad ? "bad" : undefined };
    return [element("dt", kind, word), element("dd", kind, showNumber(amount))];
  };
  const rows = [
    ...row("built", builtIn(run)),
    ...row("wheels, unpacked", wheelsIn(run)),
    ...outcomeWords.flatMap(([state, word]) =>
      row(word, count(run, state), state === "failed" || state === "blocked"),
    ),
  ];
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
    element(
      "h2",
      {},
      `${showCount(jobs, "job")} kept ${share < 0.05 ? "less than 0.1" : share.toFixed(1)} processors busy`,
    ),
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
