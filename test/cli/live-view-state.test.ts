/** What events, keys and moments make of the live view. */
import { expect, test } from "vitest";
import type { EventBody } from "../../src/core/index.ts";
import {
  firstView,
  type LiveInput,
  reduce,
  type LiveViewState,
} from "../../src/cli/live-view-state.ts";
import { makeStyle } from "../../src/report/index.ts";
import { building, built, startOf } from "../events/run-events.ts";

const options = { style: makeStyle(false), verbose: false, currentDirectory: "/" };
const happens = (event: EventBody): LiveInput => ({ kind: "event", event: { atMs: 0, ...event } });
const tick = (nowMs: number, isForeground = true): LiveInput => ({
  kind: "tick",
  nowMs,
  isForeground,
});
const typed = (text: string): LiveInput => ({ kind: "typed", text });

function after(inputs: readonly LiveInput[], from: LiveViewState = firstView): LiveViewState {
  return inputs.reduce((view, input) => reduce(view, input, options), from);
}

const begun = after(startOf({ a: { expectedMs: 9000 }, b: {} }).map(happens));
const shown = after([tick(0)], begun);

test("there is nothing to be shown before the packages of the run are known", () => {
  expect(after([tick(0), { kind: "suspended" }, { kind: "resized" }])).toEqual(firstView);
  expect(begun.state).toBe("away");
  expect(shown.state).toBe("shown");
});

test("what the block shows gets no line of its own, but where there is no block", () => {
  const start = building("a").map(happens);
  expect(after(start, { ...begun, above: [] }).above).toEqual(["[0/2] building a 1.0"]);
  const inside = after([...start, happens(built("a"))], { ...shown, above: [] });
  expect(inside.above).toEqual(["[1/2] built a 1.0 (1.0 s)"]);
});

test("a run that begins anew does not bring back a view that was left", () => {
  const left = after([typed("q")], shown);
  expect(left.state).toBe("left");
  const again = after([...startOf({ a: {} }).map(happens), tick(1)], left);
  expect(again.state).toBe("left");
});

test("keys after q belong to nobody; in a filter it is a letter", () => {
  expect(after([typed("qv\u0003")], shown)).toMatchObject({ keys: shown.keys, signals: [] });
  expect(after([typed("/q\r")], shown)).toMatchObject({ state: "shown", keys: { filter: "q" } });
});

test("signals are due once", () => {
  const asked = after([typed("\u0003v\u001C")], shown);
  expect(asked).toMatchObject({ signals: ["SIGINT", "SIGQUIT"], keys: { isVerbose: true } });
  expect(after([tick(1)], asked).signals).toEqual([]);
});

test("the rest is estimated once a second at most", () => {
  const later = after([...building("a").map(happens), tick(900)], shown);
  expect(later.estimated).toEqual({ atMs: 0, left: { ms: 9000, isWhole: false } });
  expect(after([tick(1000)], later).estimated).toEqual({
    atMs: 1000,
    left: { ms: 8000, isWhole: false },
  });
});

test("what builds print is filtered like the rest", () => {
  const lines = [
    { name: "zlib", line: "cc" },
    { name: "curl", line: "ld" },
  ];
  const filtered = after([typed("/cu\r"), { kind: "printed", lines }], { ...shown, above: [] });
  expect(filtered.above).toEqual(["curl| ld"]);
});
