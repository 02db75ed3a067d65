/** What the events of a run say of one package, gathered as they come. */
import type { Event, Usage } from "../../core/index.ts";
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
  open: { kind: "fetch" | "run"; step?: string; fromMs: number } | undefined;
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
    case "build-started":
      closeSpan(record, atMs, {});
      record.version = event.version;
      record.buildFromMs ??= atMs;
      record.state = "unfinished";
      return;
    case "step-started":
      closeSpan(record, atMs, {});
      record.open = { kind: "run", step: event.step, fromMs: atMs };
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
      return;
    case "build-failed":
      closeSpan(record, atMs, {});
      record.version = event.version;
      record.state = "failed";
      record.endMs = atMs;
      record.failure = failureOf(event);
      return;
    case "build-blocked":
      record.state = "blocked";
      record.blockedBy = event.by;
      return;
  }
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
  event: Extract<Event, { kind: "build-failed" }> & {
    readonly hints?: readonly string[];
    readonly context?: readonly string[];
  },
): Omit<FailureReport, "log"> {
  const { step, reason, logFile, hints = [], context = [] } = event;
  return { step, reason, hints, context, logFile };
}
