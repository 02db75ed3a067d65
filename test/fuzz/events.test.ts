/** Whatever a run's events hold, a report, a trace and the progress of them are made, or refused in words. */
import { describe, expect } from "vitest";
import { readRun } from "../../src/library/index.ts";
import { makeRun } from "../../src/events/index.ts";
import { renderPage, renderTrace } from "../../src/report/index.ts";
import { createSimulatedWorld } from "../../src/world/simulated/index.ts";
import { syntheticEvents } from "../events/synthetic-events.ts";
import { fuzz, nearly, nearlyBytes } from "./fuzzing.ts";
import { valueOrRefusal } from "./text-edits.ts";

const id = "20240101T000000Z-01234567";
const events = syntheticEvents({
  graph: [
    { name: "zlib", needs: [] },
    { name: "bells", needs: ["zlib"] },
  ],
  jobs: 2,
  seed: 1,
  failing: new Set(["bells"]),
});
const lines = (all: readonly unknown[]): string =>
  all.map((event) => `${JSON.stringify(event)}\n`).join("");

function show(content: string | Uint8Array): void {
  const world = createSimulatedWorld();
  world.disk.plant("/w", {
    "tenon.toml": '[workspace]\nprefix = "p"\n',
    [`.tenon/runs/${id}/events.jsonl`]: content,
  });
  const recorded = valueOrRefusal(() => readRun(world, { directory: "/w", run: id }));
  if (recorded === undefined) return;
  const run = makeRun(recorded);
  expect(renderPage(run, { script: "", style: "" })).not.toMatch(/[\u202E\u009B]/);
  renderTrace(run);
}

describe("a recorded run", () => {
  fuzz("with other values", nearly(events), (edited) => show(lines(edited as unknown[])));
  fuzz("with other bytes", nearlyBytes(lines(events)), show);
});
