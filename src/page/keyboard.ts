/** Keys that work everywhere on the page, and the box that lists them. */
import { button, element } from "./element.ts";
import type { State } from "./state.ts";

const keys: readonly (readonly [string, string])[] = [
  ["/", "search"],
  ["Enter", "go to the package"],
  ["↑ ↓", "move between packages, in the search and in the timeline"],
  ["t  g  p", "to the timeline, the graph, the packages"],
  ["+  −  0", "in the graph: nearer, farther, all; arrows move it"],
  ["d", "light or dark"],
  ["Esc", "close, or clear the search"],
  ["?", "this help"],
];

export function showHelp(): {
  readonly button: HTMLButtonElement;
  readonly dialog: HTMLDialogElement;
} {
  const dialog = element(
    "dialog",
    { "aria-labelledby": "help-title" },
    element("h2", { id: "help-title" }, "Keys"),
    element(
      "dl",
      {},
      ...keys.flatMap(([key, what]) => [
        element("dt", {}, ...key.split(/ {2}/).map((each) => element("kbd", {}, each))),
        element("dd", {}, what),
      ]),
    ),
    element("form", { method: "dialog" }, element("button", {}, "Close")),
  );
  return {
    button: button("?", "Keys (?)", () => dialog.showModal(), { "aria-label": "Keys" }),
    dialog,
  };
}

interface KeyTargets {
  readonly state: State;
  readonly search: HTMLInputElement;
  readonly help: HTMLDialogElement;
}

export function listenToKeys({ state, search, help }: KeyTargets): void {
  const actions: Record<string, () => void> = {
    "/": () => search.focus(),
    "?": () => help.showModal(),
    d: () => document.getElementById("theme")?.click(),
    t: () => goTo("timeline"),
    g: () => goTo("graph"),
    p: () => goTo("packages"),
    Escape: () => {
      state.choose(undefined);
      state.search("");
    },
  };
  addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || help.open) return;
    if (event.target instanceof HTMLInputElement) return;
    const action = actions[event.key];
    if (action === undefined) return;
    event.preventDefault();
    action();
  });
}

function goTo(id: string): void {
  const section = document.getElementById(id);
  section?.scrollIntoView();
  section?.querySelector<HTMLElement>("[tabindex='0']")?.focus({ preventScroll: true });
}
