/**
 * Dependencies that lead in a circle. make follows prerequisites in depth, and drops one that leads back to
 * what it is about to build; so does this, in the order of the packages' names.
 */
import type { SageDependencies } from "./dependencies.ts";

type Needs = ReadonlyMap<string, SageDependencies>;

interface WithoutCircles {
  readonly needs: Map<string, SageDependencies>;
  /** What was dropped, as make says it: `a <- b`. */
  readonly dropped: readonly string[];
}

export function dropCircular(needs: Needs): WithoutCircles {
  const dropped = new Map<string, Set<string>>();
  const finished = new Set<string>();
  const open = new Set<string>();
  const visit = (name: string): void => {
    open.add(name);
    for (const other of prerequisitesOf(needs.get(name))) {
      if (open.has(other)) dropped.set(name, (dropped.get(name) ?? new Set()).add(other));
      else if (!finished.has(other)) visit(other);
    }
    open.delete(name);
    finished.add(name);
  };
  for (const name of needs.keys()) if (!finished.has(name)) visit(name);
  return {
    needs: new Map([...needs].map(([name, its]) => [name, without(its, dropped.get(name))])),
    dropped: [...dropped].flatMap(([name, others]) =>
      [...others].map((other) => `${name} <- ${other}`),
    ),
  };
}

/** In the order of make's rule. */
function prerequisitesOf(its: SageDependencies | undefined): Iterable<string> {
  return its === undefined ? [] : new Set([...its.run, ...its.build, ...its.orderOnly]);
}

function without(
  its: SageDependencies,
  dropped: ReadonlySet<string> | undefined,
): SageDependencies {
  if (dropped === undefined) return its;
  const rest = (names: readonly string[]): string[] => names.filter((name) => !dropped.has(name));
  return { ...its, run: rest(its.run), build: rest(its.build), orderOnly: rest(its.orderOnly) };
}
