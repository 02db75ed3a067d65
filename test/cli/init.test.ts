/** `tenon init` makes a workspace that reads, and touches nothing that is there. */
import { expect, test } from "vitest";
import "../../src/cli/init.ts";
import { exists, readText } from "../../src/world/index.ts";
import { createSimulatedWorld, type SimulatedWorld } from "../../src/world/simulated/index.ts";
import { type Ran, tenon } from "./tenon.ts";

function on(world: SimulatedWorld, line: string): Promise<Ran> {
  return tenon(line, {}, { world });
}

function emptyWorld(): SimulatedWorld {
  const world = createSimulatedWorld();
  world.disk.plant("/w", {});
  return world;
}

test("a recipe that is read, and what to do next", async () => {
  const world = emptyWorld();
  expect(await on(world, "init")).toMatchObject({
    out: "made tenon.toml\nmade packages/hello.toml\nmade .gitignore\nnext: tenon build, then tenon run hello\n",
    error: "",
    code: 0,
  });
  expect((await on(world, "graph")).out).toBe("hello 1.0\n");
});

test("in another folder, which is made, the next command names it", async () => {
  const world = emptyWorld();
  const { out } = await on(world, "init stack");
  expect(out).toContain("made stack/tenon.toml\n");
  expect(out).toContain("next: tenon build -C stack, then tenon run -C stack hello\n");
  expect((await on(world, "graph -C stack")).out).toBe("hello 1.0\n");
});

test("recipes and a .gitignore that are there stay as they are", async () => {
  const world = emptyWorld();
  world.disk.plant("/w", { ".gitignore": "mine\n", "packages/a.toml": "" });
  expect((await on(world, "init")).out).toBe("made tenon.toml\nnext: tenon build\n");
  expect(readText(world.disk, "/w/.gitignore")).toBe("mine\n");
  expect(exists(world.disk, "/w/packages/hello.toml")).toBe(false);
});

test("a workspace is not made twice", async () => {
  const world = emptyWorld();
  await on(world, "init");
  const { error, code } = await on(world, "init");
  expect(error).toContain("error: /w is a workspace already\n");
  expect(code).toBe(2);
});
