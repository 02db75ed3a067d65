/** A run as a trace for Perfetto. */
import { expect, test } from "vitest";
import { renderTrace } from "../../src/report/trace-text.ts";
import { makeRun } from "../../src/events/make-run.ts";
import { syntheticEvents } from "../events/synthetic-events.ts";

interface Read {
  readonly ph: string;
  readonly pid: number;
  readonly tid: number;
  readonly name: string;
  readonly cat?: string;
  readonly ts: number;
  readonly dur: number;
  readonly id?: number;
}

const graph = Array.from({ length: 24 }, (_, at) => ({
  name: `p${at}`,
  needs: at < 6 ? [] : [`p${at - 6}`, `p${(at * 5) % 6}`],
}));
const jobs = 3;
const events = syntheticEvents({ graph, jobs, seed: 11, failing: new Set(["p4"]) });
const run = makeRun({ id: "r", events, logs: new Map() });
const { traceEvents } = JSON.parse(renderTrace(run)) as { traceEvents: Read[] };
const bars = traceEvents.filter(({ ph }) => ph === "X");
const builds = bars.filter(({ cat }) => cat === "package");

test("every package that was built is a bar, of its length, on one of the jobs' threads", () => {
  const built = run.packages.filter(({ runMs }) => runMs > 0);
  expect(builds.map(({ name }) => name).sort()).toEqual(built.map(({ name }) => name).sort());
  for (const { name, dur, tid } of builds) {
    const each = built.find((other) => other.name === name);
    expect(dur).toBe(Math.round((each?.runMs ?? 0) * 1000));
    expect(tid).toBeGreaterThanOrEqual(1);
    expect(tid).toBeLessThanOrEqual(jobs);
  }
});

test("bars of one thread lie apart, or one within the other", () => {
  for (const one of bars) {
    for (const other of bars) {
      if (one === other || one.tid !== other.tid || one.pid !== other.pid) continue;
      if (other.ts < one.ts) continue;
      const isApart = other.ts >= one.ts + one.dur;
      // Each end is rounded on its own.
      const isWithin = other.ts + other.dur <= one.ts + one.dur + 2;
      const holds = one.ts === other.ts && one.ts + one.dur <= other.ts + other.dur + 2;
      expect(isApart || isWithin || holds, `${one.name} and ${other.name}`).toBe(true);
    }
  }
});

test("an arrow leads from the last need of a package to its begin", () => {
  const starts = traceEvents.filter(({ ph }) => ph === "s");
  const ends = traceEvents.filter(({ ph }) => ph === "f");
  const inside = ({ ts, tid }: Read) =>
    builds.filter((bar) => bar.tid === tid && ts >= bar.ts && ts <= bar.ts + bar.dur);
  expect(starts.length).toBeGreaterThan(5);
  expect(ends.map(({ id }) => id)).toEqual(starts.map(({ id }) => id));
  starts.forEach((start, at) => {
    const end = ends[at];
    const target = inside(end as Read).find(({ ts }) => ts === end?.ts);
    const needs = graph.find(({ name }) => name === target?.name)?.needs ?? [];
    expect(needs).toContain(inside(start)[0]?.name);
    expect(start.ts).toBeLessThanOrEqual(end?.ts ?? 0);
  });
});

test("threads have names, counters have values", () => {
  const named = traceEvents.filter(({ ph, name }) => ph === "M" && name === "thread_name");
  expect(named.map(({ tid }) => tid)).toEqual([1, 2, 3]);
  const counters = traceEvents.filter(({ ph }) => ph === "C").map(({ name }) => name);
  expect(new Set(counters)).toEqual(new Set(["processors busy", "job tokens held"]));
});
