/** Whether what a run's file holds is an event: others may have written it, or cut it. */
import type { Event, EventBody } from "../core/index.ts";

/** Undefined for what is not an event: a last line may be cut, if its run was killed or goes on. */
export function parseEvent(line: string): Event | undefined {
  try {
    const value: unknown = line === "" ? undefined : JSON.parse(line);
    return isEvent(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Known kinds have all that they must have, of the right types; unknown ones are let through. */
function isEvent(value: unknown): value is Event {
  if (!isObject(value) || !number(value["atMs"]) || !text(value["kind"])) return false;
  const kind = value["kind"] as string;
  const shape = Object.hasOwn(shapes, kind) ? shapes[kind as EventBody["kind"]] : {};
  return fits(value, shape);
}

type Check = (value: unknown) => boolean;
type Shape = Readonly<Record<string, Check>>;

/** Milliseconds since 1970 until the year 2286, and all that is counted. */
const largest = 1e13;

const text: Check = (value) => typeof value === "string";
const flag: Check = (value) => typeof value === "boolean";
const number: Check = (value) => typeof value === "number" && value >= 0 && value <= largest;
const texts: Check = (value) => Array.isArray(value) && value.every(text);
const maybe =
  (check: Check): Check =>
  (value) =>
    value === undefined || check(value);

const named: Shape = { package: text };
const timed: Shape = { package: text, durationMs: number };
const usage: Shape = {
  wallMs: number,
  userMs: maybe(number),
  systemMs: maybe(number),
  maxRssBytes: maybe(number),
};
const node: Shape = {
  name: text,
  version: text,
  system: text,
  needs: texts,
  upToDate: flag,
  hasCheck: maybe(flag),
  expectedMs: maybe(number),
};
const recurrence: Shape = {
  times: number,
  firstAtMs: number,
  lastRun: text,
  otherPackages: texts,
};
/** What is more than the reason and the log is younger than the format. */
const failure: Shape = {
  version: text,
  reason: text,
  logFile: text,
  fingerprint: maybe(text),
  cause: maybe(text),
  hints: maybe(texts),
  logTail: maybe(texts),
  errorAt: maybe(number),
  seen: maybe((value) => fits(value, recurrence)),
  known: maybe((value) => fits(value, { note: maybe(text), link: maybe(text) })),
};

const shapes: Readonly<Record<EventBody["kind"], Shape>> = {
  opened: { format: number, version: text, arguments: texts },
  "run-started": { run: text, packages: number, outOfDate: number, jobs: number, prefix: text },
  graph: {
    packages: (value) => Array.isArray(value) && value.every((each) => fits(each, node)),
  },
  isolation: { mode: text, reason: maybe(text) },
  "fetch-started": { ...named, from: text },
  "fetch-finished": { ...timed, bytes: number },
  "fetch-retried": { ...named, reason: text },
  "fetch-failed": { ...named, reason: text },
  "build-started": { ...named, version: text },
  "step-started": { ...named, step: text, title: text, logFile: text },
  "step-finished": { ...named, step: text, result: text, ...usage },
  "build-finished": { ...timed, version: text, result: text },
  "build-failed": { ...timed, ...failure, step: text },
  "build-blocked": { ...named, by: texts },
  tokens: { ...named, held: number },
  "check-started": { ...named, version: text },
  "check-finished": { ...timed, version: text },
  "check-failed": { ...timed, ...failure, isWarning: flag },
  hints: { ...named, hints: texts },
  library: { ...named, library: text, where: text, paths: texts, count: number, text },
  "cache-started": { cache: text, packages: number, sizeBytes: number },
  "cache-finished": {
    cache: text,
    packages: number,
    missed: number,
    sizeBytes: number,
    savedMs: number,
    durationMs: number,
  },
  waiting: { for: text },
  counted: { doing: text, done: number, total: number },
  recovered: { text },
  note: { text, package: maybe(text) },
  "prefix-changed": {
    transaction: text,
    packages: texts,
    removed: texts,
    files: number,
    sizeBytes: number,
    durationMs: number,
  },
  "run-finished": { result: text, durationMs: number },
};

function fits(value: unknown, shape: Shape): boolean {
  return isObject(value) && Object.entries(shape).every(([key, check]) => check(value[key]));
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
