/** Which packages are out of date, and with which keys (I8). */
import { expect, test } from "vitest";
import { findOutOfDate } from "../../src/run/resolver.ts";
import { createResolver } from "../../src/run/resolver.ts";
import {
  facts,
  openWorkspace,
  pretendBuild,
  reopen,
  rewriteRecipe,
} from "../workspace/workspace.ts";

const recipes = { app: { build: ["lib"] }, lib: { run: ["base"] }, base: {} };

test("a key is known when all that the view shows is", () => {
  const workspace = openWorkspace(recipes);
  const { resolver } = workspace;
  expect(resolver.resolve("app")).toBeUndefined();
  pretendBuild(workspace, "base", { "lib/base": "1" });
  expect(resolver.resolve("app")).toBeUndefined();
  pretendBuild(workspace, "lib", { "lib/lib": "1" });
  expect(resolver.resolve("app")?.key).toMatch(/^[0-9a-f]{64}$/);
});

test("the next command finds what was built, and writes nothing for it", () => {
  const before = openWorkspace(recipes);
  for (const name of ["base", "lib", "app"]) pretendBuild(before, name, { [`lib/${name}`]: "1" });
  const { disk, resolver } = reopen(before.disk);
  disk.plan({});
  expect(findOutOfDate(resolver, ["base", "lib", "app"])).toEqual([]);
  expect(disk.operations).toEqual([]);
});

test("a rebuild with the same result stops the cascade (I8)", () => {
  const before = openWorkspace(recipes);
  for (const name of ["base", "lib", "app"]) pretendBuild(before, name, { [`lib/${name}`]: "1" });
  rewriteRecipe(before.disk, "base", { version: "2.0" });
  const after = reopen(before.disk);
  expect(findOutOfDate(after.resolver, ["base", "lib", "app"])).toEqual(["base", "lib", "app"]);
  pretendBuild(after, "base", { "lib/base": "1" });
  expect(findOutOfDate(after.resolver, ["base", "lib", "app"])).toEqual([]);
});

test("a settled package keeps the key that it was built with", () => {
  const workspace = openWorkspace({ lib: {} });
  pretendBuild(workspace, "lib", { "lib/lib": "1" });
  const resolved = workspace.resolver.resolve("lib");
  expect(resolved).toBeDefined();
  expect(workspace.resolver.resolve("lib")).toBe(resolved);
});

test("what is remembered is how it was built, once", () => {
  const workspace = openWorkspace({ lib: {} });
  const { resolver, session, disk } = workspace;
  pretendBuild(workspace, "lib", { "lib/lib": "1" });
  expect(session.state.lastBuild("lib")).toBeUndefined();
  resolver.remember("lib");
  const { key } = resolver.resolve("lib") ?? {};
  expect(session.state.lastBuild("lib")).toMatchObject({
    key,
    artifact: resolver.artifacts.get("lib"),
  });
  disk.plan({});
  resolver.remember("lib");
  expect(disk.operations).toEqual([]);
  expect(() => resolver.remember("nobody")).toThrow("nobody is not settled");
});

test("a machine without a compiler goes by results of others that it has, and builds under its own key", () => {
  const before = openWorkspace({ lib: {}, app: { build: ["lib"] } });
  pretendBuild(before, "lib", { "lib/lib": "1" });
  const { session } = reopen(before.disk);
  const bare = { ...facts, machine: { ...facts.machine, compiler: undefined } };
  const alone = createResolver(session, bare);
  expect(findOutOfDate(alone, ["lib"])).toEqual(["lib"]);
  const compilers = ["cc 11", "cc 12"];
  const resolver = createResolver(session, { ...bare, compilers });
  expect(findOutOfDate(resolver, ["lib", "app"])).toEqual(["app"]);
  expect(resolver.resolve("lib")?.key).toBe(before.resolver.resolve("lib")?.key);
  expect(resolver.resolve("app")?.inputs).toContainEqual({ name: "the compiler", value: null });
  resolver.remember("lib");
  expect(findOutOfDate(createResolver(session, bare), ["lib"])).toEqual([]);
});

test("a machine with a compiler takes no result of another one", () => {
  const before = openWorkspace({ lib: {} });
  pretendBuild(before, "lib", { "lib/lib": "1" });
  const { session } = reopen(before.disk);
  const machine = { ...facts.machine, compiler: "cc 13" };
  const resolver = createResolver(session, { ...facts, machine, compilers: ["cc 12"] });
  expect(findOutOfDate(resolver, ["lib"])).toEqual(["lib"]);
});
