/** The end of a build in which something has failed: what is whole joins, if that is wanted. */
import { recipeOf } from "../plan/index.ts";
import { settleBooks } from "../workspace/index.ts";
import type { BuildResult } from "./build-result.ts";
import { type JoinResult, joinPackages, missingFrom, recordsOf } from "./join.ts";
import type { PlannedStack } from "./planned-work.ts";
import type { Looked } from "./prefix-changes.ts";
import type { FailedRun } from "./run-items.ts";
import { decideWhole, type Whole } from "./whole.ts";

type Failed = Extract<BuildResult, { kind: "failed" }>;
type Conflict = Omit<Extract<BuildResult, { kind: "conflict" }>, "cures">;

/** Without views, each package has joined when it was built. Nothing leaves before all is whole. */
export async function joinWhole(
  stack: PlannedStack,
  ran: FailedRun,
  looked: Looked,
): Promise<Failed | Conflict> {
  const { unchecked: _unchecked, ...failed } = ran;
  const { names, heldBack } = findWhole(stack, ran, looked);
  if (stack.options.joinWhole !== true || names.length === 0)
    return { ...failed, whole: names, heldBack };
  const { session, resolver } = stack;
  const joined: JoinResult = await joinPackages(session, resolver, names);
  if (joined.kind === "conflict") return { ...joined, joined: ran.joined };
  const changed = joined.kind === "damaged" ? [] : joined.value.changed;
  for (const name of changed) resolver.remember(name);
  if (changed.length > 0) settleBooks(session.world, session.layout, session.workspace);
  return { ...failed, joined: [...failed.joined, ...changed], whole: [], heldBack };
}

function findWhole(
  { session, options, facts, resolver, installed, checkOf }: PlannedStack,
  { failures, blocked, unchecked }: FailedRun,
  { changes }: Looked,
): Whole {
  if (facts.isolation.kind === "none") return { names: [], heldBack: [] };
  const records = recordsOf(session);
  const known = installed.filter((name) => resolver.artifacts.has(name));
  const rolledBack = changes.filter(({ undone }) => undone?.by === "rollback");
  const broken = new Set([
    ...failures.map((failure) => failure.package),
    ...blocked.keys(),
    ...installed.filter((name) => !resolver.artifacts.has(name)),
    ...unchecked.filter((name) => checkOf(name) === "require"),
    ...(options.again === true ? [] : rolledBack.map(({ name }) => name)),
  ]);
  const missing = missingFrom(session, resolver, { names: known, records });
  const needsOf = (name: string): readonly string[] =>
    recipeOf(session.workspace.recipes, name).depends.run;
  return decideWhole({ missing, broken, needsOf, records });
}
