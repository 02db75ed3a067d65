/** The chart above the timeline: processors in use, and job tokens held, against what there is. */
import { showNumber } from "../core/figures.ts";
import type { Run } from "../events/run.ts";
import { useOverTime } from "../events/use-over-time.ts";
import { drawing, element } from "./element.ts";

const parts = 240;
const height = 100;

export function showUse(run: Run): {
  readonly chart: SVGElement;
  readonly title: HTMLElement;
  readonly marks: readonly HTMLElement[];
} {
  const { processors, tokens, isCounted } = useOverTime(run.packages, {
    durationMs: run.durationMs,
    parts,
  });
  const top = Math.max(run.jobs, ...processors, ...tokens) * 1.3;
  const y = (value: number): number => height - (value / top) * height;
  const chart = drawing(
    "svg",
    {
      viewBox: `0 0 ${parts} ${height}`,
      preserveAspectRatio: "none",
      role: "img",
      "aria-label": describe(run, processors),
    },
    drawing("path", { class: "area", d: `M0 ${height}${stairs(processors, y)}V${height}Z` }),
    drawing("path", {
      class: "tokens",
      d: `M0 ${y(tokens[0] ?? 0)}${stairs(tokens, y)}`,
    }),
    drawing("path", { class: "limit", d: `M0 ${y(run.jobs)}H${parts}` }),
  );
  const title = element(
    "div",
    { class: "use-title" },
    element("span", { class: "key-area" }, "processors busy"),
    element("span", { class: "key-tokens" }, isCounted ? "job tokens held" : "packages building"),
  );
  const limit = element("span", { class: "limit-word" }, `${showNumber(run.jobs)} jobs`);
  limit.style.bottom = `${(run.jobs / top) * 100}%`;
  return { chart, title, marks: [limit] };
}

function stairs(values: readonly number[], y: (value: number) => number): string {
  return values.map((value, at) => `V${y(value).toFixed(1)}H${at + 1}`).join("");
}

function describe(run: Run, processors: readonly number[]): string {
  const mean = processors.reduce((sum, value) => sum + value, 0) / parts;
  const most = Math.max(...processors);
  return `Processors busy over the run: ${mean.toFixed(1)} on average, ${most.toFixed(1)} at most, of ${run.jobs} jobs`;
}
