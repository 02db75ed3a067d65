/** The events of a run → the run: who ran when, who waited, and how fast it could have been. */
import type { Event } from "../core/index.ts";
import { withoutEscapes } from "../core/index.ts";
import { findLowerBound } from "./lower-bound.ts";
import { closeSpan, emptyRecord, type PackageRecord, tell } from "./package-record.ts";
import { type Draft, draft } from "./package-run.ts";
import type { Note, PackageRun, PrefixChange, Run } from "./run.ts";

export interface RunSource {
  readonly id: string;
  /** As they were written; unknown kinds are passed over. */
  readonly events: readonly Event[];
  /** Logs of failed packages, by name. */
  readonly logs: ReadonlyMap<string, string>;
}

export function makeRun({ id, events, logs }: RunSource): Run {
  const startedAtMs = find(events, "run-started")?.atMs ?? events[0]?.atMs ?? 0;
  const durationMs = Math.max(0, (events.at(-1)?.atMs ?? 0) - startedAtMs);
  const records = gather(events, startedAtMs);
  for (const record of records.values()) closeSpan(record, durationMs, {});
  const drafts = [...records.values()].map((record) => draft(record, records, durationMs));
  const jobs = find(events, "run-started")?.jobs ?? 1;
  const bound = { ...findLowerBound(drafts, jobs), spanMs: lastEnd(drafts) };
  const critical = new Set(bound.path);
  const opened = find(events, "opened");
  const isolation = find(events, "isolation");
  return {
    id,
    tenon: opened?.version ?? "",
    command: ["tenon", ...(opened?.arguments ?? ["build"])].join(" "),
    prefix: find(events, "run-started")?.prefix ?? "",
    startedAtMs,
    durationMs,
    jobs,
    outcome: outcomeOf(events, drafts),
    ...(isolation?.reason === undefined ? {} : { noView: isolation.reason }),
    packages: drafts
      .map((each) => ({ ...each, isCritical: critical.has(each.name), ...failureOf(each, logs) }))
      .sort(byBegin),
    bound,
    notes: notesOf(events, startedAtMs),
    changes: changesOf(events, startedAtMs),
  };
}

function gather(events: readonly Event[], startedAtMs: number): Map<string, PackageRecord> {
  const records = new Map<string, PackageRecord>();
  const recordOf = (name: string): PackageRecord => {
    const record = records.get(name) ?? emptyRecord(name);
    records.set(name, record);
    return record;
  };
  for (const event of events) {
    if (event.kind === "graph") {
      for (const { name, version, system, needs, upToDate } of event.packages) {
        const state = upToDate ? "up-to-date" : "untouched";
        Object.assign(recordOf(name), { version, system, needs, state });
      }
    } else if ("package" in event && event.package !== undefined) {
      tell(recordOf(event.package), event, event.atMs - startedAtMs);
    }
  }
  return records;
}

function failureOf(
  { name, failed }: Draft,
  logs: ReadonlyMap<string, string>,
): Pick<PackageRun, "failure"> {
  return failed === undefined
    ? {}
    : { failure: { ...failed, log: withoutEscapes(logs.get(name) ?? "") } };
}

function outcomeOf(events: readonly Event[], packages: readonly Draft[]): Run["outcome"] {
  const finished = find(events, "run-finished")?.result;
  if (finished !== undefined) {
    if (finished === "done") return "done";
    return ["interrupted", "again"].includes(finished) ? "unfinished" : "failed";
  }
  if (packages.some(({ state }) => state === "failed")) return "failed";
  return find(events, "prefix-changed") === undefined ? "unfinished" : "done";
}

function notesOf(events: readonly Event[], startedAtMs: number): Note[] {
  return events.flatMap((event): Note[] => {
    const atMs = event.atMs - startedAtMs;
    switch (event.kind) {
      case "note":
        return [{ atMs, text: event.text, ...(event.package ? { package: event.package } : {}) }];
      case "recovered":
        return [{ atMs, text: event.text }];
      case "waiting":
        return [{ atMs, text: `waited for ${event.for}` }];
      case "fetch-retried":
        return [{ atMs, package: event.package, text: `fetched again: ${event.reason}` }];
      case "fetch-failed":
        return [{ atMs, package: event.package, text: `not fetched ahead: ${event.reason}` }];
      case "check-failed":
        if (!event.isWarning) return [];
        return [{ atMs, package: event.package, text: `its check failed: ${event.reason}` }];
      default:
        return [];
    }
  });
}

function changesOf(events: readonly Event[], startedAtMs: number): PrefixChange[] {
  return events.flatMap((event): PrefixChange[] => {
    if (event.kind !== "prefix-changed") return [];
    const { packages, removed, files, sizeBytes, durationMs } = event;
    return [
      {
        atMs: event.atMs - startedAtMs,
        packages: packages.length,
        removed: removed.length,
        files,
        sizeBytes,
        durationMs,
      },
    ];
  });
}

function find<Kind extends Event["kind"]>(
  events: readonly Event[],
  kind: Kind,
): Extract<Event, { kind: Kind }> | undefined {
  return events.find((event): event is Extract<Event, { kind: Kind }> => event.kind === kind);
}

function lastEnd(packages: readonly Draft[]): number {
  return Math.max(0, ...packages.map(({ toMs }) => toMs ?? 0));
}

function byBegin(a: PackageRun, b: PackageRun): number {
  return (a.fromMs ?? Infinity) - (b.fromMs ?? Infinity) || (a.name < b.name ? -1 : 1);
}
