/** What a companion is asked before a build, and what it is told afterwards. */
import { expect, test } from "vitest";
import { DiskError } from "../../src/world/index.ts";
import type { BuildOptions } from "../../src/run/planned-work.ts";
import { keepAskedChecks } from "../../src/run/asked-checks.ts";
import { keepLogs } from "../../src/run/companion-books.ts";
import { joinPackages } from "../../src/run/join.ts";
import { createResolver } from "../../src/run/resolver.ts";
import {
  requireBuildable,
  requireReady,
  requireViews,
  settleBooks,
} from "../../src/workspace/index.ts";
import { selectWanted } from "../../src/workspace/selection.ts";
import { withCompanion } from "../workspace/companion.ts";
import { directory, facts, openWorkspace, pretendBuild } from "../workspace/workspace.ts";

const recipes = { app: { run: ["lib"] }, lib: {}, seldom: {} };
const nothing = { facts: {}, kind: "kind", inputFiles: () => [] };

test("what is usual or standard is the companion's to say", () => {
  const session = withCompanion(openWorkspace(recipes).session, {
    usual: ["app"],
    standard: ["lib"],
  });
  expect(selectWanted(session, { packages: [] })).toEqual(["app"]);
  expect(selectWanted(session, { packages: ["app"], choice: "standard" })).toEqual(["app", "lib"]);
  const alone = openWorkspace(recipes).session;
  expect(selectWanted(alone, { packages: [] })).toEqual(["app", "lib", "seldom"]);
  expect(() => selectWanted(alone, { packages: [], choice: "standard" })).toThrow(
    expect.objectContaining({ kind: "usage", code: "NO_STANDARD" }),
  );
});

test("what it does not let be built is refused before anything is done", () => {
  const refusal = () => ({ reason: "it is the system's", hint: "Install it." });
  const packages = new Map([["lib", { ...nothing, refusal }]]);
  const { workspace } = withCompanion(openWorkspace(recipes).session, {
    packages,
    notReady: "run ./configure there first",
  });
  expect(() => requireBuildable(workspace, ["app", "lib"])).toThrow(
    expect.objectContaining({
      message: "lib cannot be built: it is the system's",
      hints: ["Install it."],
    }),
  );
  expect(() => requireReady(workspace)).toThrow(/: run \.\/configure there first$/);
  expect(() => requireViews(workspace, { kind: "none", reason: "no" })).toThrow(
    "the packages of /other are built in views only",
  );
});

test("its own lists say which checks are run, of those that are asked for or of others", () => {
  const { session } = openWorkspace(recipes);
  const checked = new Map(
    [...session.workspace.recipes].map(([name, recipe]) => [name, { ...recipe, check: "test" }]),
  );
  const all = { ...session, workspace: { ...session.workspace, recipes: checked } };
  const withChecks = (own: typeof session, check?: "require") => {
    const kept = keepAskedChecks(own, (check ? { check } : {}) as BuildOptions);
    const named = [...kept.session.workspace.recipes.values()].filter((recipe) => recipe.check);
    return named.map(({ name }) => name);
  };
  expect(withChecks(all)).toEqual([]);
  expect(withChecks(all, "require")).toEqual(["app", "lib", "seldom"]);
  const listing = withCompanion(all, {
    checksFor: (asked) => (name) =>
      (name === "lib" ? "warn" : name === "app" ? "no" : asked) ?? "no",
  });
  expect(withChecks(listing)).toEqual(["lib"]);
  expect(withChecks(listing, "require")).toEqual(["lib", "seldom"]);
});

test("a package's key has the files that it names, under the names that it gives them", () => {
  const { session, disk } = openWorkspace(recipes);
  disk.plant("/other", { script: "1" });
  const inputFiles = () => [{ name: "script", path: "/other/script" }];
  const own = withCompanion(session, { packages: new Map([["lib", { ...nothing, inputFiles }]]) });
  const keyOf = () => createResolver(own, facts).resolve("lib");
  const before = keyOf();
  expect(before?.inputs.map(({ name }) => name)).toContain("the file script");
  disk.removeFile("/other/script");
  disk.createFile("/other/script", "2");
  expect(keyOf()?.key).not.toBe(before?.key);
});

test("when the prefix has changed, it is told of all that is on record", async () => {
  const { session, resolver, disk } = openWorkspace(recipes);
  const told: string[] = [];
  const own = withCompanion(session, {
    settle: (_world, prefix, packages) => told.push(prefix, ...[...packages].map((it) => it.name)),
  });
  for (const name of ["lib", "app"])
    pretendBuild({ session, resolver, disk }, name, { [`lib/${name}`]: "1" });
  await joinPackages(own, resolver, ["lib", "app"]);
  settleBooks(own.world, own.layout, own.workspace);
  expect(told).toEqual([`${directory}/prefix`, "app", "lib"]);
});

test("it is given a package's logs, and that it cannot keep them fails nothing", () => {
  const { session, disk, events } = openWorkspace(recipes);
  const folder = `${session.state.runs}/1/lib`;
  disk.plant(session.state.runs, { "1/lib/1-build.log": "built\n" });
  const kept: unknown[] = [];
  const own = withCompanion(session, {
    keepLogs: (_disk, name, files) => void kept.push(name, files),
  });
  keepLogs(own, "1", "app");
  expect(kept).toEqual([]);
  keepLogs(own, "1", "lib");
  expect(kept).toEqual(["lib", [`${folder}/1-build.log`]]);
  const full = withCompanion(session, {
    keepLogs: () => {
      throw new DiskError({ code: "ENOSPC", operation: "write", path: "/other/log" });
    },
  });
  keepLogs(full, "1", "lib");
  expect(events).toEqual([
    { kind: "note", package: "lib", text: expect.stringContaining("/other/log") },
  ]);
});
