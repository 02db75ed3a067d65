/** Each reason for which a package is out of date, or is not. */
import { expect, test } from "vitest";
import { rollBack } from "../../src/operations/rollback.ts";
import { layoutOf } from "../../src/prefix/index.ts";
import { explainWhy, type Reason } from "../../src/run/why.ts";
import { removeTree } from "../../src/world/index.ts";
import { directory, optionsFor, rewriteRecipe } from "../workspace/workspace.ts";
import { type Machine, openMachine } from "./machine.ts";

const recipes = { app: { build: ["lib"] }, lib: {} };

async function why(machine: Machine, ...packages: string[]): Promise<Record<string, Reason>> {
  const options = { ...optionsFor([]), packages, isolation: "none" } as const;
  const explained = await explainWhy(machine.nextWorld(), options);
  return Object.fromEntries(explained.map(({ package: name, reason }) => [name, reason]));
}

test("never built: its own inputs, or what it needs", async () => {
  expect(await why(openMachine(recipes))).toEqual({
    lib: { kind: "never-built" },
    app: { kind: "dependencies", outOfDate: ["lib"] },
  });
});

test("up to date, and only what was asked for", async () => {
  const machine = openMachine(recipes);
  await machine.build();
  expect(await why(machine, "app")).toEqual({ app: { kind: "up-to-date" } });
});

test("the changes of the inputs since the last build", async () => {
  const machine = openMachine(recipes);
  await machine.build();
  rewriteRecipe(machine.disk, "lib", { version: "2.0" });
  expect(await why(machine)).toEqual({
    lib: { kind: "changed", changes: [expect.stringContaining("2.0")] },
    app: { kind: "dependencies", outOfDate: ["lib"] },
  });
});

test("lost by the store, or there though this workspace never built it", async () => {
  const machine = openMachine({ lib: {} });
  await machine.build();
  removeTree(machine.disk, "/home/u/stack/.tenon");
  expect(await why(machine)).toEqual({ lib: { kind: "in-store" } });
  const robbed = openMachine({ lib: {} });
  await robbed.build();
  removeTree(robbed.disk, "/home/u/store/keys");
  expect(await why(robbed)).toEqual({ lib: { kind: "lost" } });
});

test("it changes nothing", async () => {
  const machine = openMachine(recipes);
  await machine.build();
  const before = machine.disk.snapshot("/");
  await why(machine);
  expect(machine.disk.snapshot("/")).toEqual(before);
});

test("what the prefix has of it, and what a person did there last", async () => {
  const machine = openMachine({
    hi: {},
    mdurl: { wantedBy: "dependents" },
    app: { run: ["mdurl"] },
  });
  await machine.build();
  rewriteRecipe(machine.disk, "hi", { version: "2.0" });
  machine.builds["hi"] = ({ write }) => write({ "lib/hi": "2" });
  await machine.build();
  const world = machine.nextWorld();
  const layout = layoutOf(`${directory}/prefix`);
  await rollBack({ ...optionsFor([]), world, layout });
  machine.disk.removeFile(`${directory}/packages/app.toml`);
  const options = { ...optionsFor([]), isolation: "none" } as const;
  const packages = ["hi", "app", "mdurl"];
  const explained = await explainWhy(machine.nextWorld(), { ...options, packages });
  expect(explained).toMatchObject([
    {
      package: "hi",
      reason: { kind: "up-to-date" },
      prefix: { from: "1.0", to: "2.0", state: "built", undone: { by: "rollback" } },
    },
    { package: "mdurl", prefix: { from: "1.0", to: null, state: "not-needed" } },
    { package: "app", reason: { kind: "no-recipe", version: "1.0", leaves: true } },
  ]);
  await expect(explainWhy(world, { ...options, packages: ["ap"] })).rejects.toThrow("called ap");
});
