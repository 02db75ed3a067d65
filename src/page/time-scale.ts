/** The timeline's axis and the lines below it, and how wide a second is drawn. */
import { ticksFor } from "../events/time-axis.ts";
import { button, element, place } from "./element.ts";
import type { PageFacts } from "./facts.ts";

interface Scale {
  readonly axis: HTMLElement;
  readonly grid: HTMLElement;
  /** Puts as many times on the axis as fit. */
  draw(): void;
}

const tickPixels = 72;

export function makeScale({ spanMs }: PageFacts): Scale {
  const axis = element("div", { class: "axis", "aria-hidden": true });
  const grid = element("div", { class: "grid", "aria-hidden": true });
  return {
    axis,
    grid,
    draw: () => {
      const fitting = Math.floor(axis.clientWidth / tickPixels);
      const ticks = ticksFor(spanMs, Math.max(2, fitting));
      const at = (atMs: number) => ({ leftShare: atMs / spanMs, widthShare: 0 });
      axis.replaceChildren(
        ...ticks.map(({ atMs, label }) =>
          place(element("span", { class: "tick" }, label), at(atMs)),
        ),
      );
      grid.replaceChildren(...ticks.map(({ atMs }) => place(element("span"), at(atMs))));
    },
  };
}

const mostZoom = 64;

export function zoomButtons(inner: HTMLElement, scale: Scale): HTMLElement {
  let zoom = 1;
  const set = (next: number): void => {
    zoom = Math.min(mostZoom, Math.max(1, next));
    inner.style.setProperty("--zoom", String(zoom));
    scale.draw();
  };
  new ResizeObserver(scale.draw).observe(inner);
  inner.addEventListener(
    "wheel",
    (event) => {
      if (!event.ctrlKey) return;
      event.preventDefault();
      set(zoom * (event.deltaY < 0 ? 1.25 : 0.8));
    },
    { passive: false },
  );
  return element(
    "div",
    { class: "choices", role: "group", "aria-label": "Time scale" },
    button("−", "Less detail", () => set(zoom / 2)),
    button("Fit", "The whole run", () => set(1)),
    button("+", "More detail", () => set(zoom * 2)),
  );
}
