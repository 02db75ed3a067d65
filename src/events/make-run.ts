/** The events of a run → the run: who ran when, who waited, and how fast it could have been. */
import type { Event } from "../core/index.ts";
import { findLowerBound } from "./lower-bound.ts";
import { readHistories } from "./package-history.ts";
import { type PackageDraft, draft } from "./package-run.ts";
import type { Note, PackageRun, PrefixChange, Run } from "./run.ts";

interface RunSource {
  readonly id: string;
  /** As they were written; unknown kinds are passed over. */
  readonly events: readonly Event[];
  /** Logs of failed packages, by name. */
  readonly logs: ReadonlyMap<string, string>;
}

export function makeRun({ id, logs, ...source }: RunSource): Run {
  const startedAtMs = (find(source.events, "run-started") ?? source.events[0])?.atMs ?? 0;
  const events = source.events.map((event) => ({ ...event, atMs: event.atMs - startedAtMs }));
  const durationMs = Math.max(0, events.at(-1)?.atMs ?? 0);
  const histories = readHistories(events, durationMs);
  const drafts = [...histories.values()].map((each) =>
    draft(each, { histories, durationMs, logs }),
  );
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
    noView: isolation?.reason,
    packages: drafts
      .map((each) => ({ ...each, isCritical: critical.has(each.name) }))
      .sort(byBegin),
    bound,
    notes: notesOf(events),
    changes: changesOf(events),
  };
}

function outcomeOf(events: readonly Event[], packages: readonly PackageDraft[]): Run["outcome"] {
  const finished = find(events, "run-finished")?.result;
  if (finished !== undefined) {
    if (finished === "done") return "done";
    return ["interrupted", "again"].includes(finished) ? "unfinished" : "failed";
  }
  if (packages.some(({ state }) => state === "failed")) return "failed";
  return find(events, "prefix-changed") === undefined ? "unfinished" : "done";
}

function notesOf(events: readonly Event[]): Note[] {
  return events.flatMap((event): Note[] => {
    const { atMs } = event;
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

function changesOf(events: readonly Event[]): PrefixChange[] {
  return events.flatMap((event): PrefixChange[] => {
    if (event.kind !== "prefix-changed") return [];
    const { atMs, packages, removed, files, sizeBytes, durationMs } = event;
    const counts = { packages: packages.length, removed: removed.length };
    return [{ atMs, ...counts, files, sizeBytes, durationMs }];
  });
}

function find<Kind extends Event["kind"]>(
  events: readonly Event[],
  kind: Kind,
): Extract<Event, { kind: Kind }> | undefined {
  return events.find((event): event is Extract<Event, { kind: Kind }> => event.kind === kind);
}

function lastEnd(packages: readonly PackageDraft[]): number {
  return Math.max(0, ...packages.map(({ toMs }) => toMs ?? 0));
}

function byBegin(a: PackageRun, b: PackageRun): number {
  return (a.fromMs ?? Infinity) - (b.fromMs ?? Infinity) || (a.name < b.name ? -1 : 1);
}
