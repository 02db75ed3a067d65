/** Which tree a commit has: what lets a full commit id do without a pin. */
import { type Digest, isDigest } from "../core/index.ts";
import { readTextIfAny, writeAtomically } from "../world/index.ts";
import type { SourceContext } from "./context.ts";
import type { GitResult } from "./git.ts";

/** The digest of the commit's tree, if this store has ever exported it. */
export function treeOf(context: SourceContext, commit: string): Digest | undefined {
  const text = readTextIfAny(context.world.disk, recordOf(context, commit))?.trim() ?? "";
  return isDigest(text) ? text : undefined;
}

export function recordTree(context: SourceContext, { commit, sha256 }: GitResult): void {
  const { clock, disk } = context.world;
  const temporary = `${context.store.layout.scratch}/${clock.uniqueId()}`;
  const file = recordOf(context, commit);
  writeAtomically(disk, file, `${sha256}\n`, { temporary, durable: false });
}

/** Beside the clones, as a commit id means the same in each of them. */
function recordOf(context: SourceContext, commit: string): string {
  return `${context.store.layout.git}/${commit}.tree`;
}
