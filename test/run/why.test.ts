/** Each reason for which a package is out of date, or is not. */
import { expect, test } from "vitest";
import { explainWhy, type Reason } from "../../src/run/why.ts";
import { removeTree } from "../../src/world/index.ts";
import { optionsFor, rewriteRecipe } from "../workspace/workspace.ts";
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
