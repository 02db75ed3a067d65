/** Which packages of a workspace a command is about. */
import { TenonError } from "../core/index.ts";
import { nearestOf } from "./nearest.ts";
import type { Session } from "./session.ts";

/** The named ones, each once; all when none is named. Throws for a name without a recipe. */
export function selectPackages(session: Session, names: readonly string[]): string[] {
  const known = [...session.workspace.recipes.keys()];
  for (const name of names) {
    if (session.workspace.recipes.has(name)) continue;
    throw new TenonError({
      kind: "usage",
      code: "UNKNOWN_PACKAGE",
      message: `no recipe in ${session.workspace.directory} is called ${name}`,
      hints: nearestOf(name, known),
    });
  }
  return names.length === 0 ? known : [...new Set(names)];
}
