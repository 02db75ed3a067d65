/**
 * The live view of a run: finished lines scroll away, and below them stays a block that is drawn anew
 * when something has changed, at most five times a second, each time in one write.
 */
import type { EventBody } from "../core/index.ts";
import { runningIn } from "../events/index.ts";
import { type ProgressOptions, renderView } from "../report/index.ts";
import type { World } from "../world/index.ts";
import { diff, type Drawing } from "./drawing.ts";
import { createLogTails } from "./log-tails.ts";
import type { Terminal } from "./terminal.ts";
import { firstView, reduce, type LiveInput } from "./view-state.ts";

export interface LiveViewOptions {
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

export function openLiveView({ terminal, world, progress, signal }: LiveViewOptions): LiveView {
  const { style } = progress;
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
    const size = terminal.size();
    const { run, above, keys, estimated, state } = view;
    const input = { run, ...keys, ...size, style, nowMs: nowMs(), left: estimated?.left };
    const words = { lastLine: tails.lastLine, keys: terminal.hasKeys ? help : "" };
    const block =
      state === "shown" ? renderView({ ...input, ...words, isInterrupted: signal.aborted }) : [];
    const text = diff(drawn, { above, block, columns: size.columns }, style);
    view = { ...view, above: [] };
    if (text === "") return;
    drawn = { block, columns: size.columns };
    terminal.write(text);
  };
  const look = (): void => {
    const lines = tails.look(runningIn(view.run), { all: view.keys.isVerbose });
    if (lines.length > 0) take({ kind: "printed", lines });
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
      const isStepsEnd = event.kind === "step-finished"; // the next step has another log
      if (isStepsEnd && view.state === "shown" && view.keys.isVerbose) look();
    },
    close: () => {
      take({ kind: "ended" });
      clearInterval(timer);
      terminal.close();
    },
  };
}
