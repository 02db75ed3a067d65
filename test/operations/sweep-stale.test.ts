/** Stale bytecode is found and removed by a repair. */
import { beforeEach, expect, test } from "vitest";
import { sweepStale } from "../../src/operations/sweep-stale.ts";
import { verify } from "../../src/operations/queries.ts";
import { joinPackages } from "../../src/run/join.ts";
import { exists } from "../../src/world/index.ts";
import { openWorkspace, pretendBuild, type Workspace } from "../workspace/workspace.ts";

const stale = "lib/__pycache__/gone.cpython-311.pyc";

let workspace: Workspace;
beforeEach(async () => {
  workspace = openWorkspace({ a: {} });
  pretendBuild(workspace, "a", { "lib/m.py": "a" });
  await joinPackages(workspace.session, workspace.resolver, ["a"]);
  workspace.disk.plant(workspace.session.layout.prefix, { [stale]: "" });
});

function check(names: readonly string[] = []): ReturnType<typeof verify> {
  const { world, session } = workspace;
  return verify(world, session.layout, names, session.options);
}

function sweep(paths: readonly string[]): ReturnType<typeof sweepStale> {
  const { world, session } = workspace;
  return sweepStale({ ...session.options, world, layout: session.layout }, paths);
}

test("stale bytecode is listed apart from findings, and removed with its empty folder", async () => {
  expect(await check()).toMatchObject({ findings: [], foreign: [], stale: [stale] });
  expect(await check(["a"])).toMatchObject({ stale: [] });
  expect(await sweep([stale])).toEqual([stale]);
  expect(exists(workspace.disk, `${workspace.session.layout.prefix}/lib/__pycache__`)).toBe(false);
  expect(await check()).toMatchObject({ stale: [] });
  expect(await sweep([stale])).toEqual([]);
});

test("what is of use again meanwhile stays", async () => {
  const { disk, session } = workspace;
  const { modifiedMs = 0 } = disk.status(`${session.layout.prefix}/lib/m.py`) ?? {};
  const header = Buffer.alloc(16);
  header.writeUInt32LE(Math.trunc(modifiedMs / 1000), 8);
  header.writeUInt32LE(1, 12);
  disk.plant(session.layout.prefix, { "lib/__pycache__/m.cpython-311.pyc": header });
  expect(await sweep(["lib/__pycache__/m.cpython-311.pyc"])).toEqual([]);
});

test("what may not be removed is told and stops nothing", async () => {
  const { disk, session, events } = workspace;
  const other = "lib/other/__pycache__/gone.cpython-311.pyc";
  disk.plant(session.layout.prefix, { [other]: "" });
  disk.setMode(`${session.layout.prefix}/lib/__pycache__`, 0o500);
  expect(await sweep([stale, other])).toEqual([other]);
  expect(events.at(-1)).toMatchObject({
    kind: "note",
    text: expect.stringMatching(/^stale bytecode could not be removed: .*permission denied/),
  });
});
