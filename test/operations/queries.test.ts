/** Questions to a prefix: owners, paths, and comparing it with its records. */
import { describe, expect, test } from "vitest";
import { findOwner, pathInPrefix, verify } from "../../src/operations/queries.ts";
import { joinPackages } from "../../src/run/join.ts";
import { layoutOf } from "../../src/prefix/index.ts";
import { createSimulatedWorld } from "../../src/world/simulated/index.ts";
import { openWorkspace, pretendBuild } from "../workspace/workspace.ts";

describe("what a person types becomes a path of the prefix", () => {
  const world = createSimulatedWorld();
  world.disk.plant("/", {
    "opt/p/bin/a": "",
    "opt/p/lib/x/y": "",
    "opt/p/lib64": { link: "lib" },
    "opt/p/share/link": { link: "/nowhere" },
    "opt/q": { link: "p" },
    "opt/prefix-not/bin/a": "",
    "home/u/bin/a": "",
  });
  const layout = layoutOf("/opt/p");

  test.each<[string, string, string | undefined]>([
    ["/", "/opt/p/bin/a", "bin/a"],
    ["/", "/opt/q/bin/a", "bin/a"],
    ["/", "bin/a", "bin/a"],
    ["/opt/p/bin", "a", "bin/a"],
    ["/opt/p/bin", "./a", "bin/a"],
    ["/opt/p/bin", "bin/a", "bin/a"],
    ["/opt/p/lib", "bin", "bin"],
    ["/opt/p/lib", "new", "lib/new"],
    ["/opt/p/bin", "../lib64/x/y", "lib/x/y"],
    ["/opt/p/lib/x", ".", "lib/x"],
    ["/opt/p/lib/x", "..", "lib"],
    ["/opt/p", "lib64/x/..", "lib"],
    ["/opt/p", "lib/x/", "lib/x"],
    ["/opt/p", "lib64", "lib64"],
    ["/opt/p", "share/link", "share/link"],
    ["/home/u", "bin/a", "bin/a"],
    ["/home/u", "bin/nothing", "bin/nothing"],
    ["/opt/p", ".", undefined],
    ["/opt/p/bin", "../..", undefined],
    ["/opt/p", "../prefix-not/bin/a", undefined],
    ["/opt/p", "/home/u/bin/a", undefined],
    ["/", "nowhere/at/all", undefined],
    ["/", "/", undefined],
    ["/opt/p", "", undefined],
  ])("in %s, %j is %j", (currentDirectory, typed, path) => {
    expect(pathInPrefix(world, layout, currentDirectory, typed)).toBe(path);
  });
});

test("who owns a path", async () => {
  const workspace = openWorkspace({ a: {}, b: {} });
  const { world, session, resolver, disk } = workspace;
  pretendBuild(workspace, "a", { "lib/m.py": "a", "share/a/x": "a" });
  pretendBuild(workspace, "b", { "lib/n.py": "b" });
  await joinPackages(session, resolver, ["a", "b"]);
  disk.plant(session.layout.prefix, { "lib/__pycache__/m.cpython-311.pyc": "", mine: "" });
  const owner = (path: string): unknown => findOwner(world, session.layout, path);
  expect(owner("lib/m.py")).toEqual({ kind: "owned", path: "lib/m.py", owners: ["a"] });
  expect(owner("lib")).toEqual({ kind: "owned", path: "lib", owners: ["a", "b"] });
  expect(owner("lib/__pycache__/m.cpython-311.pyc")).toMatchObject({ kind: "by-product" });
  expect(owner("mine")).toMatchObject({ kind: "foreign" });
  expect(owner("not/there")).toMatchObject({ kind: "absent" });
});

test("a package that is named twice is compared once", async () => {
  const workspace = openWorkspace({ a: {} });
  const { world, session, resolver } = workspace;
  pretendBuild(workspace, "a", { "share/a": "a" });
  await joinPackages(session, resolver, ["a"]);
  const result = await verify(world, session.layout, ["a", "a"], session.options);
  expect(result).toMatchObject({ packages: 1, files: 1, findings: [] });
});

test("what differs only while a transaction is under way is no difference", async () => {
  const workspace = openWorkspace({ a: {} });
  const { world, session, resolver, disk } = workspace;
  pretendBuild(workspace, "a", { "share/a": "a" });
  await joinPackages(session, resolver, ["a"]);
  const place = `${session.layout.prefix}/share/a`;
  disk.rename(place, `${place}.away`);
  const other = disk.asProcess("other");
  other.createFile(session.layout.journal, "its steps");
  const lock = other.tryLock(session.layout.lock);
  let looks = 0;
  disk.plan({
    countReads: true,
    before: (_n, { path }) => {
      if (path !== session.layout.journal || (looks += 1) !== 3) return;
      other.rename(`${place}.away`, place);
      other.removeFile(session.layout.journal);
      lock?.release();
    },
  });
  const { findings } = await verify(world, session.layout, [], session.options);
  expect(findings).toEqual([]);
  disk.rename(place, `${place}.away`);
  disk.plan({});
  const later = await verify(world, session.layout, [], session.options);
  expect(later.findings).toEqual([{ kind: "missing", package: "a", path: "share/a" }]);
});

test("where there is no folder, nothing is as recorded", async () => {
  const { world, session } = openWorkspace({ a: {} });
  const layout = layoutOf("/nowhere");
  await expect(verify(world, layout, [], session.options)).rejects.toThrow(
    "there is no folder /nowhere",
  );
});
