/**
 * The live view of a run: finished lines scroll away, and below them stays a block that is drawn anew
 * when something has changed, at most five times a second. Each drawing is one write: up to the
 * block's first line, erase to the end, the new lines, the new block. The cursor rests at the end of
 * the block's last line, so whatever ends the program leaves a usable terminal.
 */
import type { EventBody } from "../core/index.ts";
import { createRunState } from "../events/index.ts";
import {
  type Estimate,
  estimateRemaining,
  isShownByView,
  renderView,
  type Style,
  widthOf,
} from "../report/index.ts";
import { oneLine } from "../core/index.ts";
import type { World } from "../world/index.ts";
import { readKey, splitKeys, type ViewKeys } from "./view-keys.ts";
import { createLogTails } from "./log-tails.ts";
import type { Terminal } from "./terminal.ts";

export interface LiveViewOptions {
  readonly terminal: Terminal;
  readonly world: World;
  readonly style: Style;
  /** What an event is worth as lines of plain progress. */
  readonly progress: (event: EventBody) => string[];
  readonly signal: AbortSignal;
}

export interface LiveView {
  emit(event: EventBody): void;
  /** Erases the block and gives the terminal back. */
  close(): void;
}

const betweenDrawingsMs = 200;
/** Playing the rest takes some microseconds a package: the more wait, the more seldom. */
const betweenEstimatesMs = (waiting: number): number => Math.max(1000, waiting);
const help = "v logs  / filter  q quit view";

export function openLiveView(options: LiveViewOptions): LiveView {
  const { terminal, world, style } = options;
  const run = createRunState();
  const tails = createLogTails(world, run);
  const nowMs = (): number => world.clock.monotonicMs();
  let keys: ViewKeys = { filter: "", isTyping: false, isVerbose: false };
  /** `left`: by the person, for good; `away`: in the background, until it is in front again. */
  let state: "before" | "shown" | "away" | "left" = "before";
  let above: string[] = [];
  let drawn: string[] = [];
  let drawnColumns = 0;
  let estimated: { readonly atMs: number; readonly left: Estimate | undefined } | undefined;
  let timer: NodeJS.Timeout | undefined;

  const shownLine = (line: string): string => `${style.show(oneLine(line))}\n`;
  const draw = (block: readonly string[]): void => {
    if (above.length === 0 && block.join("\n") === drawn.join("\n")) return;
    const lines = above.map(shownLine).join("");
    terminal.write(
      `\u001B[?2026h${eraseBlock(drawn, drawnColumns, terminal.size().columns)}` +
        `${lines}${style.show(block.join("\n"))}\u001B[?2026l`,
    );
    above = [];
    drawn = [...block];
    drawnColumns = terminal.size().columns;
  };
  const estimate = (): Estimate | undefined => {
    const atMs = nowMs();
    if (estimated === undefined || atMs - estimated.atMs >= betweenEstimatesMs(run.waiting.size)) {
      estimated = { atMs, left: estimateRemaining(run, atMs) };
    }
    return estimated.left;
  };
  const drawView = (): void => {
    const { filter, isTyping } = keys;
    const isInterrupted = options.signal.aborted;
    const { lastLine } = tails;
    const words = terminal.hasKeys ? help : "";
    const time = { nowMs: nowMs(), left: estimate() };
    const view = { run, ...time, style, lastLine, filter, isTyping, isInterrupted };
    draw(renderView({ ...view, ...terminal.size(), keys: words }));
  };
  const tick = (): void => {
    if (state === "away" && terminal.isForeground()) show();
    if (state !== "shown") return;
    if (!terminal.isForeground()) return leave("away");
    tails.look();
    drawView();
  };
  const show = (): void => {
    state = "shown";
    if (terminal.hasKeys) terminal.readKeys(typed);
  };
  const leave = (to: "away" | "left"): void => {
    draw([]);
    terminal.stopKeys();
    state = to;
  };
  const typed = (text: string): void => {
    for (const key of splitKeys(text)) {
      if (key === "\u0003") terminal.signal("SIGINT");
      else if (key === "\u001C") terminal.signal("SIGQUIT");
      else if (key === "\u001A") terminal.signal("SIGTSTP");
      else if (key === "q" && !keys.isTyping) return leave("left");
      else {
        keys = readKey(keys, key);
        tails.follow(keys.isVerbose ? printed : undefined);
      }
    }
    if (state === "shown") drawView();
  };
  const printed = (name: string, line: string): void => {
    if (name.includes(keys.filter)) above.push(`${style.dim(`${name}|`)} ${line}`);
  };
  const suspend = (): void => {
    if (state === "shown") leave("away");
  };
  const begin = (): void => {
    terminal.onResize(() => state === "shown" && drawView());
    terminal.onSuspend({ stop: suspend, goOn: tick });
    terminal.onExit(() => leave("left"));
    timer = setInterval(tick, betweenDrawingsMs);
    state = "away";
    tick();
  };

  return {
    emit: (event) => {
      if (event.kind === "step-finished" && state === "shown") tails.finish(event.package);
      run.apply(event, nowMs());
      const lines = options.progress(event);
      if (state !== "shown") for (const line of lines) terminal.write(shownLine(line));
      else if (!isShownByView(event)) above.push(...lines);
      if (event.kind === "graph") begin();
    },
    close: () => {
      if (state === "shown") leave("left");
      clearInterval(timer);
      terminal.close();
    },
  };
}

/**
 * When the window has become narrower, most terminals have wrapped the block's lines meanwhile: they
 * take more rows than there were lines. Where they are cut instead, a few finished lines vanish too.
 */
function eraseBlock(drawn: readonly string[], columnsThen: number, columnsNow: number): string {
  if (drawn.length === 0) return "";
  const rows = drawn
    .map((line) => Math.min(columnsThen, widthOf(line)))
    .map((columns) => (columnsNow < columnsThen ? Math.max(1, Math.ceil(columns / columnsNow)) : 1))
    .reduce((sum, count) => sum + count, 0);
  return `\r${rows > 1 ? `\u001B[${rows - 1}A` : ""}\u001B[J`;
}
