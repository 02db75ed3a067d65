/** What a build is to make of the prefix: what it holds for the workspace afterwards, and what leaves. */
import { runClosure } from "../plan/index.ts";
import type { Session } from "../workspace/index.ts";
import { findLeaving, nothingLeaves, type Records } from "./leaving.ts";
import type { PlannedStack } from "./planned-work.ts";

interface Question extends Pick<PlannedStack, "facts" | "selected" | "order"> {
  readonly options: Pick<PlannedStack["options"], "packages" | "choice" | "keep">;
}

/**
 * Where nothing is named, the prefix is to hold what the recipes say and nothing else which the
 * workspace has built; but a companion decides by its own books what there is too much of.
 */
export function goalOf(
  session: Session,
  records: Records,
  { options, facts, selected, order }: Question,
): Pick<PlannedStack, "installed" | "leaving"> {
  const { recipes, companion, keep, recipesFolder } = session.workspace;
  const isWhole = options.packages.length === 0 && options.choice === undefined;
  const isAll =
    (isWhole && selected.length === recipes.size) ||
    companion !== undefined || // takes for missing what was needed for building only, and is not there
    facts.isolation.kind === "none"; // builds use the live prefix
  const installed = isAll ? order : runClosure(recipes, selected);
  const keeps = options.keep === true || keep === true;
  // Without the folder of the recipes, nobody can say what it does not want.
  const clears = isWhole && companion === undefined && recipesFolder !== undefined && !keeps;
  return { installed, leaving: clears ? findLeaving(session, records, installed) : nothingLeaves };
}
