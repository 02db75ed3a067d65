/**
 * The live view of a run: finished lines scroll away, and below them stays a block that is drawn anew
 * when something has changed, at most five times a second, each time in one write.
 */
import type { EventBody } from "../core/index.ts";
import { runningIn } from "../events/index.ts";
import { type ProgressOptions, renderLiveView } from "../report/index.ts";
import type { World } from "../world/index.ts";
import { diff, type Drawing } from "./drawing.ts";
import { createLogTails, type LogTails } from "./log-tails.ts";
import type { Terminal } from "./terminal.ts";
import { firstView, reduce, type LiveInput, type LiveViewState } from "./live-view-state.ts";

interface LiveViewOptions {
  readonly terminal: Terminal;
  readonly world: World;
  readonly progress: ProgressOptions;
  readonly signal: AbortSignal;
}

export interface LiveView {
  emit(event: EventBody): void;
  /** Erases the block and gives the terminal back. */
  close(): void;
}

const betweenDrawingsMs = 200;
const help = "v logs  / filter  q quit view";

export function openLiveView(options: LiveViewOptions): LiveView {
  const { terminal, world, progress } = options;
  const tails = createLogTails(world);
  const nowMs = (): number => world.clock.monotonicMs();
  let view = firstView;
  let drawn: Drawing = { block: [], columns: 0 };
  let timer: NodeJS.Timeout | undefined;

  const take = (input: LiveInput): void => {
    const before = view.state;
    view = reduce(view, input, progress);
    const isShown = view.state === "shown";
    if (isShown && before !== "shown" && terminal.hasKeys) {
      terminal.readKeys((text) => take({ kind: "typed", text }));
    }
    // Where the block is shown, what comes by itself waits for the next moment.
    if (!isShown || input.kind === "typed" || input.kind === "resized") draw();
    if (!isShown && before === "shown") terminal.stopKeys();
    for (const name of view.signals) terminal.signal(name);
    if (before === "before" && view.state === "away") begin();
  };
  const draw = (): void => {
    const { columns } = terminal.size();
    const next = { block: blockOf(view, tails, options), columns, above: view.above };
    const text = diff(drawn, next, progress.style);
    view = { ...view, above: [] };
    if (text === "") return;
    drawn = next;
    terminal.write(text);
  };
  const look = (): void => {
    const running = runningIn(view.run);
    take({ kind: "printed", lines: tails.look(running, { all: view.keys.isVerbose }) });
  };
  const tick = (): void => {
    take({ kind: "tick", nowMs: nowMs(), isForeground: terminal.isForeground() });
    if (view.state !== "shown") return;
    look();
    draw();
  };
  const begin = (): void => {
    terminal.onResize(() => take({ kind: "resized" }));
    terminal.onSuspend({ stop: () => take({ kind: "suspended" }), goOn: tick });
    terminal.onExit(() => take({ kind: "ended" }));
    timer = setInterval(tick, betweenDrawingsMs);
    tick();
  };

  return {
    emit: (event) => {
      take({ kind: "event", event: { ...event, atMs: nowMs() } });
      if (event.kind === "step-finished" && isFollowing(view)) look(); // the next step has another log
    },
    close: () => {
      take({ kind: "ended" });
      clearInterval(timer);
      terminal.close();
    },
  };
}

function blockOf(
  { run, state, keys, estimated }: LiveViewState,
  { lastLine }: LogTails,
  { terminal, world, progress, signal }: LiveViewOptions,
): string[] {
  if (state !== "shown") return [];
  return renderLiveView({
    run,
    nowMs: world.clock.monotonicMs(),
    left: estimated?.left,
    ...terminal.size(),
    style: progress.style,
    lastLine,
    filter: keys.filter,
    isTyping: keys.isTyping,
    isInterrupted: signal.aborted,
    keys: terminal.hasKeys ? help : "",
  });
}

function isFollowing({ state, keys }: LiveViewState): boolean {
  return state === "shown" && keys.isVerbose;
}
