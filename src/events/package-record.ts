/** What the events of a run say of one package, gathered as they come. */
import type { Event, Usage } from "../core/index.ts";
import type { FailureReport, PackageState, Span, TokenCount } from "./run.ts";

export interface PackageRecord {
  readonly name: string;
  version: string;
  system: string;
  needs: readonly string[];
  state: PackageState;
  /** Fetches and steps that have ended; waiting is found out later. */
  readonly spans: Span[];
  readonly tokens: TokenCount[];
  /** Begun and not ended: what, and when. */
  open: { kind: "fetch" | "run" | "check"; step?: string; fromMs: number } | undefined;
  buildFromMs: number | undefined;
  endMs: number | undefined;
  fetchedBytes: number | undefined;
  failure: Omit<FailureReport, "log"> | undefined;
  blockedBy: readonly string[] | undefined;
}

export function emptyRecord(name: string): PackageRecord {
  return {
    name,
    version: "",
    system: "",
    needs: [],
    state: "untouched",
    spans: [],
    tokens: [],
    open: undefined,
    buildFromMs: undefined,
    endMs: undefined,
    fetchedBytes: undefined,
    failure: undefined,
    blockedBy: undefined,
  };
}

/** `atMs` is relative to the run's start. */
export function tell(record: PackageRecord, event: Event, atMs: number): void {
  switch (event.kind) {
    case "fetch-started":
      record.open = { kind: "fetch", fromMs: atMs };
      record.state = "unfinished";
      return;
    case "fetch-finished":
      closeSpan(record, atMs, {});
      record.fetchedBytes = (record.fetchedBytes ?? 0) + event.bytes;
      return;
    case "fetch-failed":
      closeSpan(record, atMs, {});
      return;
    case "build-started":
      closeSpan(record, atMs, {});
      record.version = event.version;
      record.buildFromMs ??= atMs;
      record.state = "unfinished";
      return;
    case "step-started":
      closeSpan(record, atMs, {});
      record.open = { kind: kindOfStep(record), step: event.step, fromMs: atMs };
      return;
    case "step-finished":
      closeSpan(record, atMs, usageOf(event));
      return;
    case "tokens":
      record.tokens.push({ atMs, held: event.held });
      return;
    case "build-finished":
      closeSpan(record, atMs, {});
      record.version = event.version;
      record.state = event.result;
      record.endMs = atMs;
      endTokens(record, atMs);
      return;
    case "build-failed":
      closeSpan(record, atMs, {});
      record.version = event.version;
      record.state = "failed";
      record.endMs = atMs;
      record.failure = failureOf(event);
      endTokens(record, atMs);
      return;
    case "check-finished":
      endTokens(record, atMs);
      return;
    case "check-failed":
      endTokens(record, atMs);
      if (event.isWarning) return;
      record.state = "failed";
      record.failure = failureOf({ ...event, step: "check" });
      return;
    case "build-blocked":
      record.state = "blocked";
      record.blockedBy = event.by;
      return;
  }
}

/** What runs after the build is its check. */
function kindOfStep({ endMs }: PackageRecord): "run" | "check" {
  return endMs === undefined ? "run" : "check";
}

/** Between a build and its check, it holds none. */
function endTokens({ tokens }: PackageRecord, atMs: number): void {
  if (tokens.length > 0) tokens.push({ atMs, held: 0 });
}

/** Ends what is open; a run that was killed has steps without an end. */
export function closeSpan(record: PackageRecord, atMs: number, usage: Partial<Span>): void {
  if (record.open === undefined) return;
  record.spans.push({ ...record.open, toMs: Math.max(atMs, record.open.fromMs), ...usage });
  record.open = undefined;
}

function usageOf({ userMs, systemMs, maxRssBytes }: Usage): Partial<Span> {
  return {
    ...(userMs === undefined ? {} : { userMs }),
    ...(systemMs === undefined ? {} : { systemMs }),
    ...(maxRssBytes === undefined ? {} : { maxRssBytes }),
  };
}

/** Hints and context are told by some versions of tenon only. */
function failureOf(
  event: Pick<Extract<Event, { kind: "build-failed" }>, "step" | "reason" | "logFile"> & {
    readonly hints?: readonly string[];
    readonly context?: readonly string[];
  },
): Omit<FailureReport, "log"> {
  const { step, reason, logFile, hints = [], context = [] } = event;
  return { step, reason, hints, context, logFile };
}
