/** What pip would bring and the workspace has: noted as needed, as far as that leads anywhere. */
import { expect, test } from "vitest";
import { makeManifest } from "../../src/core/index.ts";
import { newNeeds, withNotedNeeds } from "../../src/workspace/noted-needs.ts";
import { openWorkspaceState } from "../../src/workspace/workspace-state.ts";
import type { Recipe, Workspace } from "../../src/recipe/index.ts";
import { createSimulatedWorld } from "../../src/world/simulated/index.ts";
import { makeCompanion } from "./companion.ts";

function recipe(name: string, run: readonly string[], online?: true): Recipe {
  const build = { system: "script", args: [], env: {}, ...(online ? { online } : {}) } as const;
  const depends = { build: [], run };
  const stage = { drop: [], takesOver: [] };
  return { name, version: "1", file: `/pkgs/${name}`, patches: [], depends, build, stage };
}

const recipes = [
  recipe("chosen", ["here"], true),
  recipe("here", []),
  recipe("a_b", []),
  recipe("above", ["chosen"]),
  recipe("seldom", []),
];
const workspace: Workspace = {
  file: "/pkgs",
  directory: "/",
  prefix: "/p",
  python: "python3",
  link: "reflink",
  hostLibraries: "allow",
  systemLibraries: [],
  env: {},
  recipes: new Map(recipes.map((one) => [one.name, one])),
  lock: new Map(),
  knownFailures: [],
  companion: makeCompanion({ usual: ["chosen", "here", "a_b", "above"] }),
};
const brought = makeManifest(
  ["A.b", "above", "chosen", "here", "other", "seldom"].map((name) => ({
    type: "directory",
    path: `lib/python3.11/site-packages/${name}-1.dist-info`,
    mode: 0o755,
  })),
);

test("only what is usually built, is not needed already, and does not need the package itself", () => {
  expect(newNeeds(workspace, "chosen", brought)).toEqual(["a_b"]);
});

test("what was noted is needed, unless it has become impossible", () => {
  const world = createSimulatedWorld();
  const state = openWorkspaceState(world, "/state");
  state.noteNeeds("chosen", ["a_b", "above", "gone"]);
  state.noteNeeds("here", ["a_b"]);
  const noted = withNotedNeeds(workspace, state).recipes;
  expect(noted.get("chosen")?.depends.run).toEqual(["a_b", "here"]);
  expect(noted.get("here")?.depends.run).toEqual([]);
  expect([...noted.keys()]).toEqual([...workspace.recipes.keys()]);
});
