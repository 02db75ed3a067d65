/** What is known of a run by its events so far: what runs, what waits, what has ended. */
import type { EventBody, GraphPackage } from "../core/index.ts";

export interface RunningPackage {
  readonly name: string;
  readonly version: string;
  readonly sinceMs: number;
  /** Of its nodes, the one that runs; while it is fetched it still waits for its build. */
  readonly node: "fetch" | "build" | "check";
  /** Empty until the first of its build begins. */
  readonly step: string;
  readonly logFile?: string;
}

export interface RunState {
  apply(event: EventBody, nowMs: number): void;
  /** When the run began; undefined outside of one. */
  readonly startedMs: number | undefined;
  readonly jobs: number;
  readonly total: number;
  readonly ended: number;
  readonly failed: readonly string[];
  readonly blocked: number;
  /** What is fetched, built or checked, in the order in which they began. */
  readonly running: ReadonlyMap<string, RunningPackage>;
  /** How many job tokens each package holds, of those that hold any. */
  readonly held: ReadonlyMap<string, number>;
  /** Out of date, and its build neither begun nor ended. */
  readonly waiting: ReadonlySet<string>;
  /** Every package of the run, dependencies first. */
  readonly packages: ReadonlyMap<string, GraphPackage>;
  /** How much longer than expected what has been built took: 1 when it is not known. */
  readonly slowness: number;
}

/** Less says nothing about how fast the machine is today. */
const tellingMs = 5000;

export function createRunState(): RunState {
  const running = new Map<string, RunningPackage>();
  const held = new Map<string, number>();
  const waiting = new Set<string>();
  const packages = new Map<string, GraphPackage>();
  const failed: string[] = [];
  let startedMs: number | undefined;
  const count = { jobs: 1, total: 0, ended: 0, blocked: 0 };
  let expectedMs = 0;
  let tookMs = 0;

  const begin = (name: string, nowMs: number, node: RunningPackage["node"]): void => {
    const version = packages.get(name)?.version ?? "";
    running.delete(name);
    running.set(name, { name, version, sinceMs: nowMs, node, step: node === "build" ? "" : node });
    if (node === "build") waiting.delete(name);
  };
  const end = (name: string): void => {
    running.delete(name);
    held.delete(name);
    waiting.delete(name);
    count.ended += 1;
  };

  const apply = (event: EventBody, nowMs: number): void => {
    switch (event.kind) {
      case "run-started":
        for (const one of [running, held, waiting, packages]) one.clear();
        failed.length = 0;
        startedMs = nowMs;
        count.ended = 0;
        count.blocked = 0;
        count.total = event.outOfDate;
        count.jobs = event.jobs;
        return;
      case "graph":
        for (const one of event.packages) {
          packages.set(one.name, one);
          if (!one.upToDate) waiting.add(one.name);
        }
        return;
      case "fetch-started":
        return begin(event.package, nowMs, "fetch");
      case "fetch-finished":
      case "fetch-failed":
        running.delete(event.package);
        return;
      case "build-started":
        return begin(event.package, nowMs, "build");
      case "check-started":
        return begin(event.package, nowMs, "check");
      case "check-finished":
        running.delete(event.package);
        return;
      case "check-failed":
        running.delete(event.package);
        if (!event.isWarning) failed.push(event.package);
        return;
      case "tokens":
        if (event.held === 0) held.delete(event.package);
        else held.set(event.package, event.held);
        return;
      case "step-started": {
        const one = running.get(event.package);
        const { step, logFile } = event;
        if (one !== undefined) running.set(one.name, { ...one, step, logFile });
        return;
      }
      case "build-finished": {
        const expected = packages.get(event.package)?.expectedMs;
        if (expected !== undefined && event.result !== "reused") {
          expectedMs += expected;
          tookMs += event.durationMs;
        }
        return end(event.package);
      }
      case "build-failed":
        failed.push(event.package);
        return end(event.package);
      case "build-blocked":
        count.blocked += 1;
        return end(event.package);
    }
  };

  return {
    apply,
    failed,
    running,
    held,
    waiting,
    packages,
    get startedMs() {
      return startedMs;
    },
    get jobs() {
      return count.jobs;
    },
    get total() {
      return count.total;
    },
    get ended() {
      return count.ended;
    },
    get blocked() {
      return count.blocked;
    },
    get slowness() {
      if (expectedMs < tellingMs) return 1;
      return Math.min(4, Math.max(0.5, tookMs / expectedMs));
    },
  };
}
