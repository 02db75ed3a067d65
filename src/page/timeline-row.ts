/** One package of the timeline: its steps as bars, its waiting as a line, its time beside them; or many as one. */
import { showCount } from "../core/figures.ts";
import { outline } from "../events/job-slots.ts";
import type { PackageRun, Span } from "../events/run.ts";
import { button, element, place } from "./element.ts";
import { type PageFacts, showTime, stateWords } from "./facts.ts";
import type { State } from "./state.ts";
import type { Fold } from "./timeline-folds.ts";

export function makeRow(each: PackageRun, facts: PageFacts, state: State): HTMLElement {
  const { name, state: end, spans, isCritical } = each;
  const { spanMs } = facts;
  const isBlocked = each.fromMs === undefined;
  const bars = isBlocked
    ? [blockedBar(each, facts)]
    : [...spans.map((span, at) => makeBar(span, at, spanMs)), placeTotal(each, spanMs)];
  const label = button(name, "", () => state.choose(name), {
    class: "name",
    tabindex: -1,
    "aria-label": describe(each),
  });
  label.removeAttribute("title");
  const track = element("span", { class: "bars" }, ...bars);
  track.addEventListener("click", () => state.choose(name));
  return element(
    "li",
    { class: `row ${end}${isCritical ? " critical" : ""}`, "data-package": name },
    label,
    track,
  );
}

/** All bars on one line. A click opens its rows, or closes them. */
export function makeFold(
  { kind, packages }: Fold,
  facts: PageFacts,
  toggle: () => void,
): HTMLElement {
  const [first] = packages;
  const word = kind === "short" ? `${packages.length} shorter` : `${packages.length} blocked`;
  const bars =
    kind === "short"
      ? packages.map((each) => outlineBar(each, facts.spanMs))
      : [first === undefined ? undefined : blockedBar(first, facts)];
  const label = button(word, "", toggle, {
    class: "name",
    tabindex: -1,
    "aria-expanded": "false",
    "aria-label": `${showCount(packages.length, "package")}, ${kind === "short" ? "shorter ones" : describeBlocked(first)}`,
  });
  label.removeAttribute("title");
  const track = element("span", { class: "bars" }, ...bars);
  track.addEventListener("click", toggle);
  return element("li", { class: `row fold ${kind}` }, label, track);
}

function outlineBar(each: PackageRun, spanMs: number): HTMLElement | undefined {
  const whole = outline(each, "run");
  if (whole === undefined) return undefined;
  const bar = element("span", { class: "bar-run", "data-package": each.name });
  return place(bar, {
    leftShare: whole.fromMs / spanMs,
    widthShare: (whole.toMs - whole.fromMs) / spanMs,
  });
}

/** From the failure to the end of the run: so long it could have been built. */
function blockedBar(each: PackageRun, { packages, spanMs }: PageFacts): HTMLElement {
  const ends = (each.blockedBy ?? []).map((name) => packages.get(name)?.toMs ?? 0);
  const fromShare = Math.min(0.88, Math.min(spanMs, ...ends) / spanMs);
  const bar = element("span", { class: "bar-blocked" }, element("span", {}, describeBlocked(each)));
  return place(bar, { leftShare: fromShare, widthShare: 1 - fromShare });
}

function describeBlocked(each: PackageRun | undefined): string {
  const [first, ...others] = each?.blockedBy ?? [];
  return `blocked by ${first}${others.length === 0 ? "" : ` and ${others.length} more`}`;
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
  if (state === "blocked") return `${name} ${version}, ${describeBlocked(each)}`;
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
