/**
 * A run in the Chrome trace event format, for Perfetto and chrome://tracing.
 *
 * One process for builds with a thread a job slot, one for fetches, one for checks; counters of processors and
 * tokens; an arrow from a package to each that it held back (the last of its needs to be ready).
 */
import {
  assignSlots,
  buildSlots,
  type FailureReport,
  outline,
  type Run,
  type Span,
  useOverTime,
} from "../events/index.ts";

/** Times are microseconds. */
type TraceEvent = { readonly ph: "X" | "M" | "C" | "s" | "f" } & Readonly<Record<string, unknown>>;

const builds = 1;
const fetches = 2;
const checks = 3;

export function renderTrace(run: Run): string {
  const events = [...nameThreads(run), ...packageEvents(run), ...arrows(run), ...counters(run)];
  const about = { run: run.id, command: run.command, prefix: run.prefix, jobs: run.jobs };
  const lines = events.map((event) => JSON.stringify(event)).join(",\n");
  return `{"displayTimeUnit":"ms","otherData":${JSON.stringify(about)},"traceEvents":[\n${lines}\n]}\n`;
}

function nameThreads(run: Run): TraceEvent[] {
  const names = [
    { pid: builds, name: "builds" },
    { pid: fetches, name: "fetches" },
    { pid: checks, name: "checks" },
  ];
  const slots = [...new Set(buildSlots(run).values())].sort((a, b) => a - b);
  return [
    ...names.map(({ pid, name }): TraceEvent => ({
      ph: "M",
      name: "process_name",
      pid,
      tid: 0,
      args: { name },
    })),
    ...slots.map((tid): TraceEvent => ({
      ph: "M",
      name: "thread_name",
      pid: builds,
      tid,
      args: { name: `job ${tid}` },
    })),
  ];
}

function packageEvents(run: Run): TraceEvent[] {
  const slots = buildSlots(run);
  const fetchSlots = assignSlots(run.packages.map((each) => outline(each, "fetch")));
  const checkSlots = assignSlots(run.packages.map((each) => outline(each, "check")));
  return run.packages.flatMap((each) => {
    const { name, version, state, waitMs, isCritical, failure } = each;
    const whole = outline(each, "run");
    const tid = slots.get(name) ?? 1;
    const own = whole && {
      ...bar(whole, { pid: builds, tid, name, category: "package" }),
      args: {
        version,
        result: state,
        waitedMs: Math.round(waitMs),
        isCritical,
        failure: failure && withoutLog(failure),
      },
    };
    const inner = each.spans.flatMap((span) => {
      if (span.kind === "fetch") {
        return bar(span, { pid: fetches, tid: fetchSlots.get(name) ?? 1, name, category: "fetch" });
      }
      if (span.kind === "check") {
        return bar(span, { pid: checks, tid: checkSlots.get(name) ?? 1, name, category: "check" });
      }
      if (whole === undefined || span.fromMs < whole.fromMs) return []; // waits before the build
      if (span.kind === "run" && span.step === undefined) return [];
      const title = span.step ?? "waiting";
      const { userMs, systemMs, maxRssBytes } = span;
      const category = span.kind === "wait" ? "wait" : "step";
      return {
        ...bar(span, { pid: builds, tid, name: title, category }),
        args: { package: name, userMs, systemMs, maxRssBytes },
      };
    });
    return own === undefined ? inner : [own, ...inner];
  });
}

function withoutLog({ log: _log, ...rest }: FailureReport): Omit<FailureReport, "log"> {
  return rest;
}

function bar(
  { fromMs, toMs }: Pick<Span, "fromMs" | "toMs">,
  { pid, tid, name, category }: { pid: number; tid: number; name: string; category: string },
): TraceEvent {
  const [ts, dur] = [microseconds(fromMs), microseconds(toMs - fromMs)];
  return { ph: "X", pid, tid, name, cat: category, ts, dur };
}

function arrows(run: Run): TraceEvent[] {
  const slots = buildSlots(run);
  const wholes = new Map(run.packages.map((each) => [each.name, outline(each, "run")]));
  return run.packages.flatMap(({ name, needs }, id): TraceEvent[] => {
    const end = wholes.get(name);
    const last = needs
      .filter((need) => wholes.get(need) !== undefined)
      .sort((a, b) => (wholes.get(b)?.toMs ?? 0) - (wholes.get(a)?.toMs ?? 0))[0];
    const start = wholes.get(last ?? "");
    if (last === undefined || start === undefined || end === undefined) return [];
    const common = { cat: "needs", name: "needs", id: id + 1, pid: builds };
    // The arrow begins inside of the first bar: viewers tie it to the bar that holds its time.
    const begin = Math.max(start.fromMs, start.toMs - 0.001);
    return [
      { ...common, ph: "s", tid: slots.get(last) ?? 1, ts: microseconds(begin) },
      { ...common, ph: "f", bp: "e", tid: slots.get(name) ?? 1, ts: microseconds(end.fromMs) },
    ];
  });
}

const mostParts = 1000;
const leastPartMs = 100;

function counters(run: Run): TraceEvent[] {
  const { durationMs } = run;
  const parts = Math.max(1, Math.min(mostParts, Math.floor(durationMs / leastPartMs)));
  const { processors, tokens } = useOverTime(run.packages, { durationMs, parts });
  const series = (name: string, values: readonly number[]): TraceEvent[] =>
    values.map((value, at) => ({
      ph: "C",
      pid: builds,
      tid: 0,
      name,
      ts: microseconds((at * durationMs) / parts),
      args: { [name]: Math.round(value * 100) / 100 },
    }));
  return [...series("processors busy", processors), ...series("job tokens held", tokens)];
}

function microseconds(ms: number): number {
  return Math.round(ms * 1000);
}
