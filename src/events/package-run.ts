/** What a package has done → its spans, its waiting and what it has used. */
import { withoutEscapes } from "../core/index.ts";
import type { PackageHistory } from "./package-history.ts";
import type { PackageInRun } from "./package-in-run.ts";
import type { PackageRun, PackageState, Span } from "./run.ts";
import { findWaits } from "./waiting.ts";

/** All that its own events and its needs tell of a package. */
export type PackageDraft = Omit<PackageRun, "isCritical">;

interface WholeRun {
  readonly histories: ReadonlyMap<string, PackageHistory>;
  readonly durationMs: number;
  /** Logs of failed packages, by name. */
  readonly logs: ReadonlyMap<string, string>;
}

export function draft({ last, spans, tokens }: PackageHistory, whole: WholeRun): PackageDraft {
  const { histories, durationMs, logs } = whole;
  const { name, version, system, buildFromMs, blockedBy, fetchedBytes } = last;
  const needs = last.needs.filter((need) => histories.has(need));
  const buildToMs = last.buildToMs ?? durationMs;
  const own = buildFromMs === undefined ? spans : withGaps(spans, buildFromMs, buildToMs);
  const fetches = own.filter(({ kind }) => kind === "fetch");
  const readyMs = Math.max(0, ...needs.map((need) => histories.get(need)?.last.buildToMs ?? 0));
  const waits =
    buildFromMs === undefined
      ? []
      : findWaits({ readyMs, buildFromMs, buildToMs, fetches, tokens });
  const inside = waits.filter(({ fromMs }) => buildFromMs !== undefined && fromMs >= buildFromMs);
  const largest = Math.max(0, ...own.map(({ maxRssBytes }) => maxRssBytes ?? 0));
  const hasBegun = own.length > 0 || buildFromMs !== undefined;
  return {
    name,
    version,
    system,
    needs,
    state: stateOf(last, hasBegun),
    spans: [...waits, ...own],
    tokens,
    fromMs: own.length === 0 ? undefined : Math.min(...own.map(({ fromMs }) => fromMs)),
    toMs: own.length === 0 ? undefined : Math.max(...own.map(({ toMs }) => toMs)),
    runMs: buildFromMs === undefined ? 0 : buildToMs - buildFromMs - lengthOf(inside),
    waitMs: lengthOf(waits),
    fetchMs: lengthOf(fetches),
    checkMs: lengthOf(own.filter(({ kind }) => kind === "check")),
    processorMs: own.reduce((sum, { userMs = 0, systemMs = 0 }) => sum + userMs + systemMs, 0),
    maxRssBytes: largest === 0 ? undefined : largest,
    fetchedBytes,
    blockedBy,
    failure: last.failure && {
      ...last.failure,
      logTail: last.failure.logTail.map(withoutEscapes),
      log: withoutEscapes(logs.get(name) ?? ""),
    },
  };
}

function stateOf({ state }: PackageInRun, hasBegun: boolean): PackageState {
  if (state !== "unknown" && state !== "waiting" && state !== "building") return state;
  return hasBegun ? "unfinished" : "untouched";
}

/** Steps do not cover a build wholly: what is between them is tenon's own work. */
function withGaps(spans: readonly Span[], fromMs: number, toMs: number): Span[] {
  const whole: Span[] = [];
  let atMs = fromMs;
  for (const span of spans) {
    if (span.kind === "run") {
      if (span.fromMs > atMs) whole.push({ kind: "run", fromMs: atMs, toMs: span.fromMs });
      atMs = Math.max(atMs, span.toMs);
    }
    whole.push(span);
  }
  if (toMs > atMs) whole.push({ kind: "run", fromMs: atMs, toMs });
  return whole.sort((a, b) => a.fromMs - b.fromMs); // a check comes after the last of them
}

function lengthOf(spans: readonly Span[]): number {
  return spans.reduce((total, { fromMs, toMs }) => total + toMs - fromMs, 0);
}
