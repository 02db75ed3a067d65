/** The block below the finished lines that shows what a run is doing: run, clock and size → lines. */
import { type EventBody, showCount, showRoughly, showSeconds } from "../core/index.ts";
import type { Estimate } from "./estimate.ts";
import { cut, fitLine, pad, type Piece, widthOf } from "./fit.ts";
import {
  type PackageInRun,
  packagesIn,
  runningIn,
  type RunningPackage,
  type RunState,
  valueOf,
} from "../events/index.ts";
import type { Style } from "./style.ts";

export interface LiveViewInput {
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
export function isShownByLiveView({ kind }: EventBody): boolean {
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
export function renderLiveView(input: LiveViewInput): string[] {
  const { run, style, rows } = input;
  const now = lookAt(run);
  const columns = input.columns - 1;
  const shown = now.running.filter(({ name }) => name.includes(input.filter));
  const roomForAll = Math.max(1, Math.min(rows - 1, Math.floor((rows * 2) / 3)));
  const below = [filterLine(input), failureLine(now, columns), waitingLine(run, now)]
    .filter((line) => line !== undefined)
    .slice(0, Math.max(0, roomForAll - 1 - Math.min(1, shown.length)));
  const room = roomForAll - 1 - below.length;
  const fitting = shown.length <= room ? shown : shown.slice(0, Math.max(0, room - 1));
  const more = shown.length - fitting.length;
  const lines: Piece[][] = [
    headLine(input, now),
    ...packageLines(input, fitting, columns),
    ...(more > 0 && room > 0 ? [[{ text: `  and ${more} more`, paint: "dim" } as const]] : []),
    ...below,
  ];
  return lines.map((pieces) => fitLine(pieces, columns, style));
}

interface Now {
  readonly running: readonly RunningPackage[];
  readonly waiting: readonly PackageInRun[];
  readonly failed: readonly PackageInRun[];
  readonly blocked: readonly PackageInRun[];
}

function lookAt(run: RunState): Now {
  return {
    running: runningIn(run),
    waiting: packagesIn(run, "waiting"),
    failed: packagesIn(run, "failed"),
    blocked: packagesIn(run, "blocked"),
  };
}

function headLine(input: LiveViewInput, { running, waiting, failed, blocked }: Now): Piece[] {
  const { run, nowMs } = input;
  const total = String(run.total);
  const jobs = running.filter(({ node }) => node.kind !== "fetch").length;
  const isJoining = jobs === 0 && waiting.length === 0 && failed.length === 0;
  const doing = input.isInterrupted
    ? "stopping what runs"
    : isJoining
      ? "joining the prefix"
      : `${jobs} running, ${waiting.length} waiting`;
  const pieces: Piece[] = [
    { text: `[${String(run.ended).padStart(total.length)}/${total}] `, paint: "strong" },
    { text: doing },
  ];
  if (failed.length > 0) pieces.push({ text: `, ${failed.length} failed`, paint: "bad" });
  if (blocked.length > 0) pieces.push({ text: `, ${blocked.length} blocked`, paint: "warn" });
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
  input: LiveViewInput,
  packages: readonly RunningPackage[],
  columns: number,
): Piece[][] {
  const title = ({ name, version }: RunningPackage): string => `${name} ${version}`.trimEnd();
  const nameColumns = Math.min(
    Math.max(0, ...packages.map((one) => widthOf(title(one)))),
    Math.max(8, Math.min(widestName, Math.floor(columns / 3))),
  );
  const times = packages.map(({ node }) => showSeconds(input.nowMs - node.sinceMs));
  const timeColumns = Math.max(0, ...times.map((time) => time.length));
  const jobs = packages.map(({ held }) => showJobs(held || 1));
  const jobColumns = Math.max(0, ...jobs.map((text) => text.length));
  const stepColumns = Math.max(0, ...packages.map(({ node }) => node.step.length));
  return packages.map((one, index) => [
    { text: `  ${pad(cut(title(one), nameColumns), nameColumns)}` },
    { text: `  ${(times[index] ?? "").padStart(timeColumns)}` },
    { text: (jobs[index] ?? "").padEnd(jobColumns) },
    { text: `  ${one.node.step.padEnd(stepColumns)}` },
    { text: `  ${input.lastLine(one.name)}`.trimEnd(), paint: "dim" },
  ]);
}

/** One is what every package runs with. */
function showJobs(held: number): string {
  return held === 1 ? "" : `  ${held} jobs`;
}

function failureLine({ failed }: Now, columns: number): Piece[] | undefined {
  if (failed.length === 0) return undefined;
  const shown: string[] = [];
  const text = (names: readonly string[]): string => {
    const rest = failed.length - names.length;
    return `  failed: ${names.join(", ")}${rest > 0 ? ` and ${rest} more` : ""}`;
  };
  for (const { name } of failed) {
    if (shown.length > 0 && widthOf(text([...shown, name])) > columns) break;
    shown.push(name);
  }
  return [{ text: text(shown), paint: "bad" }];
}

const fewWaiting = 3;

function waitingLine({ packages }: RunState, { waiting }: Now): Piece[] | undefined {
  if (waiting.length === 0 || waiting.length > fewWaiting) return undefined;
  const texts = waiting.map(({ name, node, needs: all }) => {
    const needs = all.filter((need) =>
      ["waiting", "building"].includes(valueOf(packages, need)?.state ?? ""),
    );
    if (needs.length === 0) {
      return `${name} for ${node !== undefined ? "its source" : "a free job"}`;
    }
    return needs.length > fewWaiting
      ? `${name} for ${showCount(needs.length, "package")}`
      : `${name} for ${needs.join(", ")}`;
  });
  return [{ text: `  waiting: ${texts.join("; ")}`, paint: "dim" }];
}

function filterLine({ filter, isTyping }: LiveViewInput): Piece[] | undefined {
  if (isTyping) return [{ text: `  only packages with: ${filter}_` }];
  return filter === "" ? undefined : [{ text: `  only packages with: ${filter}`, paint: "warn" }];
}
