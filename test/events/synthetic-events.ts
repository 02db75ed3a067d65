/** Events of a run that never was: any graph, seeded durations, a simple scheduler. */
import type { Event } from "../../src/core/index.ts";

export interface SyntheticOptions {
  readonly graph: readonly { readonly name: string; readonly needs: readonly string[] }[];
  readonly jobs: number;
  readonly seed: number;
  /** Packages that fail when they are built. */
  readonly failing?: ReadonlySet<string>;
}

const startMs = Date.UTC(2026, 0, 2, 3, 4, 5);
const stepShares = [
  ["unpack", 0.04],
  ["configure", 0.2],
  ["make", 0.66],
  ["install", 0.1],
] as const;

export function syntheticEvents({ graph, jobs, seed, failing }: SyntheticOptions): Event[] {
  const random = createRandom(seed);
  const events: Event[] = [
    { kind: "opened", atMs: startMs, format: 1, version: "0.0.0", arguments: ["build"] },
    {
      kind: "run-started",
      atMs: startMs,
      run: "synthetic",
      packages: graph.length,
      outOfDate: graph.length,
      jobs,
      prefix: "/opt/stack",
    },
    {
      kind: "graph",
      atMs: startMs,
      packages: graph.map(({ name, needs }) => {
        return { name, needs, version: "1.0", system: "autotools", upToDate: false };
      }),
    },
  ];
  const missing = new Map(graph.map(({ name, needs }) => [name, new Set(needs)]));
  const running: { name: string; endMs: number }[] = [];
  let nowMs = startMs;
  for (;;) {
    for (const [name, needs] of missing) {
      if (running.length >= jobs) break;
      if (needs.size > 0) continue;
      missing.delete(name);
      const durationMs = Math.round(400 + 60_000 * random() ** 4);
      running.push({ name, endMs: nowMs + durationMs });
      events.push(...buildEvents(name, { nowMs, durationMs, fails: failing?.has(name) ?? false }));
    }
    running.sort((a, b) => a.endMs - b.endMs);
    const ended = running.shift();
    if (ended === undefined) break;
    nowMs = ended.endMs;
    if (!failing?.has(ended.name)) for (const needs of missing.values()) needs.delete(ended.name);
  }
  for (const name of missing.keys()) {
    events.push({ kind: "build-blocked", atMs: nowMs, package: name, by: [...(failing ?? [])] });
  }
  const result = (failing?.size ?? 0) > 0 ? "failed" : "done";
  events.push({ kind: "run-finished", atMs: nowMs, result, durationMs: nowMs - startMs });
  return events.toSorted((a, b) => a.atMs - b.atMs);
}

function buildEvents(
  name: string,
  { nowMs, durationMs, fails }: { nowMs: number; durationMs: number; fails: boolean },
): Event[] {
  const endMs = nowMs + durationMs;
  const version = "1.0";
  let atMs = nowMs;
  const steps = stepShares.flatMap(([step, share]): Event[] => {
    const fromMs = atMs;
    const wallMs = durationMs * share;
    atMs = step === "install" ? endMs : atMs + wallMs;
    const usage = { wallMs, userMs: wallMs * 0.85, systemMs: wallMs * 0.1, maxRssBytes: 9e7 };
    const result = fails && step === "install" ? "failed" : "done";
    const log = { title: step, logFile: `/w/${name}.log` };
    return [
      { kind: "step-started", atMs: fromMs, package: name, step, ...log },
      { kind: "step-finished", atMs, package: name, step, result, ...usage },
    ];
  });
  const end: Event = fails
    ? {
        kind: "build-failed",
        atMs: endMs,
        package: name,
        version,
        step: "install",
        reason: "the header missing.h is missing",
        fingerprint: "0a",
        logFile: `/w/${name}.log`,
        durationMs,
      }
    : { kind: "build-finished", atMs: endMs, package: name, version, result: "built", durationMs };
  return [{ kind: "build-started", atMs: nowMs, package: name, version }, ...steps, end];
}

/** The same numbers for the same seed (mulberry32). */
function createRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
