/** What is known of a run's failures from earlier runs and from the team. */
import { addFailures, knownAs, readFailures, recurrenceOf } from "../workspace/index.ts";
import type { Failure } from "./package-failure.ts";
import type { Session } from "../workspace/index.ts";

/** Says of each failure what is known of it, then adds it to the workspace's history. */
export function recallFailures(
  { world, state, workspace }: Session,
  run: string,
  failures: readonly Failure[],
): Failure[] {
  const earlier = readFailures(world, state.failures);
  const atMs = world.clock.now();
  addFailures(
    world,
    state.failures,
    failures.map(({ fingerprint, package: name, version, reason }) => {
      return { fingerprint, package: name, version, run, atMs, reason };
    }),
  );
  return failures.map((failure) => {
    const seen = recurrenceOf(failure, earlier);
    const known = knownAs(failure, workspace.knownFailures);
    return {
      ...failure,
      ...(seen === undefined ? {} : { seen }),
      ...(known === undefined ? {} : { known }),
    };
  });
}
