/**
 * Which packages of a run are built on other machines, as `[execution]` of tenon.toml wants it.
 *
 * A package stays here that is built for this prefix alone, that uses more of this machine than its own folders, whose
 * check needs what is not built yet, and that takes less time than to send it away.
 */
import { checkDependencies, recipeOf } from "../plan/index.ts";
import type { Session } from "../workspace/index.ts";
import type { Expect } from "./expectations.ts";
import type { BuildFacts } from "./facts.ts";
import type { Resolver } from "./resolver.ts";

interface Choosing {
  readonly session: Pick<Session, "workspace">;
  readonly options: { readonly local?: boolean };
  readonly facts: Pick<BuildFacts, "fixed">;
  readonly resolver: Pick<Resolver, "placeOf" | "artifacts">;
}

/** Whether a package is built on another machine. */
export function chooseAway(
  { session, options, facts, resolver }: Choosing,
  expect: Expect,
): (name: string) => boolean {
  const { execution, recipes } = session.workspace;
  if (execution === undefined || options.local === true || facts.fixed !== undefined)
    return () => false;
  return (name) => {
    const recipe = recipeOf(recipes, name);
    const { build } = recipe;
    const stays =
      resolver.placeOf(name) === "prefix" ||
      build.online === true ||
      build.outside !== undefined ||
      checkDependencies(recipe).some((need) => !resolver.artifacts.has(need));
    return !stays && expect("build", name).expectedMs >= execution.shortestMs;
  };
}

/** How many builds there are elsewhere at once. */
export function awayLimit({ session, options }: Pick<Choosing, "session" | "options">): number {
  const { execution } = session.workspace;
  return options.local === true ? 0 : (execution?.atOnce ?? 0);
}
