/** The whole run at a glance: a line a job, with every build on the line of the job that it had. */
import { showCount } from "../core/figures.ts";
import { buildSlots, outline } from "../events/job-slots.ts";
import { element, place } from "./element.ts";
import type { PageFacts } from "./facts.ts";
import type { State } from "./state.ts";

/** All lanes together are about this high. */
const heightPixels = 96;
const mostLanePixels = 12;
const leastLanePixels = 2;

export function showLanes({ run, spanMs }: PageFacts, state: State): HTMLElement {
  const slots = buildSlots(run);
  const count = Math.max(0, ...slots.values());
  const lanes = Array.from({ length: count }, () => element("div", { class: "lane" }));
  const bars = new Map<string, HTMLElement>();
  for (const each of run.packages) {
    const whole = outline(each, "run");
    const lane = lanes[(slots.get(each.name) ?? 0) - 1];
    if (whole === undefined || lane === undefined) continue;
    const { name, state: end, isCritical } = each;
    const bar = element("span", {
      class: `${end === "failed" ? "failed" : ""}${isCritical ? " critical" : ""}`,
      "data-package": name,
    });
    place(bar, {
      leftShare: whole.fromMs / spanMs,
      widthShare: (whole.toMs - whole.fromMs) / spanMs,
    });
    bars.set(name, bar);
    lane.append(bar);
  }
  const made = element(
    "div",
    { class: "lanes", "aria-hidden": true },
    element("div", { class: "corner" }, showCount(count, "build"), " at once"),
    element("div", {}, ...lanes),
  );
  const pixels = Math.min(mostLanePixels, Math.max(leastLanePixels, heightPixels / count));
  made.style.setProperty("--lane", `${Math.floor(pixels)}px`);
  made.addEventListener("click", ({ target }) => {
    if (target instanceof HTMLElement) state.choose(target.dataset["package"]);
  });
  state.watch(({ chosen }) => {
    for (const [name, bar] of bars) bar.classList.toggle("chosen", name === chosen);
  });
  return made;
}
