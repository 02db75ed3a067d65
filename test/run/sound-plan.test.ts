/** Artifacts that are damaged in the store: what is built on them, and what is told. */
import { expect, test } from "vitest";
import { distrustBuiltOnDamaged, planOnSound, refuseEndless } from "../../src/run/sound-plan.ts";
import { joinPackages } from "../../src/run/join.ts";
import { createResolver, findOutOfDate } from "../../src/run/resolver.ts";
import {
  facts,
  openWorkspace,
  pretendBuild,
  reopen,
  rewriteRecipe,
  type Workspace,
} from "../workspace/workspace.ts";

const order = ["lib", "tool", "app"];

function built(): Workspace {
  const workspace = openWorkspace({ app: { run: ["lib"], build: ["tool"] }, lib: {}, tool: {} });
  for (const name of order) pretendBuild(workspace, name, { [`share/${name}`]: "1" });
  return workspace;
}

function damage({ session, resolver, disk }: Workspace, name: string): void {
  const tree = session.store.layout.artifactTree(resolver.artifacts.get(name) ?? "");
  disk.removeFile(`${tree}/share/${name}`);
}

function plan({ session, resolver }: Workspace): readonly string[] {
  const { outOfDate } = planOnSound(session, resolver, {
    renew: () => createResolver(session, facts),
    findOutOfDate: (each) => findOutOfDate(each, order),
  });
  return outOfDate;
}

test("what a build needs and is damaged is built first", () => {
  const workspace = built();
  damage(workspace, "tool");
  rewriteRecipe(workspace.disk, "app", { version: "2.0", run: ["lib"], build: ["tool"] });
  const next = reopen(workspace.disk);
  expect(plan(next)).toEqual(["tool", "app"]);
  expect(next.events).toEqual([
    {
      kind: "note",
      package: "tool",
      text: "share/tool is missing in the store: tenon drops that copy and makes the package again",
    },
  ]);
});

test("where nothing is to be built, nothing is looked at", () => {
  const workspace = built();
  damage(workspace, "tool");
  const next = reopen(workspace.disk);
  const seen: string[] = [];
  next.disk.plan({ countReads: true, before: (_n, { path }) => seen.push(path) });
  expect(plan(next)).toEqual([]);
  expect(seen.filter((path) => path.includes("/tree"))).toEqual([]);
});

test("what was damaged during a run takes with it what was built on it", () => {
  const workspace = built();
  const { session, resolver, disk } = workspace;
  expect(distrustBuiltOnDamaged(session, { resolver, outOfDate: ["tool", "app"] })).toBe(false);
  damage(workspace, "tool");
  expect(distrustBuiltOnDamaged(session, { resolver, outOfDate: ["app"] })).toBe(true);
  const next = reopen(disk);
  expect(findOutOfDate(next.resolver, order)).toEqual(["tool", "app"]);
  pretendBuild(next, "tool", { "share/tool": "1" });
  const resolved = next.resolver.resolve("app");
  expect(resolved && next.resolver.find("app", resolved)).toBeUndefined();
});

test("what is damaged does not join, and is to be built again", async () => {
  const workspace = built();
  damage(workspace, "lib");
  const { session, resolver, disk } = workspace;
  expect(await joinPackages(session, resolver, order)).toEqual({ kind: "damaged" });
  expect(disk.status(`${session.layout.prefix}/share`)).toBeUndefined();
  expect(findOutOfDate(reopen(disk).resolver, order)).toContain("lib");
});

test("so it is with a content that only reading it shows", async () => {
  const workspace = built();
  const { session, resolver, disk } = workspace;
  const tree = session.store.layout.artifactTree(resolver.artifacts.get("lib") ?? "");
  let looks = 0;
  disk.plan({
    countReads: true,
    before: (_n, { name, path }) => {
      // After the look before the transaction.
      if (name !== "lstat" || path !== `${tree}/share/lib`) return;
      looks += 1;
      if (looks > 1) return;
      const other = disk.asProcess("other");
      other.removeFile(path);
      other.createFile(path, "2");
      other.setTimes(path, 0);
    },
  });
  expect(await joinPackages(session, resolver, order)).toEqual({ kind: "damaged" });
});

test("what is damaged again and again ends in an error that names the store", () => {
  refuseEndless(2, "/s");
  expect(() => refuseEndless(3, "/s")).toThrow("/s was damaged 3 times in a row");
});
