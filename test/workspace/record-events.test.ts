/** Events are written to the run's file. */
import { expect, test } from "vitest";
import type { EventBody } from "../../src/core/index.ts";
import { recordEvents } from "../../src/workspace/record-events.ts";
import { readText } from "../../src/world/index.ts";
import { createSimulatedWorld } from "../../src/world/simulated/index.ts";

test("the file of a run holds what was passed on, also from before it was opened", () => {
  const world = createSimulatedWorld();
  const passedOn: EventBody[] = [];
  const invocation = { version: "1.2.3", arguments: ["build", "-j", "2"] };
  const record = recordEvents(world, (event) => void passedOn.push(event), invocation);
  record.emit({ kind: "note", text: "before" });
  record.open("/events.jsonl");
  record.emit({ kind: "note", text: "after" });
  record.close();
  record.emit({ kind: "note", text: "too late" });
  const lines = readText(world.disk, "/events.jsonl").trimEnd().split("\n");
  expect(lines.map((line) => JSON.parse(line))).toEqual(passedOn.slice(0, 3));
  const atMs = world.clock.now();
  expect(passedOn).toEqual([
    { atMs, kind: "opened", format: 1, ...invocation },
    { atMs, kind: "note", text: "before" },
    { atMs, kind: "note", text: "after" },
    { atMs, kind: "note", text: "too late" },
  ]);
});
