/** The folders of runs. */
import { expect, test } from "vitest";
import { isRunning, listRuns, logsOf, openRun } from "../../src/workspace/runs.ts";
import { exists } from "../../src/world/index.ts";
import { openWorkspace, reopen } from "./workspace.ts";

test("the last 50 runs are kept, and what still runs", () => {
  const { session, world } = openWorkspace({ a: {} });
  const open = () => {
    world.clock.advance(60_000);
    return openRun(session);
  };
  const running = open();
  const ended = Array.from({ length: 60 }, () => {
    const run = open();
    run.end();
    return run.id;
  });
  expect(listRuns(session)).toEqual([...ended.slice(-50).toReversed(), running.id]);
  running.end();
  open().end();
  expect(listRuns(session)).not.toContain(running.id);
});

test("a run that was killed is not running, though it has told no end", () => {
  const { session, disk } = openWorkspace({ a: {} });
  const run = openRun(session);
  expect(isRunning(session, run.id)).toBe(true);
  disk.crash();
  const next = reopen(disk.asProcess("next"));
  expect(exists(next.disk, `${next.session.state.runs}/${run.id}/running`)).toBe(true);
  expect(isRunning(next.session, run.id)).toBe(false);
});

test("the logs of a package are in the order of its steps", () => {
  const { session, disk } = openWorkspace({ a: {} });
  const run = openRun(session);
  expect(logsOf(session, run.id, "a")).toEqual([]);
  const names = ["1-source", "2-build-wheel", "10-check"];
  disk.plant(run.logFolder("a"), Object.fromEntries(names.map((name) => [`${name}.log`, ""])));
  expect(logsOf(session, run.id, "a").map(({ step }) => step)).toEqual([
    "source",
    "build-wheel",
    "check",
  ]);
});
