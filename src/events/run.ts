/** A run as the report and the trace show it: plain data, made from its events alone. */

/** All times are milliseconds since the run's start, all durations milliseconds. */
export interface Run {
  readonly id: string;
  /** The version of tenon; empty when the events do not say. */
  readonly tenon: string;
  readonly command: string;
  readonly prefix: string;
  readonly startedAtMs: number;
  /** Until the last event. */
  readonly durationMs: number;
  readonly jobs: number;
  readonly outcome: "done" | "failed" | "unfinished";
  /** Why builds had no view of their own. */
  readonly noView?: string | undefined;
  /** In the order in which they began; then those that did not. */
  readonly packages: readonly PackageRun[];
  readonly bound: LowerBound;
  readonly notes: readonly Note[];
  /** What the run's transactions changed in the prefix. */
  readonly changes: readonly PrefixChange[];
}

export interface PackageRun {
  readonly name: string;
  readonly version: string;
  /** The build system; empty when unknown. */
  readonly system: string;
  /** Direct dependencies that are packages of the run. */
  readonly needs: readonly string[];
  readonly state: PackageState;
  readonly spans: readonly Span[];
  /** Job tokens held from a time on; empty where no token was counted. */
  readonly tokens: readonly TokenCount[];
  /** First and last moment of its own work; absent when nothing was done. */
  readonly fromMs?: number | undefined;
  readonly toMs?: number | undefined;
  /** Building, without waiting for a token. */
  readonly runMs: number;
  readonly waitMs: number;
  readonly fetchMs: number;
  /** Its check, for which nothing waits. */
  readonly checkMs: number;
  readonly processorMs: number;
  readonly maxRssBytes?: number | undefined;
  readonly fetchedBytes?: number | undefined;
  readonly isCritical: boolean;
  readonly failure?: FailureReport | undefined;
  /** The failed packages that it needs. */
  readonly blockedBy?: readonly string[] | undefined;
}

export type PackageState =
  | "built"
  /** Built again, with the same result (I8). */
  | "unchanged"
  /** Found in the store. */
  | "reused"
  | "failed"
  | "blocked"
  /** Begun, but the run ended before it did. */
  | "unfinished"
  /** Its result was there before the run. */
  | "up-to-date"
  /** The run did not come to it. */
  | "untouched";

export interface Span {
  /** `wait`: its needs were there, but no job; or tenon was busy itself. */
  readonly kind: "fetch" | "wait" | "run" | "check";
  readonly step?: string;
  readonly fromMs: number;
  readonly toMs: number;
  readonly userMs?: number | undefined;
  readonly systemMs?: number | undefined;
  readonly maxRssBytes?: number | undefined;
}

export interface TokenCount {
  readonly atMs: number;
  readonly held: number;
}

/** What the event says of it. Said again here, since the page takes this file and no room's index. */
export interface FailureReport {
  readonly step: string;
  readonly reason: string;
  readonly fingerprint: string;
  readonly logFile: string;
  readonly hints: readonly string[];
  /** The log's lines around the error, or its last ones. */
  readonly logTail: readonly string[];
  /** Which of these says the reason, from 0. */
  readonly errorAt?: number | undefined;
  readonly seen?: SeenBefore | undefined;
  readonly known?: { readonly note?: string; readonly link?: string } | undefined;
  /** The log, or its beginning and end; empty when it is gone. */
  readonly log: string;
}

interface SeenBefore {
  readonly times: number;
  readonly firstAtMs: number;
  readonly lastRun: string;
  readonly otherPackages: readonly string[];
}

export interface LowerBound {
  /** Packages of the longest chain, dependencies first. */
  readonly path: readonly string[];
  readonly criticalMs: number;
  /** What all packages need together: building and checks, or processor time where that is more. */
  readonly workMs: number;
  /** max(critical path, work ÷ jobs): no order of these builds takes less. */
  readonly boundMs: number;
  /** From the start to the end of the last package. */
  readonly spanMs: number;
}

export interface Note {
  readonly atMs: number;
  readonly package?: string;
  readonly text: string;
}

export interface PrefixChange {
  readonly atMs: number;
  readonly packages: number;
  readonly removed: number;
  readonly files: number;
  readonly sizeBytes: number;
  readonly durationMs: number;
}
