/** A new workspace, and the names that a person may complete in it. */
import { expect, test } from "vitest";
import { openWorkspace } from "../../src/workspace/open-workspace.ts";
import { initWorkspace } from "../../src/workspace/init.ts";
import { listNames } from "../../src/workspace/names.ts";
import { createSimulatedWorld } from "../../src/world/simulated/index.ts";
import { openWorkspace as openPretended, optionsFor, pretendBuild } from "./workspace.ts";
import { joinPackages } from "../../src/run/join.ts";

test("its recipe is one that every machine can build", () => {
  const world = createSimulatedWorld();
  expect(initWorkspace(world, "/w/new")).toEqual([
    "tenon.toml",
    "packages/hello.toml",
    ".gitignore",
  ]);
  const { prefix, recipes } = openWorkspace(world, { directory: "/w/new" });
  expect(prefix).toBe("/w/new/prefix");
  expect(recipes.get("hello")).toMatchObject({
    version: "1.0",
    build: { system: "script" },
    depends: { build: [], run: [] },
    about: { license: "0BSD" },
  });
});

test("names are those of recipes and of installed packages, each once", async () => {
  const workspace = openPretended({ app: {}, lib: {} });
  pretendBuild(workspace, "lib", { "lib/lib": "1" });
  await joinPackages(workspace.session, workspace.resolver, ["lib"]);
  workspace.disk.removeFile(`${workspace.session.workspace.directory}/packages/app.toml`);
  expect(await listNames(workspace.world, optionsFor([]))).toEqual(["lib"]);
  workspace.disk.removeFile(`${workspace.session.workspace.directory}/packages/lib.toml`);
  expect(await listNames(workspace.world, optionsFor([]))).toEqual(["lib"]);
});
