/** What was built joins the prefix, and nothing else changes. */
import { expect, test } from "vitest";
import { joinPackages } from "../../src/run/join.ts";
import { removePackages } from "../../src/operations/remove.ts";
import { readRecord, tryLockPrefix } from "../../src/prefix/index.ts";
import {
  openWorkspace,
  pretendBuild,
  reopen,
  rewriteRecipe,
  type Workspace,
} from "../workspace/workspace.ts";

function built(): Workspace {
  const workspace = openWorkspace({ app: { run: ["lib"] }, lib: {} });
  pretendBuild(workspace, "lib", { "lib/lib": "1" });
  pretendBuild(workspace, "app", { "bin/app": "1" });
  return workspace;
}

test("what is in its place is not joined again, and no manifest is read to see that", async () => {
  const { session, resolver, disk, events } = built();
  expect(await joinPackages(session, resolver, ["lib", "app"])).toEqual({
    kind: "done",
    value: { changed: ["app", "lib"], removed: [] },
  });
  expect(events.map(({ kind }) => kind)).toEqual(["prefix-changed"]);
  const read: string[] = [];
  disk.plan({ countReads: true, before: (_n, { path }) => read.push(path) });
  expect(await joinPackages(session, resolver, ["lib", "app"])).toEqual({
    kind: "done",
    value: { changed: [], removed: [] },
  });
  expect(read.filter((path) => path.startsWith(session.store.layout.root))).toEqual([]);
});

test("a changed run-time dependency is recorded though the files are the same", async () => {
  const first = built();
  await joinPackages(first.session, first.resolver, ["lib", "app"]);
  rewriteRecipe(first.disk, "app", {});
  const second = reopen(first.disk);
  pretendBuild(second, "lib", { "lib/lib": "1" });
  pretendBuild(second, "app", { "bin/app": "1" });
  expect(await joinPackages(second.session, second.resolver, ["lib", "app"])).toEqual({
    kind: "done",
    value: { changed: ["app"], removed: [] },
  });
});

test("what a recipe says for those who use it is recorded, though the files are the same", async () => {
  const first = openWorkspace({ app: { env: { APP: "${PREFIX}/app" } } });
  pretendBuild(first, "app", { "bin/app": "1" });
  const join = ({ session, resolver }: Workspace) => joinPackages(session, resolver, ["app"]);
  await join(first);
  const recorded = () => readRecord(first.disk, first.session.layout, "app")?.about;
  expect(recorded()).toEqual({ env: { APP: "${PREFIX}/app" } });
  expect(await join(first)).toEqual({ kind: "done", value: { changed: [], removed: [] } });

  rewriteRecipe(first.disk, "app", { env: { APP: "${PREFIX}/other" } });
  const second = reopen(first.disk);
  pretendBuild(second, "app", { "bin/app": "1" });
  expect(await join(second)).toEqual({ kind: "done", value: { changed: ["app"], removed: [] } });
  expect(recorded()).toEqual({ env: { APP: "${PREFIX}/other" } });
});

test("who is waited for is told, with what they do", async () => {
  const { world, session, resolver, disk, events } = built();
  await joinPackages(session, resolver, ["lib"]);
  const other = { ...world, disk: disk.asProcess("other") };
  const lock = tryLockPrefix(other, session.layout, "tenon remove");
  const joining = joinPackages(session, resolver, ["app"]);
  for (let turn = 0; turn < 1000 && events.length < 2; turn += 1) await Promise.resolve();
  lock?.release();
  await joining;
  expect(events).toContainEqual({
    kind: "waiting",
    for: expect.stringMatching(
      `^process ${world.processes.ownId} \\(tenon remove, since \\d\\d:\\d\\d:\\d\\d\\), which is changing ${session.layout.prefix}$`,
    ),
  });
});

test("a path that was taken over comes back when the one that took it is gone", async () => {
  const workspace = openWorkspace({ a: {}, b: { takesOver: ["bin/tool"] } });
  pretendBuild(workspace, "a", { "bin/tool": "a's" });
  pretendBuild(workspace, "b", { "bin/tool": "b's" });
  const { session, resolver, world, disk } = workspace;
  await joinPackages(session, resolver, ["a", "b"]);
  const tool = `${session.layout.prefix}/bin/tool`;
  expect(Buffer.from(disk.readFile(tool)).toString()).toBe("b's");
  const opened = { ...session.options, world, layout: session.layout };
  await removePackages(opened, { names: ["b"], force: false });
  expect(Buffer.from(disk.readFile(tool)).toString()).toBe("a's");
  expect(await joinPackages(session, resolver, ["a"])).toMatchObject({
    value: { changed: [], removed: [] },
  });
});
