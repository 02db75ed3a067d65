/** Prefixes that share the files of the store by hard links. */
import { expect, test } from "vitest";
import { joinPackages, type JoinResult } from "../../src/run/join.ts";
import type { Session } from "../../src/workspace/session.ts";
import { layoutOf } from "../../src/prefix/index.ts";
import { readText } from "../../src/world/index.ts";
import { createSimulatedDisk, type SimulatedDisk } from "../../src/world/simulated/index.ts";
import {
  openWorkspace,
  pretendBuild,
  reopen,
  rewriteRecipe,
  type Workspace,
} from "../workspace/workspace.ts";

const files = { "lib/a": "1", "lib/deep/b": "1" };

function built(link: Session["link"] = "hardlink", disk?: SimulatedDisk): Workspace {
  const workspace = openWorkspace({ lib: {} }, disk);
  pretendBuild(workspace, "lib", files);
  return { ...workspace, session: { ...workspace.session, link } };
}

function join({ session, resolver }: Workspace, prefix?: string): Promise<JoinResult> {
  const place = prefix === undefined ? {} : { layout: layoutOf(prefix) };
  return joinPackages({ ...session, ...place }, resolver, ["lib"]);
}

function treeOf({ session, resolver }: Workspace): string {
  return session.store.layout.artifactTree(resolver.artifacts.get("lib") ?? "");
}

function isOneFile({ disk }: Workspace, a: string, b: string): boolean {
  return disk.status(a)?.inode === disk.status(b)?.inode;
}

function edit(disk: SimulatedDisk, file: string): void {
  const writer = disk.openWriter(file, { append: true });
  writer.write(Buffer.from("edited"));
  writer.close();
}

test("files are shared with one prefix, directories with none", async () => {
  const workspace = built();
  const { prefix } = workspace.session.layout;
  await join(workspace);
  const tree = treeOf(workspace);
  const before = workspace.disk.status(`${tree}/lib/a`);
  await join(workspace, "/other");
  // A change of its ctime would make a look at its content necessary.
  expect(workspace.disk.status(`${tree}/lib/a`)).toEqual(before);
  for (const file of Object.keys(files)) {
    expect(isOneFile(workspace, `${tree}/${file}`, `${prefix}/${file}`)).toBe(true);
    expect(isOneFile(workspace, `${tree}/${file}`, `/other/${file}`)).toBe(false);
    expect(readText(workspace.disk, `/other/${file}`)).toBe("1");
  }
  expect(isOneFile(workspace, `${tree}/lib/deep`, `${prefix}/lib/deep`)).toBe(false);
});

test("two that link a file at the same moment do not share it", async () => {
  const workspace = built();
  const { disk } = workspace;
  const tree = treeOf(workspace);
  disk.plan({
    before: (_n, { name, path }) => {
      if (name === "link" && path.endsWith("lib/a"))
        disk.asProcess("other").hardLink(`${tree}/lib/a`, "/home/u/a");
    },
  });
  await join(workspace);
  expect(isOneFile(workspace, "/home/u/a", `${workspace.session.layout.prefix}/lib/a`)).toBe(false);
  expect(disk.status("/home/u/a")?.linkCount).toBe(2);
});

test.each(["reflink", "copy"] as const)("nothing is shared where link is %s", async (link) => {
  const workspace = built(link);
  await join(workspace);
  const { prefix } = workspace.session.layout;
  const [stored, joined] = [`${treeOf(workspace)}/lib/a`, `${prefix}/lib/a`];
  expect(isOneFile(workspace, stored, joined)).toBe(false);
  expect(workspace.disk.status(joined)).toMatchObject({
    mode: 0o644,
    modifiedMs: workspace.disk.status(stored)?.modifiedMs,
  });
  expect(workspace.session.store.isShared(workspace.resolver.artifacts.get("lib") ?? "")).toBe(
    false,
  );
});

test("a prefix on another file system has copies", async () => {
  const workspace = built("hardlink", createSimulatedDisk({ mounts: ["/mnt"] }));
  await join(workspace, "/mnt/p");
  expect(readText(workspace.disk, "/mnt/p/lib/a")).toBe("1");
  expect(workspace.disk.status(`${treeOf(workspace)}/lib/a`)?.linkCount).toBe(1);
});

test("an upgrade leaves the files of the store as they are", async () => {
  const first = built();
  await join(first);
  const tree = treeOf(first);
  const before = first.disk.snapshot(tree);
  rewriteRecipe(first.disk, "lib", { version: "2.0" });
  const reopened = reopen(first.disk.asProcess("next"));
  const second = { ...reopened, session: { ...reopened.session, link: "hardlink" as const } };
  pretendBuild(second, "lib", { "lib/a": "2" });
  await join(second);
  expect(readText(first.disk, `${first.session.layout.prefix}/lib/a`)).toBe("2");
  expect(first.disk.snapshot(tree)).toEqual(before);
  expect(second.session.store.isAsBuilt(first.resolver.artifacts.get("lib") ?? "")).toBe(true);
});

test("an edit in one prefix is told, and the package is to be built again", async () => {
  const workspace = built();
  const { session, resolver, disk, events } = workspace;
  await join(workspace);
  edit(disk, `${session.layout.prefix}/lib/deep/b`);
  const next = reopen(disk);
  const resolved = resolver.resolve("lib");
  if (resolved === undefined) throw new Error("it is settled");
  expect(next.resolver.find("lib", resolved)).toBeUndefined();
  expect(next.events).toEqual([
    {
      kind: "note",
      package: "lib",
      text: `${session.layout.prefix}/lib/deep/b was edited in place, and with it the store's copy, which is dropped`,
    },
  ]);
  expect(events.map(({ kind }) => kind)).toEqual(["prefix-changed"]);
});

test("an edit that comes after the look at the store does not reach another prefix", async () => {
  for (const link of ["hardlink", "reflink", "copy"] as const) {
    const workspace = built();
    await join(workspace);
    edit(workspace.disk, `${workspace.session.layout.prefix}/lib/a`);
    const other = { ...workspace, session: { ...workspace.session, link } };
    expect(await join(other, "/other")).toEqual({ kind: "damaged" });
    expect(workspace.disk.status("/other/lib")).toBeUndefined();
  }
});

test("nor does one in a prefix that was not there yet at that look", async () => {
  const workspace = built("reflink");
  const { session, resolver, disk } = workspace;
  const tree = treeOf(workspace);
  const other = disk.asProcess("other");
  disk.plan({
    before: (_n, { name, path }) => {
      if (name !== "mkdir" || !path.endsWith("/new/lib")) return;
      const sharer = { prefix: "/other", package: "lib" };
      reopen(other).session.store.share(resolver.artifacts.get("lib") ?? "", sharer);
      edit(other, `${tree}/lib/a`);
    },
  });
  expect(await join(workspace)).toEqual({ kind: "damaged" });
  expect(disk.status(`${session.layout.prefix}/lib`)).toBeUndefined();
});

test("nor does one whose file is gone from the prefix", async () => {
  const workspace = built();
  const file = `${workspace.session.layout.prefix}/lib/a`;
  await join(workspace);
  edit(workspace.disk, file);
  workspace.disk.removeFile(file);
  expect(await join(workspace, "/other")).toEqual({ kind: "damaged" });
});
