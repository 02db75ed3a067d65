/** The search box: what is typed filters all parts; Enter or a click goes to a package. */
import { element } from "./element.ts";
import { type PageFacts, isFound, stateWords } from "./facts.ts";
import type { State } from "./state.ts";

const mostSuggestions = 8;

const inputAttributes = {
  type: "search",
  placeholder: "Search packages  /",
  role: "combobox",
  "aria-label": "Search packages",
  "aria-controls": "suggestions",
  "aria-expanded": "false",
  "aria-autocomplete": "list",
  autocomplete: "off",
  spellcheck: "false",
};

export function showSearch(
  facts: PageFacts,
  state: State,
): { readonly box: HTMLElement; readonly input: HTMLInputElement } {
  const input = element("input", inputAttributes);
  const list = element("ul", { id: "suggestions", role: "listbox", hidden: true });
  let names: string[] = [];
  let marked = 0;
  const draw = (): void => {
    const isOpen = names.length > 0 && document.activeElement === input;
    list.hidden = !isOpen;
    input.setAttribute("aria-expanded", String(isOpen));
    if (isOpen) input.setAttribute("aria-activedescendant", `suggestion-${marked}`);
    else input.removeAttribute("aria-activedescendant");
    list.replaceChildren(...names.map((name, at) => suggestion(name, at)));
  };
  const suggestion = (name: string, at: number): HTMLElement => {
    const made = suggestionItem(name, facts, { at, isMarked: at === marked });
    made.addEventListener("pointerdown", (event) => {
      event.preventDefault();
      go(name);
    });
    return made;
  };
  const go = (name: string | undefined): void => {
    if (name === undefined) return;
    clear();
    state.choose(name);
  };
  const clear = (): void => {
    input.value = "";
    names = [];
    state.search("");
    draw();
    input.blur();
  };
  input.addEventListener("input", () => {
    state.search(input.value);
    names = suggestionsFor(state.get().query, facts);
    marked = 0;
    draw();
  });
  input.addEventListener("blur", draw);
  input.addEventListener("focus", draw);
  input.addEventListener("keydown", (event) => {
    const steps: Record<string, number> = { ArrowDown: 1, ArrowUp: -1 };
    const step = steps[event.key];
    if (event.key === "Enter") go(names[marked]);
    else if (event.key === "Escape") clear();
    else if (step !== undefined && names.length > 0) {
      marked = (marked + step + names.length) % names.length;
      draw();
    } else return;
    event.preventDefault();
    event.stopPropagation();
  });
  return { box: element("div", { class: "search", role: "search" }, input, list), input };
}

function suggestionItem(
  name: string,
  { packages }: PageFacts,
  { at, isMarked }: { readonly at: number; readonly isMarked: boolean },
): HTMLElement {
  const each = packages.get(name);
  return element(
    "li",
    { id: `suggestion-${at}`, role: "option", "aria-selected": String(isMarked) },
    name,
    element("span", { class: "muted" }, each === undefined ? "" : stateWords[each.state]),
  );
}

/** Names that begin with it first, the shorter first. */
function suggestionsFor(query: string, { packages }: PageFacts): string[] {
  const rank = (name: string): number => (name.toLowerCase().startsWith(query) ? 0 : 1);
  return [...packages.keys()]
    .filter((name) => isFound(name, query))
    .sort((a, b) => rank(a) - rank(b) || a.length - b.length || (a < b ? -1 : 1))
    .slice(0, mostSuggestions);
}
