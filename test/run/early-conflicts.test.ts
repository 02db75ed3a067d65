/** Conflicts are found as soon as packages are built. */
import { expect, test } from "vitest";
import { watchConflicts } from "../../src/run/early-conflicts.ts";
import { joinPackages } from "../../src/run/join.ts";
import { openWorkspace, pretendBuild, reopen, rewriteRecipe } from "../workspace/workspace.ts";

test("two packages with one path, as soon as the second is finished", () => {
  const workspace = openWorkspace({ a: {}, b: {}, c: {} });
  const { session, resolver } = workspace;
  const watch = watchConflicts(session, resolver, ["a", "b", "c"]);
  pretendBuild(workspace, "b", { "bin/x": "b", "share/b/x": "b" });
  expect(watch.conflictsOf("b")).toEqual([]);
  pretendBuild(workspace, "c", { "share/c/x": "c" });
  expect(watch.conflictsOf("c")).toEqual([]);
  pretendBuild(workspace, "a", { "bin/x": "a" });
  expect(watch.conflictsOf("a")).toEqual([
    { kind: "owned", path: "bin/x", package: "b", owner: "a" },
  ]);
});

test("both finished before either is looked at", () => {
  const workspace = openWorkspace({ a: {}, b: {} });
  const watch = watchConflicts(workspace.session, workspace.resolver, ["a", "b"]);
  pretendBuild(workspace, "a", { "bin/x": "a" });
  pretendBuild(workspace, "b", { "bin/x": "b" });
  expect(watch.conflictsOf("a")).toHaveLength(1);
  expect(watch.conflictsOf("b")).toHaveLength(1);
});

test("a file where another has a directory, in either order", () => {
  for (const names of [
    ["a", "b"],
    ["b", "a"],
  ] as const) {
    const workspace = openWorkspace({ a: {}, b: {} });
    const watch = watchConflicts(workspace.session, workspace.resolver, ["a", "b"]);
    const files = { a: { "share/x": "a" }, b: { "share/x/y": "b" } };
    const [first, second] = names;
    pretendBuild(workspace, first, files[first]);
    expect(watch.conflictsOf(first)).toEqual([]);
    pretendBuild(workspace, second, files[second]);
    expect(watch.conflictsOf(second)).toMatchObject([{ kind: "owned", path: "share/x" }]);
  }
});

test("a path that may be taken over is no conflict", () => {
  const workspace = openWorkspace({ a: {}, b: { takesOver: ["bin/x"] } });
  const watch = watchConflicts(workspace.session, workspace.resolver, ["a", "b"]);
  pretendBuild(workspace, "a", { "bin/x": "a" });
  pretendBuild(workspace, "b", { "bin/x": "b" });
  expect(watch.conflictsOf("b")).toEqual([]);
});

test("what the prefix holds of packages outside of the run", async () => {
  const workspace = openWorkspace({ a: {}, old: {} });
  const { session, resolver } = workspace;
  pretendBuild(workspace, "old", { "bin/x": "old" });
  expect(await joinPackages(session, resolver, ["old"])).toMatchObject({ kind: "done" });
  pretendBuild(workspace, "a", { "bin/x": "a" });
  const conflicts = watchConflicts(session, resolver, ["a"]).conflictsOf("a");
  expect(conflicts).toEqual([{ kind: "owned", path: "bin/x", package: "a", owner: "old" }]);
  expect(watchConflicts(session, resolver, ["a", "old"]).conflictsOf("a")).toHaveLength(1);
});

test("a path that moves from one package of the run to another is no conflict", async () => {
  const before = openWorkspace({ a: {}, b: {} });
  pretendBuild(before, "b", { "bin/x": "b" });
  await joinPackages(before.session, before.resolver, ["b"]);
  rewriteRecipe(before.disk, "b", { version: "2.0" });
  const now = reopen(before.disk);
  const watch = watchConflicts(now.session, now.resolver, ["a", "b"]);
  pretendBuild(now, "a", { "bin/x": "a" });
  expect(watch.conflictsOf("a")).toEqual([]);
  pretendBuild(now, "b", { "bin/y": "b" });
  expect(watch.conflictsOf("b")).toEqual([]);
});

test("tenon's own folder", () => {
  const workspace = openWorkspace({ a: {} });
  pretendBuild(workspace, "a", { "var/lib/tenon/lock": "" });
  expect(watchConflicts(workspace.session, workspace.resolver, ["a"]).conflictsOf("a")).toEqual(
    expect.arrayContaining([{ kind: "state", path: "var/lib/tenon/lock", package: "a" }]),
  );
});
