/** The live view against a pretended terminal: what is written, drawn on a screen of rows. */
/* oxlint-disable no-control-regex */
import { beforeEach, expect, test, vi } from "vitest";
import { openLiveView, type LiveView } from "../../src/cli/live-view.ts";
import type { Terminal } from "../../src/cli/terminal.ts";
import { makeStyle } from "../../src/report/index.ts";
import { createSimulatedWorld, type SimulatedWorld } from "../../src/world/simulated/index.ts";
import { building, built, startOf } from "../events/run-events.ts";

interface Pretended extends Terminal {
  rows: string[];
  written: number;
  foreground: boolean;
  keys: ((keys: string) => void) | undefined;
  readonly signals: string[];
  stop(): void;
  end(): void;
}

/** Understands what the view writes, and nothing else; the cursor is in the last row. */
function pretendTerminal(): Pretended {
  const handlers: Record<string, () => void> = {};
  const screen: Pretended = {
    rows: [""],
    written: 0,
    foreground: true,
    keys: undefined,
    signals: [],
    hasKeys: true,
    size: () => ({ columns: 70, rows: 20 }),
    isForeground: () => screen.foreground,
    write: (text) => {
      screen.written += 1;
      const plain = text.replaceAll("\u001B[?2026h", "").replaceAll("\u001B[?2026l", "");
      const erase = /^\r(?:\u001B\[(\d+)A)?\u001B\[J/.exec(plain);
      if (erase !== null) screen.rows.splice(-1 - Number(erase[1] ?? 0), 999, "");
      const [first = "", ...more] = plain.slice(erase?.[0].length ?? 0).split("\n");
      screen.rows[screen.rows.length - 1] += first;
      screen.rows.push(...more);
      expect(screen.rows.join("")).not.toContain("\u001B");
    },
    readKeys: (handle) => {
      screen.keys = handle;
    },
    stopKeys: () => {
      screen.keys = undefined;
    },
    onResize: () => {},
    onSuspend: ({ stop }) => {
      handlers["stop"] = stop;
    },
    onExit: (handle) => {
      handlers["end"] = handle;
    },
    signal: (name) => {
      screen.signals.push(name);
      if (name === "SIGTSTP") handlers["stop"]?.();
    },
    close: () => {
      screen.keys = undefined;
    },
    stop: () => handlers["stop"]?.(),
    end: () => handlers["end"]?.(),
  };
  return screen;
}

let world: SimulatedWorld;
let terminal: Pretended;
let view: LiveView;

beforeEach(() => {
  vi.useFakeTimers();
  world = createSimulatedWorld();
  terminal = pretendTerminal();
  view = openLiveView({
    terminal,
    world,
    progress: { style: makeStyle(false), verbose: false, currentDirectory: "/" },
    signal: new AbortController().signal,
  });
  for (const event of startOf({ zlib: {}, curl: { needs: ["zlib"] } })) view.emit(event);
  for (const event of building("zlib")) view.emit(event);
  wait(1000);
  return () => {
    view.close();
    vi.useRealTimers();
  };
});

function wait(ms: number): void {
  world.clock.advance(ms);
  vi.advanceTimersByTime(ms);
}

function print(text: string): void {
  const writer = world.disk.openWriter("/logs/zlib", { append: true });
  writer.write(Buffer.from(text));
  writer.close();
}

const head = "[0/2] 1 running, 1 waiting · 1 s   v logs  / filter  q quit view";

test("finished lines scroll away above the block, which shows what a log says last", () => {
  world.disk.plant("/logs", { zlib: "== zlib: make: make -j2\n" });
  wait(200);
  expect(terminal.rows[2]).toBe("  zlib 1.0  1 s  make"); // that line is tenon's
  print("cc a.c\n 10%\r 20%\r");
  wait(200);
  expect(terminal.rows).toEqual([
    "building 2 packages for p, -j2",
    head,
    "  zlib 1.0  1 s  make   20%",
    "  waiting: curl for zlib",
  ]);
  view.emit(built("zlib", 1200));
  wait(200);
  expect(terminal.rows).toEqual([
    "building 2 packages for p, -j2",
    "[1/2] built zlib 1.0 (1.2 s)",
    "[1/2] 0 running, 1 waiting · 1 s   v logs  / filter  q quit view",
    "  waiting: curl for a free job",
  ]);
  view.close();
  expect(terminal.rows).toEqual([
    "building 2 packages for p, -j2",
    "[1/2] built zlib 1.0 (1.2 s)",
    "",
  ]);
});

test("nothing is written while nothing changes, and never more than five times a second", () => {
  const { written } = terminal;
  wait(600);
  expect(terminal.written).toBe(written);
  for (let index = 0; index < 100; index += 1) {
    view.emit({ kind: "note", text: `${index}` });
    wait(10);
  }
  expect(terminal.written - written).toBeLessThanOrEqual(6);
  expect(terminal.rows).toContain("note: 99");
});

test("v prints what builds print, whole lines with the package before them", () => {
  world.disk.plant("/logs", { zlib: "before\n" });
  wait(200);
  terminal.keys?.("v");
  print("cc a.c\n\u001B[31mcc");
  wait(200);
  print(" b.c\u001B[0m\n");
  wait(200);
  print("the end\n");
  view.emit({ kind: "step-finished", package: "zlib", step: "make", result: "done", wallMs: 1 });
  terminal.keys?.("v");
  print("not shown\n");
  wait(200);
  expect(terminal.rows.filter((row) => row.startsWith("zlib|"))).toEqual([
    "zlib| cc a.c",
    "zlib| cc b.c",
    "zlib| the end",
  ]);
});

test("/ filters, escape takes it back", () => {
  terminal.keys?.("/cuq");
  expect(terminal.rows).toContain("  only packages with: cuq_");
  expect(terminal.rows.join()).not.toContain("zlib 1.0");
  terminal.keys?.("\u007F\r");
  expect(terminal.rows).toContain("  only packages with: cu");
  terminal.keys?.("\u001B");
  expect(terminal.rows.join()).toContain("zlib 1.0");
});

test("q leaves the view for good; plain lines go on", () => {
  terminal.keys?.("q");
  expect(terminal.rows).toEqual(["building 2 packages for p, -j2", ""]);
  expect(terminal.keys).toBeUndefined();
  view.emit(built("zlib"));
  for (const event of building("curl")) view.emit(event);
  wait(1000);
  expect(terminal.rows.slice(1)).toEqual([
    "[1/2] built zlib 1.0 (1.0 s)",
    "[1/2] building curl 1.0",
    "",
  ]);
});

test("Ctrl-C and Ctrl-\\ are the signals that they are elsewhere", () => {
  terminal.keys?.("\u0003\u001C");
  expect(terminal.signals).toEqual(["SIGINT", "SIGQUIT"]);
});

test.each(["the key", "the signal"])("Ctrl-Z, %s, gives the terminal back", (way) => {
  if (way === "the key") terminal.keys?.("\u001A");
  else terminal.stop();
  expect(terminal.signals).toEqual(way === "the key" ? ["SIGTSTP"] : []);
  expect(terminal.rows).toEqual(["building 2 packages for p, -j2", ""]);
  expect(terminal.keys).toBeUndefined();
  wait(200); // in front again
  expect(terminal.rows).toContain("  waiting: curl for zlib");
  expect(terminal.keys).toBeDefined();
});

test("in the background there are plain lines, and no keys are read", () => {
  terminal.foreground = false;
  wait(200);
  expect(terminal.keys).toBeUndefined();
  view.emit(built("zlib"));
  expect(terminal.rows.at(-2)).toBe("[1/2] built zlib 1.0 (1.0 s)");
  terminal.foreground = true;
  wait(200);
  expect(terminal.rows.at(-1)).toBe("  waiting: curl for a free job");
});

test("the end of the program by surprise gives the terminal back", () => {
  terminal.end();
  expect(terminal.rows).toEqual(["building 2 packages for p, -j2", ""]);
  expect(terminal.keys).toBeUndefined();
});
