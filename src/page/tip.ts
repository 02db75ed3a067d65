/** The small box beside the pointer; all that it says is also in the package's details. */
import { showSize } from "../core/figures.ts";
import type { PackageRun, Span } from "../events/run.ts";
import { element } from "./element.ts";
import { showTime } from "./facts.ts";

export function attachTip(
  area: HTMLElement,
  textFor: (target: Element) => HTMLElement | undefined,
): void {
  const tip = element("div", { class: "tip", "aria-hidden": true, hidden: true });
  area.after(tip);
  const hide = (): void => tip.setAttribute("hidden", "");
  area.addEventListener("pointermove", (event) => {
    const text = event.target instanceof Element ? textFor(event.target) : undefined;
    if (text === undefined) return hide();
    if (!tip.isConnected) document.body.append(tip);
    tip.replaceChildren(text);
    tip.removeAttribute("hidden");
    const left = Math.min(event.clientX + 14, innerWidth - tip.offsetWidth - 8);
    const below = event.clientY + 18;
    const isLow = below + tip.offsetHeight > innerHeight;
    tip.style.left = `${Math.max(8, left)}px`;
    tip.style.top = `${isLow ? event.clientY - tip.offsetHeight - 10 : below}px`;
  });
  area.addEventListener("pointerleave", hide);
}

export function spanTip(
  { name, version }: PackageRun,
  span: Span | undefined,
): HTMLElement | undefined {
  if (span === undefined) return undefined;
  const { fromMs, toMs, maxRssBytes } = span;
  const figures = [showTime(toMs - fromMs), ...processorWords(span)];
  if (maxRssBytes !== undefined) figures.push(`${showSize(maxRssBytes)} of memory`);
  return element(
    "div",
    {},
    element("strong", {}, name),
    ` ${version}`,
    element("div", {}, spanWord(span)),
    element("div", { class: "muted" }, figures.join(" · ")),
  );
}

export function spanWord({ kind, step }: Span): string {
  if (kind === "wait") return "ready, waiting";
  if (kind === "fetch") return "fetching its source";
  return step ?? "between steps";
}

function processorWords({ userMs, systemMs }: Span): string[] {
  if (userMs === undefined && systemMs === undefined) return [];
  return [`${showTime((userMs ?? 0) + (systemMs ?? 0))} of processor time`];
}
