/** A run is read back from its folder. */
import { expect, test } from "vitest";
import { readRun } from "../../src/workspace/read-run.ts";
import { createSimulatedWorld } from "../../src/world/simulated/index.ts";

const opened = '{"atMs":1,"kind":"opened","format":1,"version":"1","arguments":[]}\n';
const failed =
  '{"atMs":2,"kind":"build-failed","package":"zlib","version":"1","step":"make","reason":"no","logFile":"/gone/zlib.log","durationMs":1}\n';

function worldWith(runs: Record<string, string>) {
  const world = createSimulatedWorld();
  world.disk.plant("/w", { "tenon.toml": "recipes are not read", ...runs });
  return world;
}

test("the newest run that has events, with the logs of what failed, wherever they were then", () => {
  const world = worldWith({
    ".tenon/runs/1/events.jsonl": opened,
    ".tenon/runs/2/events.jsonl": opened + failed,
    ".tenon/runs/2/zlib/1-unpack.log": "unpacked",
    ".tenon/runs/2/zlib/2-make.log": "log of zlib",
    ".tenon/runs/2/zlib/3-after.log": "not the one that failed",
    ".tenon/runs/2/other/1-make.log": "log of other",
    ".tenon/runs/3/zlib/1-make.log": "a run without events",
  });
  const run = readRun(world, { directory: "/w" });
  expect(run).toMatchObject({ id: "2", folder: "/w/.tenon/runs/2" });
  expect(run.events.map(({ kind }) => kind)).toEqual(["opened", "build-failed"]);
  expect([...run.logs]).toEqual([["zlib", "log of zlib"]]);
  expect(readRun(world, { directory: "/w", run: "1" }).id).toBe("1");
});

test("a last line that was cut is passed over", () => {
  const world = worldWith({ ".tenon/runs/1/events.jsonl": opened + failed.slice(0, 40) });
  expect(readRun(world, { directory: "/w" }).events).toHaveLength(1);
});

test("a long log keeps its beginning and its end", () => {
  const lines = Array.from({ length: 40_000 }, (_, at) => `line ${at}`);
  const world = worldWith({
    ".tenon/runs/1/events.jsonl": opened + failed,
    ".tenon/runs/1/zlib/1-make.log": lines.join("\n"),
  });
  const log = readRun(world, { directory: "/w" }).logs.get("zlib") ?? "";
  expect(log.startsWith("line 0\nline 1\n")).toBe(true);
  expect(log.endsWith("line 39998\nline 39999")).toBe(true);
  const [, left] = log.match(/\n… (\d+) bytes are left out …\n/) ?? [];
  const kept = Buffer.byteLength(log) - Buffer.byteLength(`\n… ${left} bytes are left out …\n`);
  expect(kept + Number(left)).toBe(lines.join("\n").length);
  expect(kept).toBeLessThan(120_000);
});

test("no run, no such run, and a run of a later format are refused with a reason", () => {
  const empty = worldWith({});
  expect(() => readRun(empty, { directory: "/w" })).toThrow("nothing has been built in /w yet");
  const world = worldWith({
    ".tenon/runs/9/events.jsonl": opened.replace('"format":1', '"format":2'),
  });
  expect(() => readRun(world, { directory: "/w", run: "8" })).toThrow("/w remembers no run 8");
  expect(() => readRun(world, { directory: "/w", run: "../.." })).toThrow("no run ../..");
  expect(() => readRun(world, { directory: "/w" })).toThrow("events this version cannot read");
});
