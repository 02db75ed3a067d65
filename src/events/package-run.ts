/** What was gathered of a package → its spans, its waiting and what it has used. */
import type { PackageRecord } from "./package-record.ts";
import type { PackageRun, Span } from "./run.ts";
import { findWaits } from "./waiting.ts";

/** All that its own events and its needs tell of a package. */
export type Draft = Omit<PackageRun, "isCritical" | "failure"> & {
  readonly failed: PackageRecord["failure"];
};

export function draft(
  record: PackageRecord,
  records: ReadonlyMap<string, PackageRecord>,
  durationMs: number,
): Draft {
  const { name, version, system, tokens, state, buildFromMs, blockedBy, fetchedBytes } = record;
  const needs = record.needs.filter((need) => records.has(need));
  const buildToMs = record.endMs ?? durationMs;
  const own = buildFromMs === undefined ? record.spans : withGaps(record, buildFromMs, buildToMs);
  const fetches = own.filter(({ kind }) => kind === "fetch");
  const waits =
    buildFromMs === undefined
      ? []
      : findWaits({
          readyMs: Math.max(0, ...needs.map((need) => records.get(need)?.endMs ?? 0)),
          buildFromMs,
          buildToMs,
          fetches,
          tokens,
        });
  const inside = waits.filter(({ fromMs }) => buildFromMs !== undefined && fromMs >= buildFromMs);
  const largest = Math.max(0, ...own.map(({ maxRssBytes }) => maxRssBytes ?? 0));
  return {
    name,
    version,
    system,
    needs,
    state,
    spans: [...waits, ...own],
    tokens,
    ...(own.length === 0
      ? {}
      : {
          fromMs: Math.min(...own.map(({ fromMs }) => fromMs)),
          toMs: Math.max(...own.map(({ toMs }) => toMs)),
        }),
    runMs: buildFromMs === undefined ? 0 : buildToMs - buildFromMs - lengthOf(inside),
    waitMs: lengthOf(waits),
    fetchMs: lengthOf(fetches),
    checkMs: lengthOf(own.filter(({ kind }) => kind === "check")),
    processorMs: own.reduce((sum, { userMs = 0, systemMs = 0 }) => sum + userMs + systemMs, 0),
    ...(largest === 0 ? {} : { maxRssBytes: largest }),
    ...(fetchedBytes === undefined ? {} : { fetchedBytes }),
    ...(blockedBy === undefined ? {} : { blockedBy }),
    failed: record.failure,
  };
}

/** Steps do not cover a build wholly: what is between them is tenon's own work. */
function withGaps(record: PackageRecord, fromMs: number, toMs: number): Span[] {
  const spans: Span[] = [];
  let atMs = fromMs;
  for (const span of record.spans) {
    if (span.kind === "run") {
      if (span.fromMs > atMs) spans.push({ kind: "run", fromMs: atMs, toMs: span.fromMs });
      atMs = Math.max(atMs, span.toMs);
    }
    spans.push(span);
  }
  if (toMs > atMs) spans.push({ kind: "run", fromMs: atMs, toMs });
  return spans.sort((a, b) => a.fromMs - b.fromMs); // a check comes after the last of them
}

function lengthOf(spans: readonly Span[]): number {
  return spans.reduce((total, { fromMs, toMs }) => total + toMs - fromMs, 0);
}
