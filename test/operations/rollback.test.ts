/** Rolling back, and repairing, as operations: what is done, only planned, or overtaken by another process. */
import { beforeEach, expect, test } from "vitest";
import type { EventBody } from "../../src/core/index.ts";
import type { OpenPrefix } from "../../src/operations/operate.ts";
import { listPackages, verify } from "../../src/operations/queries.ts";
import { removePackages } from "../../src/operations/remove.ts";
import { repair } from "../../src/operations/repair.ts";
import { rollBack } from "../../src/operations/rollback.ts";
import { tryLockPrefix } from "../../src/prefix/index.ts";
import { joinPackages } from "../../src/run/join.ts";
import { readText } from "../../src/world/index.ts";
import { openWorkspace, pretendBuild, type Workspace } from "../workspace/workspace.ts";

let workspace: Workspace;
let prefix: OpenPrefix;
beforeEach(async () => {
  workspace = openWorkspace({ a: {}, b: {} });
  const { session, world, resolver } = workspace;
  pretendBuild(workspace, "a", { "bin/a": "1" });
  pretendBuild(workspace, "b", { "bin/b": "1" });
  await joinPackages(session, resolver, ["a"]);
  await joinPackages(session, resolver, ["b"]);
  const store = session.store.layout.root;
  prefix = { ...session.options, world, layout: session.layout, store };
  workspace.events.length = 0;
});

function installed(): string[] {
  return listPackages(prefix.world, prefix.layout).map(({ name }) => name);
}

test("the newest transaction is undone, and that is a transaction itself", async () => {
  const ended = await rollBack(prefix);
  expect(ended).toMatchObject({ kind: "done", value: { kind: "rolled-back" } });
  expect(installed()).toEqual(["a"]);
  expect(workspace.events).toMatchObject([{ kind: "prefix-changed", removed: ["b"] }]);
  await rollBack(prefix);
  expect(installed()).toEqual(["a", "b"]);
});

test("a dry run changes nothing", async () => {
  const before = workspace.disk.snapshot("/");
  expect(await rollBack({ ...prefix, dryRun: true })).toMatchObject({ kind: "planned" });
  expect(workspace.disk.snapshot("/")).toEqual(before);
  expect(workspace.events).toEqual([]);
});

test("what another process has changed meanwhile is not rolled back", async () => {
  const world = { ...prefix.world, disk: workspace.disk.asProcess("other") };
  const lock = tryLockPrefix(world, prefix.layout, "tenon remove");
  let other: Promise<unknown> | undefined;
  const emit = (event: EventBody): void => {
    if (event.kind !== "waiting") return;
    lock?.release();
    other ??= removePackages({ ...prefix, world }, { names: ["a"], force: false });
  };
  const ended = await rollBack({ ...prefix, emit }).catch((error: unknown) => error);
  await other;
  expect(ended).toMatchObject({ code: "CHANGED_MEANWHILE" });
  expect(installed()).toEqual(["b"]);
});

test("a prefix without a transaction of that name says so", async () => {
  await expect(rollBack(prefix, "no-such-id")).rejects.toMatchObject({ code: "NO_TRANSACTION" });
});

test("a repair brings back what is in the store, and says what it would bring", async () => {
  const file = `${prefix.layout.prefix}/bin/a`;
  workspace.disk.removeFile(file);
  const found = await verify(prefix.world, prefix.layout, [], workspace.session.options);
  expect(await repair({ ...prefix, dryRun: true }, found)).toMatchObject({ kind: "planned" });
  expect(workspace.disk.status(file)).toBeUndefined();
  expect(await repair(prefix, found)).toMatchObject({
    kind: "done",
    value: { repaired: [{ path: "bin/a" }], lost: [] },
  });
  expect(readText(workspace.disk, file)).toBe("1");
});
