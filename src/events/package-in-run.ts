/** One package of a run, and what an event changes of it. Pure; all that reads events reads them here. */
import type { EventBody, FailureFacts, GraphPackage } from "../core/index.ts";
import type { FailureReport } from "./run.ts";

/** What is known by the events so far. Times are those of the events' clock. */
export interface PackageInRun extends Omit<GraphPackage, "upToDate"> {
  /** `waiting`: out of date, and its build has not begun; `unknown`: the run has not listed it. */
  readonly state:
    | "unknown"
    | "up-to-date"
    | "waiting"
    | "building"
    | "built"
    | "unchanged"
    | "reused"
    | "failed"
    | "blocked";
  /** What runs of it; while it is fetched it still waits for its build. */
  readonly node?: RunningNode | undefined;
  /** What is measured: a fetch as a whole, a build and a check step by step. */
  readonly open?: OpenSpan | undefined;
  /** How many job tokens it holds; undefined until some were counted. */
  readonly held?: number | undefined;
  readonly buildFromMs?: number;
  /** Not of one that is blocked. */
  readonly buildToMs?: number;
  readonly checkToMs?: number;
  /** How long its build took, where it was built. */
  readonly tookMs?: number;
  readonly fetchedBytes?: number;
  readonly failure?: Omit<FailureReport, "log">;
  /** The failed packages that it needs. */
  readonly blockedBy?: readonly string[];
}

export interface RunningNode {
  readonly kind: "fetch" | "build" | "check";
  readonly sinceMs: number;
  /** Empty until the first of a build begins. */
  readonly step: string;
  readonly logFile?: string;
}

interface OpenSpan {
  readonly kind: "fetch" | "run" | "check";
  readonly step?: string;
  readonly fromMs: number;
}

export function unknownPackage(name: string): PackageInRun {
  return { name, version: "", system: "", needs: [], state: "unknown" };
}

export function plannedPackage({ upToDate, ...rest }: GraphPackage): PackageInRun {
  return { ...rest, state: upToDate ? "up-to-date" : "waiting" };
}

/** Whether its build has ended, in whatever way: what needs it waits for it no more. */
export function hasBuildEnded({ state }: PackageInRun): boolean {
  return state !== "up-to-date" && !isToCome(state);
}

/** Whether nothing more is to come of it: its check, where it has one, comes after its build. */
export function hasEnded({ state, hasCheck = false, checkToMs }: PackageInRun): boolean {
  if (state === "built" || state === "unchanged") return !hasCheck || checkToMs !== undefined;
  return !isToCome(state);
}

function isToCome(state: PackageInRun["state"]): boolean {
  return state === "unknown" || state === "waiting" || state === "building";
}

export function foldPackage(one: PackageInRun, event: EventBody, atMs: number): PackageInRun {
  switch (event.kind) {
    case "fetch-started":
      return { ...one, node: begin("fetch", atMs), open: { kind: "fetch", fromMs: atMs } };
    case "fetch-finished":
      return { ...one, ...idle, fetchedBytes: (one.fetchedBytes ?? 0) + event.bytes };
    case "fetch-failed":
      return { ...one, ...idle };
    case "build-started": {
      const { version } = event;
      const { buildFromMs = atMs } = one;
      const node = begin("build", atMs);
      return { ...one, ...idle, version, state: "building", node, buildFromMs };
    }
    case "step-started": {
      const { step, logFile } = event;
      // What runs after the build is its check.
      const kind = one.buildToMs === undefined ? "run" : "check";
      const node = one.node && { ...one.node, step, logFile };
      return { ...one, node, open: { kind, step, fromMs: atMs } };
    }
    case "step-finished":
      return { ...one, open: undefined };
    case "tokens":
      return { ...one, held: event.held };
    case "build-finished": {
      const { version, result, durationMs } = event;
      const ended = { ...letGo(one), version, state: result, buildToMs: atMs };
      return result === "reused" ? ended : { ...ended, tookMs: durationMs };
    }
    case "build-failed": {
      const ended = { ...letGo(one), version: event.version, buildToMs: atMs };
      return { ...ended, state: "failed", failure: failureOf(event.step, event) };
    }
    case "build-blocked":
      return { ...letGo(one), state: "blocked", blockedBy: event.by };
    case "check-started":
      return { ...one, node: begin("check", atMs) };
    case "check-finished":
      return { ...letGo(one), checkToMs: atMs };
    case "check-failed": {
      const ended = { ...letGo(one), checkToMs: atMs };
      if (event.isWarning) return ended;
      return { ...ended, state: "failed", failure: failureOf("check", event) };
    }
    case "hints": {
      const { hints } = event;
      return one.failure === undefined ? one : { ...one, failure: { ...one.failure, hints } };
    }
    default:
      return one;
  }
}

/** Nothing runs of it for the time being. */
const idle = { node: undefined, open: undefined } as const;

/** Between a build and its check, and after both, it holds no tokens. */
function letGo(one: PackageInRun): PackageInRun {
  return { ...one, ...idle, held: one.held && 0 };
}

function begin(kind: RunningNode["kind"], sinceMs: number): RunningNode {
  return { kind, sinceMs, step: kind === "build" ? "" : kind };
}

function failureOf(step: string, facts: FailureFacts): Omit<FailureReport, "log"> {
  const { reason, fingerprint, logFile, hints = [], logTail = [], errorAt } = facts;
  const { seen, known } = facts;
  return { step, reason, fingerprint, logFile, hints, logTail, errorAt, seen, known };
}
