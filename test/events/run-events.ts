/** The events of a pretended run. */
import type { EventBody, GraphPackage } from "../../src/core/index.ts";
import { fold, noRun, type RunState } from "../../src/events/index.ts";

export interface Planned {
  readonly needs?: readonly string[];
  readonly expectedMs?: number;
  readonly upToDate?: boolean;
}

export function startOf(planned: Readonly<Record<string, Planned>>, jobs = 2): EventBody[] {
  const packages: GraphPackage[] = Object.entries(planned).map(([name, { needs, ...rest }]) => ({
    name,
    version: "1.0",
    system: "script",
    needs: needs ?? [],
    upToDate: false,
    ...rest,
  }));
  const count = packages.filter(({ upToDate }) => !upToDate).length;
  return [
    { kind: "run-started", run: "r", packages: count, outOfDate: count, jobs, prefix: "/p" },
    { kind: "graph", packages },
  ];
}

export function building(name: string, step = "make"): EventBody[] {
  return [
    { kind: "build-started", package: name, version: "1.0" },
    { kind: "step-started", package: name, step, title: step, logFile: `/logs/${name}` },
  ];
}

export function built(name: string, durationMs = 1000): EventBody {
  return { kind: "build-finished", package: name, version: "1.0", result: "built", durationMs };
}

export function failed(name: string): EventBody {
  return {
    kind: "build-failed",
    package: name,
    version: "1.0",
    step: "make",
    reason: "no",
    fingerprint: "0a",
    logFile: "/l",
    durationMs: 1,
  };
}

export function runOf(events: readonly EventBody[], atMs = 0): RunState {
  return events.reduce((run, event) => fold(run, { ...event, atMs }), noRun);
}
