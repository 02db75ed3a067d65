/** Events: one fact each about a running command; all that terminal, JSON and report know. */

/** Times are milliseconds since 1970, durations milliseconds. */
export type Event = { readonly atMs: number } & EventBody;

/** Changes when a program that reads events would misread the new ones; docs/reference/events.md has them all. */
export const eventFormat = 1;

export type EventBody =
  | {
      /** The first of all. */
      readonly kind: "opened";
      readonly format: number;
      /** The version of tenon. */
      readonly version: string;
      /** The command line, without the program's name. */
      readonly arguments: readonly string[];
    }
  | {
      readonly kind: "run-started";
      readonly run: string;
      /** Packages in all, and how many of them are known to need building. */
      readonly packages: number;
      readonly outOfDate: number;
      readonly jobs: number;
      readonly prefix: string;
      /** As expected from recorded durations, and from guesses for what never ran here. */
      readonly criticalPathMs?: number;
      readonly workMs?: number;
      readonly estimateMs?: number;
    }
  /** Every package of the run, dependencies first. */
  | { readonly kind: "graph"; readonly packages: readonly GraphPackage[] }
  | { readonly kind: "isolation"; readonly mode: "view" | "none"; readonly reason?: string }
  | { readonly kind: "fetch-started"; readonly package: string; readonly from: string }
  | {
      readonly kind: "fetch-finished";
      readonly package: string;
      readonly bytes: number;
      readonly durationMs: number;
    }
  | { readonly kind: "fetch-retried"; readonly package: string; readonly reason: string }
  /** Ahead of its build, which asks for the source again if it comes to need it. */
  | { readonly kind: "fetch-failed"; readonly package: string; readonly reason: string }
  | { readonly kind: "build-started"; readonly package: string; readonly version: string }
  | {
      readonly kind: "step-started";
      readonly package: string;
      readonly step: string;
      /** One line: what it does. */
      readonly title: string;
      readonly logFile: string;
    }
  | ({
      readonly kind: "step-finished";
      readonly package: string;
      readonly step: string;
      readonly result: "done" | "failed" | "interrupted";
    } & Usage)
  | {
      readonly kind: "build-finished";
      readonly package: string;
      readonly version: string;
      /** `unchanged`: built again, with the same result as before (early cutoff, I8). */
      readonly result: "built" | "unchanged" | "reused";
      readonly durationMs: number;
    }
  | ({
      readonly kind: "build-failed";
      readonly package: string;
      readonly version: string;
      readonly step: string;
      readonly durationMs: number;
    } & FailureFacts)
  | {
      readonly kind: "build-blocked";
      readonly package: string;
      /** The failed packages that it needs. */
      readonly by: readonly string[];
    }
  /** How many jobs a package runs at once, of those that `-j` allows; 0 while it waits to begin. */
  | { readonly kind: "tokens"; readonly package: string; readonly held: number }
  | { readonly kind: "check-started"; readonly package: string; readonly version: string }
  | {
      readonly kind: "check-finished";
      readonly package: string;
      readonly version: string;
      readonly durationMs: number;
    }
  | ({
      readonly kind: "check-failed";
      readonly package: string;
      readonly version: string;
      /** The package may join the prefix all the same. */
      readonly isWarning: boolean;
      readonly durationMs: number;
    } & FailureFacts)
  /** At the end of a run, of what has failed: more can be said of it than when it failed. */
  | { readonly kind: "hints"; readonly package: string; readonly hints: readonly string[] }
  /** A library that a package needs and that no package brings, or that its files will not find. */
  | {
      readonly kind: "library";
      readonly package: string;
      readonly library: string;
      readonly where: StrayLibrary["where"];
      /** Some of the package's files that need it, relative to the prefix, and how many there are. */
      readonly paths: readonly string[];
      readonly count: number;
      readonly text: string;
    }
  /** The shared cache has results of these packages, which are brought before anything is built. */
  | {
      readonly kind: "cache-started";
      /** Its address or folder. */
      readonly cache: string;
      readonly packages: number;
      readonly sizeBytes: number;
    }
  | {
      readonly kind: "cache-finished";
      readonly cache: string;
      /** How many came, and how many did not, which are built. */
      readonly packages: number;
      readonly missed: number;
      readonly sizeBytes: number;
      /** How long the builds took where they were made, one after the other. */
      readonly savedMs: number;
      readonly durationMs: number;
    }
  | { readonly kind: "waiting"; readonly for: string }
  /** How far a work is that has no packages' events: `pinning sources`, 3 of 11. */
  | {
      readonly kind: "counted";
      readonly doing: string;
      readonly done: number;
      readonly total: number;
    }
  | { readonly kind: "recovered"; readonly text: string }
  | { readonly kind: "note"; readonly package?: string; readonly text: string }
  | {
      readonly kind: "prefix-changed";
      readonly transaction: string;
      readonly packages: readonly string[];
      readonly removed: readonly string[];
      readonly files: number;
      readonly sizeBytes: number;
      readonly durationMs: number;
    }
  | {
      readonly kind: "run-finished";
      /** `again`: a package needs more than was planned for; another run follows. */
      readonly result: "done" | "failed" | "conflict" | "interrupted" | "again";
      readonly durationMs: number;
    };

export interface GraphPackage {
  readonly name: string;
  readonly version: string;
  /** The build system. */
  readonly system: string;
  /** Its declared dependencies, for building and for running. */
  readonly needs: readonly string[];
  /** Known, before the run, to need no building. */
  readonly upToDate: boolean;
  /** Its check is run after its build, as a node of its own. */
  readonly hasCheck?: boolean;
  /** How long its build is expected to take, by how long it took here; absent where it never ran. */
  readonly expectedMs?: number;
}

/** Why a build or a check has failed, and what is known of that. */
export interface FailureFacts {
  readonly reason: string;
  /** The same for the same failure in other places, runs and packages. */
  readonly fingerprint: string;
  readonly logFile: string;
  /** In one word: `missing-header`, `network`; as in the build's result. */
  readonly cause?: string;
  /** What can be done, each in a sentence. */
  readonly hints?: readonly string[];
  /** The log's lines around the error, or its last ones. */
  readonly logTail?: readonly string[];
  /** Which of `logTail` says the reason, from 0; absent where none does. */
  readonly errorAt?: number;
  /** It happened in earlier runs of the workspace too. */
  readonly seen?: Recurrence | undefined;
  /** The team has written it down in known-failures.toml. */
  readonly known?: { readonly note?: string; readonly link?: string } | undefined;
}

/** The same failure in earlier runs. */
export interface Recurrence {
  readonly times: number;
  readonly firstAtMs: number;
  readonly lastRun: string;
  /** Other packages that it was seen in, each once. */
  readonly otherPackages: readonly string[];
}

/** A library that a file of a package needs, and that the loader will not find among packages' files. */
export interface StrayLibrary {
  /** The file, relative to the prefix. */
  readonly path: string;
  readonly library: string;
  /** `machine`: the machine has it; `prefix`: it is there, but no rpath leads to it; `nowhere`. */
  readonly where: "machine" | "prefix" | "nowhere";
  /** The folder of the prefix that has it, too, or one of the machine's outside of its usual ones. */
  readonly folder?: string;
}

/** What a step has used; what could not be measured is absent. */
export interface Usage {
  readonly wallMs: number;
  /** Processor time of all its processes. */
  readonly userMs?: number;
  readonly systemMs?: number;
  /** The largest resident set that one of its processes has had. */
  readonly maxRssBytes?: number;
}

/** Takes events in as they happen. */
export type EventSink = (event: EventBody) => void;
