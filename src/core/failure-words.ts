/** What is known of a failure, as a person reads it: in the terminal, and on a report's page. */
import type { FailureFacts, Recurrence } from "./events.ts";
import { showCount, showNames } from "./figures.ts";

/** `2 times since 2026-03-01, last in run R, also in zlib`. */
export function showSeen({ times, firstAtMs, lastRun, otherPackages }: Recurrence): string {
  const since = new Date(firstAtMs).toISOString().slice(0, 10);
  const others = otherPackages.length === 0 ? "" : `, also in ${showNames(otherPackages)}`;
  return `${showCount(times, "time")} since ${since}, last in run ${lastRun}${others}`;
}

/** The team's note and link; empty when it has none. */
export function showKnown(known: FailureFacts["known"]): string {
  return [known?.note, known?.link].filter((text) => text !== undefined).join(" ");
}
