/** Which checks a build runs: all that were asked for, and of a companion what its lists say. */
import type { CheckMode } from "../recipe/index.ts";
import type { BuildOptions } from "./planned-work.ts";
import type { Session } from "../workspace/index.ts";

export interface AskedChecks {
  /** With the checks that are run, and no others. */
  readonly session: Session;
  readonly checkOf: (name: string) => CheckMode;
}

export function keepAskedChecks(session: Session, options: BuildOptions): AskedChecks {
  const { workspace } = session;
  const { check = "no" } = options;
  const checkOf = workspace.companion?.checksFor(options.check) ?? (() => check);
  const recipes = new Map(
    [...workspace.recipes].map(([name, recipe]) => {
      const { check: _check, ...unchecked } = recipe;
      return [name, checkOf(name) === "no" ? unchecked : recipe];
    }),
  );
  return { session: { ...session, workspace: { ...workspace, recipes } }, checkOf };
}
