/** The block below the finished lines that shows what a run is doing: run, clock and size → lines. */
import type { EventBody } from "../core/index.ts";
import type { Estimate } from "./estimate.ts";
import { showCount, showRoughly, showSeconds } from "../core/index.ts";
import { cut, fitLine, pad, type Piece, widthOf } from "./fit.ts";
import type { RunningPackage, RunState } from "../events/index.ts";
import type { Style } from "./style.ts";

export interface ViewInput {
  readonly run: RunState;
  readonly nowMs: number;
  /** How long it will still take; absent when that is not known. */
  readonly left: Estimate | undefined;
  readonly columns: number;
  readonly rows: number;
  readonly style: Style;
  /** The last line of the log of what runs, without control characters. */
  readonly lastLine: (name: string) => string;
  /** Only packages with this in their name are shown. */
  readonly filter: string;
  /** Whether the filter is being typed. */
  readonly isTyping: boolean;
  readonly isInterrupted: boolean;
  /** What the keys do; empty where none are read. */
  readonly keys: string;
}

/** In the view it is the block that shows these. */
export function isShownByView({ kind }: EventBody): boolean {
  return (
    kind === "fetch-started" ||
    kind === "fetch-finished" ||
    kind === "build-started" ||
    kind === "check-started"
  );
}

/**
 * At least one line and at most two thirds of the window, so that finished lines stay in sight, and
 * fifty failures take one line. No line fills the last column, where terminals differ in wrapping.
 */
export function renderView(input: ViewInput): string[] {
  const { run, style, rows } = input;
  const columns = input.columns - 1;
  const shown = [...run.running.values()].filter(({ name }) => name.includes(input.filter));
  const roomForAll = Math.max(1, Math.min(rows - 1, Math.floor((rows * 2) / 3)));
  const below = [filterLine(input), failureLine(input, columns), waitingLine(input)]
    .filter((line) => line !== undefined)
    .slice(0, Math.max(0, roomForAll - 1 - Math.min(1, shown.length)));
  const room = roomForAll - 1 - below.length;
  const fitting = shown.length <= room ? shown : shown.slice(0, Math.max(0, room - 1));
  const more = shown.length - fitting.length;
  const lines: Piece[][] = [
    headLine(input),
    ...packageLines(input, fitting, columns),
    ...(more > 0 && room > 0 ? [[{ text: `  and ${more} more`, paint: "dim" } as const]] : []),
    ...below,
  ];
  return lines.map((pieces) => fitLine(pieces, columns, style));
}

function headLine(input: ViewInput): Piece[] {
  const { run, nowMs } = input;
  const total = String(run.total);
  const jobs = [...run.running.values()].filter(({ node }) => node !== "fetch").length;
  const isJoining = jobs === 0 && run.waiting.size === 0 && run.failed.length === 0;
  const doing = input.isInterrupted
    ? "stopping what runs"
    : isJoining
      ? "joining the prefix"
      : `${jobs} running, ${run.waiting.size} waiting`;
  const pieces: Piece[] = [
    { text: `[${String(run.ended).padStart(total.length)}/${total}] `, paint: "strong" },
    { text: doing },
  ];
  if (run.failed.length > 0) pieces.push({ text: `, ${run.failed.length} failed`, paint: "bad" });
  if (run.blocked > 0) pieces.push({ text: `, ${run.blocked} blocked`, paint: "warn" });
  pieces.push({ text: ` · ${showSeconds(nowMs - (run.startedMs ?? nowMs))}` });
  const left = input.isInterrupted || isJoining ? undefined : input.left;
  if (left !== undefined && (left.isWhole || left.ms >= 10_000)) {
    const words = `${left.isWhole ? "about" : "at least"} ${showRoughly(left.ms)}`;
    pieces.push({ text: ` · ${words} left` });
  }
  const keys = `   ${input.keys}`;
  const used = pieces.reduce((sum, { text }) => sum + widthOf(text), 0);
  if (used + widthOf(keys) < input.columns) pieces.push({ text: keys.trimEnd(), paint: "dim" });
  return pieces;
}

const widestName = 32;

/** What matters least comes last, where a narrow window cuts. */
function packageLines(
  input: ViewInput,
  packages: readonly RunningPackage[],
  columns: number,
): Piece[][] {
  const title = ({ name, version }: RunningPackage): string => `${name} ${version}`.trimEnd();
  const nameColumns = Math.min(
    Math.max(0, ...packages.map((one) => widthOf(title(one)))),
    Math.max(8, Math.min(widestName, Math.floor(columns / 3))),
  );
  const times = packages.map(({ sinceMs }) => showSeconds(input.nowMs - sinceMs));
  const timeColumns = Math.max(0, ...times.map((time) => time.length));
  const jobs = packages.map(({ name }) => showJobs(input.run.held.get(name)));
  const jobColumns = Math.max(0, ...jobs.map((text) => text.length));
  const stepColumns = Math.max(0, ...packages.map(({ step }) => step.length));
  return packages.map((one, index) => [
    { text: `  ${pad(cut(title(one), nameColumns), nameColumns)}` },
    { text: `  ${(times[index] ?? "").padStart(timeColumns)}` },
    { text: (jobs[index] ?? "").padEnd(jobColumns) },
    { text: `  ${one.step.padEnd(stepColumns)}` },
    { text: `  ${input.lastLine(one.name)}`.trimEnd(), paint: "dim" },
  ]);
}

/** One is what every package runs with. */
function showJobs(held = 1): string {
  return held === 1 ? "" : `  ${held} jobs`;
}

function failureLine({ run }: ViewInput, columns: number): Piece[] | undefined {
  if (run.failed.length === 0) return undefined;
  const shown: string[] = [];
  const text = (names: readonly string[]): string => {
    const rest = run.failed.length - names.length;
    return `  failed: ${names.join(", ")}${rest > 0 ? ` and ${rest} more` : ""}`;
  };
  for (const name of run.failed) {
    if (shown.length > 0 && widthOf(text([...shown, name])) > columns) break;
    shown.push(name);
  }
  return [{ text: text(shown), paint: "bad" }];
}

const fewWaiting = 3;

function waitingLine({ run }: ViewInput): Piece[] | undefined {
  if (run.waiting.size === 0 || run.waiting.size > fewWaiting) return undefined;
  const texts = [...run.waiting].map((name) => {
    const needs = (run.packages.get(name)?.needs ?? []).filter(
      (need) => run.waiting.has(need) || run.running.get(need)?.node === "build",
    );
    if (needs.length === 0) {
      return `${name} for ${run.running.has(name) ? "its source" : "a free job"}`;
    }
    return needs.length > fewWaiting
      ? `${name} for ${showCount(needs.length, "package")}`
      : `${name} for ${needs.join(", ")}`;
  });
  return [{ text: `  waiting: ${texts.join("; ")}`, paint: "dim" }];
}

function filterLine({ filter, isTyping }: ViewInput): Piece[] | undefined {
  if (isTyping) return [{ text: `  only packages with: ${filter}_` }];
  return filter === "" ? undefined : [{ text: `  only packages with: ${filter}`, paint: "warn" }];
}
