/** Why a build failed that another program ran: its log alone, with what a workspace knows of such failures. */
import type { FailureFacts } from "../core/index.ts";
import { explainLines, type Explanation, openLogReader } from "../failure/index.ts";
import { readKnown } from "../recipe/index.ts";
import type { World } from "../world/index.ts";
import { knownAs, readFailures, recurrenceOf } from "./failure-history.ts";
import { locateWorkspace, stateFolderOf, type WorkspacePlace } from "./open-workspace.ts";
import { openWorkspaceState } from "./workspace-state.ts";

export interface LogExplanation extends Explanation, Pick<FailureFacts, "seen" | "known"> {}

/**
 * Reads a log to its end, in bounded memory, whatever its length. `place.directory` is where a
 * workspace is looked for, whose `known-failures.toml` and earlier failures are compared; none has
 * to be there. The explanation's kind is `unknown`, without a line, where the log does not tell.
 */
export async function explainForeignLog(
  world: World,
  place: WorkspacePlace,
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
): Promise<LogExplanation> {
  const reader = openLogReader();
  const decoder = new TextDecoder();
  for await (const chunk of chunks) reader.add(decoder.decode(chunk, { stream: true }));
  const explanation = explainLines(reader.end(), {
    package: "",
    step: "",
    ending: "does not say why the build failed",
    isForeign: true,
  });
  return { ...explanation, ...recall(world, place, explanation) };
}

function recall(
  world: World,
  place: WorkspacePlace,
  { fingerprint }: Explanation,
): Pick<FailureFacts, "seen" | "known"> {
  const directory = locateWorkspace(world, place);
  if (directory === undefined) return { seen: undefined, known: undefined };
  const state = openWorkspaceState(world, stateFolderOf(world, place));
  const failure = { fingerprint, package: "" };
  return {
    seen: recurrenceOf(failure, readFailures(world, state.failures)),
    known: knownAs(failure, readKnown(world.disk, directory)),
  };
}
