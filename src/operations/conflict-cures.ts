/** What a person can do about conflicts, by what they are about. */
import type { Conflict } from "../install/index.ts";

export interface ConflictCures {
  /** A path that two packages claim. */
  readonly owned: readonly string[];
  /** A path at which one of the two has a folder and the other a link or file. */
  readonly folder?: readonly string[];
  /** A path at which there is somebody's file. */
  readonly foreign?: readonly string[];
}

/** Those that help with one of the conflicts, one sentence each. */
export function curesFor(
  conflicts: readonly Conflict[],
  { owned, folder = owned, foreign = ["Move the file away, or remove it."] }: ConflictCures,
): string[] {
  const cures = conflicts.flatMap((conflict) => {
    if (conflict.kind === "foreign") return foreign;
    if (conflict.kind === "state") return [];
    return conflict.folder === undefined ? owned : folder;
  });
  return [...new Set(cures)];
}

export const installCures: ConflictCures = {
  owned: [
    "Add --replaces PATH to let this package take the path over, or leave the path out of the stage.",
  ],
  folder: ["Leave the path out of one of the two: only files and links can be taken over."],
};
