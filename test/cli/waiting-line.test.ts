/** Who waits is told that the command is at work, and the line is gone before anything else is written. */
import { beforeEach, expect, test } from "vitest";
import { type WaitingLine, startWaitingLine } from "../../src/cli/waiting-line.ts";
import { createSimulatedClock, type SimulatedClock } from "../../src/world/simulated/index.ts";

const erase = "\r\u001B[K";
const line = (seconds: number): string => `${erase}\u001B[2mat work for ${seconds} s\u001B[22m`;

let clock: SimulatedClock;
let written: string;
let isForeground: boolean;
let patience: WaitingLine;

beforeEach(() => {
  clock = createSimulatedClock();
  written = "";
  isForeground = true;
  const terminal = { write: (text: string) => (written += text), isForeground: () => isForeground };
  patience = startWaitingLine(clock, terminal);
});

/** What was written in this time. */
function after(ms: number): string {
  written = "";
  for (let left = ms; left > 0; left -= 100) clock.advance(Math.min(left, 100));
  return written;
}

test("after a second of silence, each second", () => {
  expect(after(900)).toBe("");
  expect(after(200)).toBe(line(1));
  expect(after(2000)).toBe(line(2) + line(3));
});

test("what is written takes the line away, and a second of silence begins", () => {
  after(1500);
  written = "";
  patience.speak();
  expect(written).toBe(erase);
  expect(after(900)).toBe("");
  expect(after(200)).toBe(line(2));
});

test("what is written without a line before it erases nothing", () => {
  patience.speak();
  expect(written).toBe("");
});

test("when it is over, nothing more comes", () => {
  after(1500);
  written = "";
  patience.end();
  expect(written).toBe(erase);
  expect(after(5000)).toBe("");
  patience.speak();
  expect(after(5000)).toBe("");
});

test("nothing in the background, and nothing where nobody looks on", () => {
  isForeground = false;
  expect(after(3000)).toBe("");
  startWaitingLine(clock, undefined).speak();
  expect(after(3000)).toBe("");
});

test("what is counted stands in the line, also where the work leaves no time between", () => {
  const counted = (done: number): string => {
    written = "";
    patience.count({ doing: "pinning sources", done, total: 3 });
    return written;
  };
  const pinning = (done: number, seconds: number): string =>
    `${erase}\u001B[2mpinning sources: ${done} of 3, ${seconds} s\u001B[22m`;
  expect(counted(1)).toBe("");
  expect(after(1100)).toBe(pinning(1, 1));
  expect(counted(2)).toBe("");
  expect(after(300)).toBe("");
  expect(counted(2)).toBe(pinning(2, 1));
  expect(counted(3)).toBe("");
  expect(after(1000)).toBe(`${erase}\u001B[2mat work for 2 s\u001B[22m`);
});
