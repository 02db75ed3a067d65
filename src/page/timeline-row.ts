/** One package of the timeline: its steps as bars, its waiting as a line, its time beside them. */
import type { PackageRun, Span } from "../events/run.ts";
import { button, element, place } from "./element.ts";
import { type Facts, showTime, stateWords } from "./facts.ts";
import type { State } from "./state.ts";

export function makeRow(each: PackageRun, { spanMs }: Facts, state: State): HTMLElement {
  const { name, state: end, spans, isCritical } = each;
  const bars = spans.map((span, at) => makeBar(span, at, spanMs));
  const total = placeTotal(each, spanMs);
  const label = button(name, "", () => state.choose(name), {
    class: "name",
    tabindex: -1,
    "aria-label": describe(each),
  });
  label.removeAttribute("title");
  const track = element("span", { class: "bars" }, ...bars, total);
  track.addEventListener("click", () => state.choose(name));
  return element(
    "li",
    { class: `row ${end}${isCritical ? " critical" : ""}`, "data-package": name },
    label,
    track,
  );
}

/** Beside the last bar, on the side where there is room; else inside. */
function placeTotal(each: PackageRun, spanMs: number): HTMLElement {
  const total = element("span", { class: "total" }, totalOf(each));
  const endShare = (each.toMs ?? 0) / spanMs;
  const beginShare = Math.min(...each.spans.map(({ fromMs }) => fromMs)) / spanMs;
  if (endShare <= 0.88) total.style.left = percent(endShare);
  else if (beginShare >= 0.12) total.style.right = percent(1 - beginShare);
  else {
    total.classList.add("inside");
    total.style.right = percent(1 - endShare);
  }
  return total;
}

function percent(share: number): string {
  return `${(share * 100).toFixed(3)}%`;
}

function totalOf({ runMs, state }: PackageRun): string {
  if (state === "failed") return `${showTime(runMs)}, failed`;
  return state === "unfinished" ? "not finished" : showTime(runMs);
}

/** For those who hear the page. */
export function describe(each: PackageRun): string {
  const { name, version, state, runMs, waitMs, isCritical } = each;
  const critical = isCritical ? ", on the critical path" : "";
  const waited = waitMs > 0 ? `, was ready for ${showTime(waitMs)} before` : "";
  return `${name} ${version}, ${stateWords[state]}, ${showTime(runMs)}${waited}${critical}`;
}

/** Steps take turns between two shades: a line between them would hide short ones. */
function makeBar(span: Span, at: number, spanMs: number): HTMLElement {
  const { kind, fromMs, toMs } = span;
  const isOdd = at % 2 === 1;
  const bar = element("span", {
    class: `bar-${kind}${isOdd ? " odd" : ""}`,
    "data-span": at,
  });
  return place(bar, { leftShare: fromMs / spanMs, widthShare: (toMs - fromMs) / spanMs });
}
