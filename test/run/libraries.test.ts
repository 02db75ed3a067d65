/** What is said of libraries that are the machine's, or not found, and when they are refused. */
import { expect, test } from "vitest";
import type { StrayLibrary } from "../../src/core/index.ts";
import { judgeLibraries } from "../../src/run/libraries.ts";
import { isRefused } from "../../src/run/refused-libraries.ts";
import type { HostLibraryMode, Recipe } from "../../src/recipe/index.ts";
import { openWorkspace, pretendBuild, type Workspace } from "../workspace/workspace.ts";

function opened(
  hostLibraries: HostLibraryMode,
  systemLibraries: readonly string[] = [],
): Workspace {
  const workspace = openWorkspace({ app: { run: ["near"] }, near: {}, zlib: {} });
  pretendBuild(workspace, "near", { "lib/libnear.so": "" });
  pretendBuild(workspace, "zlib", { "lib/libz.so.1": "" });
  const { session } = workspace;
  const settings = { ...session.workspace, hostLibraries, systemLibraries };
  return { ...workspace, session: { ...session, workspace: settings } };
}

const machine = (library: string, path = "lib/libapp.so"): StrayLibrary => ({
  path,
  library,
  where: "machine",
});

function textsOf({ session, resolver, events }: Workspace, strays: StrayLibrary[]): string[] {
  expect(judgeLibraries(session, resolver, "app", strays)).toBeUndefined();
  return events.flatMap((event) => ("text" in event ? event.text : []));
}

test("each library is told once, with the files that need it", () => {
  const workspace = opened("warn");
  const files = ["lib/a.so", "lib/b.so", "lib/c.so"];
  const strays = [
    machine("libbz2.so.1.0"),
    ...files.map((file) => machine("libz.so.1", file)),
    { ...machine("libnear.so"), folder: "lib" },
    { ...machine("libq.so"), folder: "/srv/q" },
    { ...machine("libnear.so", "bin/app"), where: "prefix", folder: "lib" } as const,
    { ...machine("libnone.so", "bin/app"), where: "nowhere" } as const,
  ];
  const { prefix } = workspace.session.layout;
  expect(textsOf(workspace, strays)).toEqual([
    "lib/libapp.so links the machine's libbz2.so.1.0, which no package brings",
    "lib/a.so and 2 more of its files link the machine's libz.so.1, though zlib brings one: add zlib to depends.run",
    `lib/libapp.so links the machine's libnear.so instead of the one in ${prefix}/lib, for no rpath leads there; let its build use LDFLAGS, or link with -Wl,-rpath,${prefix}/lib`,
    "lib/libapp.so links the machine's libq.so in /srv/q, which no package brings",
    `bin/app will not find libnear.so, which is in ${prefix}/lib, for no rpath leads there; let its build use LDFLAGS, or link with -Wl,-rpath,${prefix}/lib`,
    "bin/app needs libnone.so, which neither a package in its view nor the machine has",
  ]);
  expect(workspace.events[1]).toMatchObject({ kind: "library", paths: files, count: 3 });
});

test("many libraries are no reason for many lines", () => {
  const strays = Array.from({ length: 20 }, (_, index) => machine(`lib${index}.so`));
  expect(textsOf(opened("warn"), strays)).toHaveLength(9);
});

test("nothing is told where it is allowed, or the workspace has named the library", () => {
  expect(textsOf(opened("allow"), [machine("libz.so.1")])).toEqual([]);
  expect(textsOf(opened("warn", ["libz.so.1"]), [machine("libz.so.1")])).toEqual([]);
});

test("where they are refused, the package fails with what to do", () => {
  const { session, resolver, events } = opened("refuse");
  const cause = judgeLibraries(session, resolver, "app", [machine("libbz2.so.1.0")]);
  expect(cause).toMatchObject({
    step: "stage",
    reason: "lib/libapp.so links the machine's libbz2.so.1.0, which no package brings",
  });
  expect(cause?.hints.join()).toContain('system-libraries = ["libbz2.so.1.0"]');
  expect(events).toEqual([]);
  expect(judgeLibraries(session, resolver, "app", [])).toBeUndefined();
});

test("a result of which nothing is known, or too much, is not reused where they are refused", () => {
  const record = { artifact: "", package: "app", version: "1", builtAtMs: 1, durationMs: 1 };
  const settings = { hostLibraries: "warn", systemLibraries: ["libz.so.1"] } as const;
  const recipe = (hostLibraries?: HostLibraryMode) => ({ hostLibraries }) as Recipe;
  const known = (...libraries: StrayLibrary[]) => ({ ...record, libraries });
  expect(isRefused(settings, recipe(), record)).toBe(false);
  expect(isRefused(settings, recipe("refuse"), record)).toBe(true);
  expect(isRefused(settings, recipe("refuse"), known())).toBe(false);
  expect(isRefused(settings, recipe("refuse"), known(machine("libz.so.1")))).toBe(false);
  expect(isRefused(settings, recipe("refuse"), known(machine("libx.so")))).toBe(true);
  expect(isRefused({ ...settings, hostLibraries: "refuse" }, recipe("allow"), record)).toBe(false);
});
