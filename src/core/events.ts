/** Events: one fact each about a running command; all that terminal, JSON and report know. */

/** Times are milliseconds since 1970, durations milliseconds. */
export type Event = { readonly atMs: number } & EventBody;

export type EventBody =
  | {
      readonly kind: "run-started";
      readonly run: string;
      /** Packages in all, and how many of them are known to need building. */
      readonly packages: number;
      readonly outOfDate: number;
      readonly jobs: number;
      readonly prefix: string;
    }
  | { readonly kind: "isolation"; readonly mode: "view" | "none"; readonly reason?: string }
  | { readonly kind: "fetch-started"; readonly package: string; readonly from: string }
  | {
      readonly kind: "fetch-finished";
      readonly package: string;
      readonly bytes: number;
      readonly durationMs: number;
    }
  | { readonly kind: "fetch-retried"; readonly package: string; readonly reason: string }
  | { readonly kind: "build-started"; readonly package: string; readonly version: string }
  | {
      readonly kind: "build-finished";
      readonly package: string;
      readonly version: string;
      /** `unchanged`: built again, with the same result as before (early cutoff, I8). */
      readonly result: "built" | "unchanged" | "reused";
      readonly durationMs: number;
    }
  | {
      readonly kind: "build-failed";
      readonly package: string;
      readonly version: string;
      readonly step: string;
      readonly reason: string;
      readonly logFile: string;
      readonly durationMs: number;
    }
  | {
      readonly kind: "build-blocked";
      readonly package: string;
      /** The failed packages that it needs. */
      readonly by: readonly string[];
    }
  | { readonly kind: "waiting"; readonly for: string }
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
    };

/** Takes events in as they happen. */
export type EventSink = (event: EventBody) => void;
