/** What is known of a run's failures from earlier runs and from the team. */
import type { FailureFacts } from "../core/index.ts";
import {
  addFailures,
  knownAs,
  readFailures,
  recurrenceOf,
  type SeenFailure,
  type Session,
} from "../workspace/index.ts";

export type Recall = (
  failure: Pick<SeenFailure, "fingerprint" | "package">,
) => Pick<FailureFacts, "seen" | "known">;

/** The history is read when something fails: that of the run itself is not in it. */
export function createRecall({ world, state, workspace }: Session): Recall {
  let earlier: readonly SeenFailure[] | undefined;
  return (failure) => {
    earlier ??= readFailures(world, state.failures);
    return {
      seen: recurrenceOf(failure, earlier),
      known: knownAs(failure, workspace.knownFailures),
    };
  };
}

/** Adds them to the workspace's history. */
export function noteFailures(
  { world, state }: Session,
  run: string,
  failures: readonly Omit<SeenFailure, "run" | "atMs">[],
): void {
  const atMs = world.clock.now();
  addFailures(
    world,
    state.failures,
    failures.map(({ fingerprint, package: name, version, reason }) => {
      return { fingerprint, package: name, version, run, atMs, reason };
    }),
  );
}
