/**
 * The live view as data, and what each input changes of it. Pure: `live-view.ts` takes the inputs from
 * terminal and clock, and does what has become due.
 */
import type { Event } from "../core/index.ts";
import { fold, noRun, packagesIn, type RunState } from "../events/index.ts";
import {
  type Estimate,
  estimateRemaining,
  isShownByLiveView,
  progressOf,
  type ProgressOptions,
} from "../report/index.ts";
import type { TailLine } from "./log-tails.ts";
import type { Terminal } from "./terminal.ts";
import { readKey, splitKeys, type LiveViewKeys } from "./live-view-keys.ts";

export interface LiveViewState {
  readonly run: RunState;
  readonly keys: LiveViewKeys;
  /**
   * `before` the run is known; `away`: in the background, until it is in front again; `left` by the
   * person, for good.
   */
  readonly state: "before" | "shown" | "away" | "left";
  /** Finished lines that are not written yet. */
  readonly above: readonly string[];
  readonly estimated: { readonly atMs: number; readonly left: Estimate | undefined } | undefined;
  /** What the last keys ask for that are signals elsewhere. */
  readonly signals: readonly Signal[];
}

type Signal = Parameters<Terminal["signal"]>[0];

export type LiveInput =
  | { readonly kind: "event"; readonly event: Event }
  | { readonly kind: "printed"; readonly lines: readonly TailLine[] }
  | { readonly kind: "typed"; readonly text: string }
  /** A moment has passed. */
  | { readonly kind: "tick"; readonly nowMs: number; readonly isForeground: boolean }
  | { readonly kind: "resized" | "suspended" | "ended" };

export const firstView: LiveViewState = {
  run: noRun,
  keys: { filter: "", isTyping: false, isVerbose: false },
  state: "before",
  above: [],
  estimated: undefined,
  signals: [],
};

export function reduce(
  before: LiveViewState,
  input: LiveInput,
  options: ProgressOptions,
): LiveViewState {
  const view = { ...before, signals: [] };
  switch (input.kind) {
    case "event":
      return takeEvent(view, input.event, options);
    case "printed": {
      const shown = input.lines.filter(({ name }) => name.includes(view.keys.filter));
      const lines = shown.map(({ name, line }) => `${options.style.dim(`${name}|`)} ${line}`);
      return { ...view, above: [...view.above, ...lines] };
    }
    case "typed":
      return takeKeys(view, splitKeys(input.text));
    case "tick":
      return view.state === "away" || view.state === "shown" ? tick(view, input) : view;
    case "resized":
      return view;
    case "suspended":
      return view.state === "shown" ? { ...view, state: "away" } : view;
    case "ended":
      return { ...view, state: "left" };
  }
}

function takeEvent(view: LiveViewState, event: Event, options: ProgressOptions): LiveViewState {
  const run = fold(view.run, event);
  const isNew = view.state === "before" && event.kind === "graph";
  const isHidden = view.state === "shown" && isShownByLiveView(event);
  const lines = isHidden ? [] : progressOf(event, run, options);
  return {
    ...view,
    run,
    state: isNew ? "away" : view.state,
    above: [...view.above, ...lines],
  };
}

const signals: Readonly<Record<string, Signal>> = {
  "\u0003": "SIGINT",
  "\u001C": "SIGQUIT",
  "\u001A": "SIGTSTP",
};

function takeKeys(view: LiveViewState, typed: readonly string[]): LiveViewState {
  const due: Signal[] = [];
  let { keys, state } = view;
  for (const key of typed) {
    const signal = signals[key];
    if (signal !== undefined) due.push(signal);
    else if (key !== "q" || keys.isTyping) keys = readKey(keys, key);
    else {
      state = "left";
      break;
    }
  }
  return { ...view, keys, state, signals: due };
}

function tick(
  view: LiveViewState,
  { nowMs, isForeground }: { nowMs: number; isForeground: boolean },
): LiveViewState {
  if (!isForeground) return { ...view, state: "away" };
  const { run, estimated } = view;
  // It takes some microseconds a package: the more wait, the more seldom.
  const betweenMs = Math.max(1000, packagesIn(run, "waiting").length);
  const isFresh = estimated !== undefined && nowMs - estimated.atMs < betweenMs;
  return {
    ...view,
    state: "shown",
    estimated: isFresh ? estimated : { atMs: nowMs, left: estimateRemaining(run, nowMs) },
  };
}
