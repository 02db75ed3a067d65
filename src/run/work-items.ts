/**
 * The nodes of a run: a package's fetch, its build and its check.
 *
 * A build is called as its package. A fetch takes no job and runs ahead; that it failed is told at
 * once, but fails nothing: the build asks for the source again if it comes to need it. A check waits
 * for builds and nothing waits for it, so checks cannot make a cycle. What depends on a package
 * is built while its check runs; whether all may join the prefix is decided at the end of the run.
 */
import { checkDependencies, directDependencies, recipeOf, type WorkItem } from "../plan/index.ts";
import { pinOf, type Recipe } from "../recipe/index.ts";
import { hasCrates } from "../source/index.ts";
import type { NodeKind, Session } from "../workspace/index.ts";
import type { Expect } from "./expectations.ts";

/** How many sources are fetched at once, beside the jobs. */
export const fetchesAtOnce = 4;

/** `names`: what is to be built, dependencies first. */
export function workItems(
  session: Session,
  names: readonly string[],
  options: {
    readonly expect: Expect;
    readonly check: boolean;
    readonly isAway?: (name: string) => boolean;
  },
): WorkItem[] {
  const { recipes } = session.workspace;
  const waiting = new Set(names);
  return names.flatMap((name) => {
    const recipe = recipeOf(recipes, name);
    // The view also shows what these need at run time, for which they wait themselves.
    const needs = directDependencies(recipe).filter((need) => waiting.has(need));
    const expected = (kind: NodeKind): { expectedMs: number } => ({
      expectedMs: options.expect(kind, name).expectedMs,
    });
    const lane = options.isAway?.(name) === true ? ({ lane: "away" } as const) : {};
    const fetch = nodeName("fetch", name);
    const isFetched = mustFetch(session, recipe);
    const items: WorkItem[] = [
      { name, needs: isFetched ? [fetch, ...needs] : needs, ...lane, ...expected("build") },
    ];
    if (isFetched) items.unshift({ name: fetch, needs: [], lane: "ahead", ...expected("fetch") });
    if (options.check && recipe.check !== undefined) {
      const besides = checkDependencies(recipe).filter((need) => waiting.has(need));
      items.push({
        name: nodeName("check", name),
        needs: [name, ...besides],
        ...lane,
        ...expected("check"),
      });
    }
    return items;
  });
}

export function nodeName(kind: NodeKind, name: string): string {
  return kind === "build" ? name : `${kind} ${name}`;
}

/** The names of packages hold no space. */
export function nodeOf(itemName: string): { readonly kind: NodeKind; readonly name: string } {
  const space = itemName.indexOf(" ");
  if (space < 0) return { kind: "build", name: itemName };
  return { kind: itemName.slice(0, space) as NodeKind, name: itemName.slice(space + 1) };
}

function mustFetch({ workspace, store, sources }: Session, recipe: Recipe): boolean {
  if (recipe.source === undefined) return false;
  const pin = pinOf(recipe, workspace.lock);
  if (recipe.source.kind !== "path" && (pin === undefined || !store.hasSource(pin.sha256))) {
    return true;
  }
  return !hasCrates(sources, recipe, pin);
}
