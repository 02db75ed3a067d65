/** What is known of a run by its events so far: live view, plain progress, report and log read it here. */
import type { Event, EventBody } from "../core/index.ts";
import { layeredMap, type LayeredMap, valueOf, valuesOf, withValue } from "./layered-map.ts";
import {
  foldPackage,
  hasBuildEnded,
  hasEnded,
  type PackageInRun,
  plannedPackage,
  type RunningNode,
  unknownPackage,
} from "./package-in-run.ts";

export interface RunState {
  /** Undefined outside of a run. */
  readonly startedMs: number | undefined;
  readonly jobs: number;
  /** How many packages are to be built. */
  readonly total: number;
  /** How many of their builds have ended, in whatever way. */
  readonly ended: number;
  /** Whether all packages of the run are known. */
  readonly isPlanned: boolean;
  readonly result: Extract<EventBody, { kind: "run-finished" }>["result"] | undefined;
  /** Dependencies first. */
  readonly packages: LayeredMap<PackageInRun>;
}

export const noRun: RunState = {
  startedMs: undefined,
  jobs: 1,
  total: 0,
  ended: 0,
  isPlanned: false,
  result: undefined,
  packages: layeredMap([]),
};

/** Pure. Times are those of the events, by whatever clock they have. */
export function fold(run: RunState, event: Event): RunState {
  switch (event.kind) {
    case "run-started":
      return { ...noRun, startedMs: event.atMs, jobs: event.jobs, total: event.outOfDate };
    case "graph": {
      const packages = event.packages.map((one) => [one.name, plannedPackage(one)] as const);
      return { ...run, isPlanned: true, packages: layeredMap(packages) };
    }
    case "run-finished":
      return { ...run, result: event.result };
    default:
      return "package" in event && typeof event.package === "string"
        ? foldInto(run, event.package, event)
        : run;
  }
}

function foldInto(run: RunState, name: string, event: Event): RunState {
  const known = valueOf(run.packages, name);
  const before = known ?? unknownPackage(name);
  const after = foldPackage(before, event, event.atMs);
  if (after === known) return run;
  const ended = run.ended + (hasBuildEnded(after) && !hasBuildEnded(before) ? 1 : 0);
  return { ...run, ended, packages: withValue(run.packages, name, after) };
}

/** Whether nothing more is to come of a package: what is not in the run is not waited for. */
export function isOver(run: RunState, name: string): boolean {
  if (run.result !== undefined) return true;
  const one = valueOf(run.packages, name);
  return one === undefined ? run.isPlanned : hasEnded(one);
}

export type RunningPackage = PackageInRun & { readonly node: RunningNode };

/** What is fetched, built or checked, in the order in which that began. */
export function runningIn(run: RunState): RunningPackage[] {
  return valuesOf(run.packages)
    .filter((one): one is RunningPackage => one.node !== undefined)
    .sort((a, b) => a.node.sinceMs - b.node.sinceMs);
}

/** In the order in which they came to it, for what has ended; else in that of the run. */
export function packagesIn(run: RunState, state: PackageInRun["state"]): PackageInRun[] {
  const endMs = ({ checkToMs, buildToMs = 0 }: PackageInRun): number => checkToMs ?? buildToMs;
  return valuesOf(run.packages)
    .filter((one) => one.state === state)
    .sort((a, b) => endMs(a) - endMs(b));
}
