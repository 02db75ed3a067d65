/** Where `tenon shell` leads: to what a failed build has left, or to a place of its own. */
import { expect, test } from "vitest";
import { openShell, type ShellOptions, type ShellPlace } from "../../src/run/shell.ts";
import { optionsFor } from "../workspace/workspace.ts";
import { failed, type Machine, openMachine, says } from "./machine.ts";

const recipes = { app: { build: ["lib"] }, lib: {} };

function shell(machine: Machine, name: string, options: Partial<ShellOptions> = {}) {
  const places: ShellPlace[] = [];
  const ended = openShell(machine.nextWorld(), {
    ...optionsFor([]),
    package: name,
    command: ["make", "check"],
    isolation: "none",
    jobs: 3,
    terminal: "dumb",
    onReady: (place) => places.push(place),
    ...options,
  });
  return { ended, places };
}

function scratch({ disk }: Machine): string[] {
  return disk.list("/home/u/store/scratch").map(({ name }) => name);
}

test("what a failed build has left is gone to, as it is, and stays", async () => {
  const machine = openMachine(recipes, { app: () => says("no\n", failed) });
  await machine.build();
  const left = scratch(machine);
  expect(left).toHaveLength(1);
  machine.begun.length = 0;
  const { ended, places } = shell(machine, "app");
  expect(await ended).toEqual({ kind: "ended", outcome: { kind: "exited", code: 7 } });
  const [{ workingDirectory, args } = { args: [] }] = machine.entered;
  expect(workingDirectory).toBe(`/home/u/store/scratch/${left[0]}/work/src`);
  expect(args).toEqual(expect.arrayContaining(["PACKAGE_NAME=app", "MAKEFLAGS=-j2", "TERM=dumb"]));
  expect(args.slice(-2)).toEqual(["make", "check"]);
  expect(places).toMatchObject([{ package: "app", step: "script", isKept: true }]);
  expect(places[0]?.commandLine).toContain("script.sh");
  expect(scratch(machine)).toEqual(left);
});

test("who is in it holds the lock of its key, and says so", async () => {
  const machine = openMachine(recipes, { app: () => failed });
  await machine.build();
  const holders: string[] = [];
  await shell(machine, "app", { onReady: () => holders.push(...holdersOfKeys(machine)) }).ended;
  expect(holders).toEqual([expect.stringContaining("(tenon shell)")]);
  expect(holdersOfKeys(machine)).toEqual([]);
});

test("nothing failed: sources are placed anew, and taken away afterwards", async () => {
  const machine = openMachine(recipes);
  await machine.build();
  const { ended, places } = shell(machine, "app");
  expect(await ended).toMatchObject({ kind: "ended" });
  expect(places).toMatchObject([{ package: "app", version: "1.0", step: "script", isKept: false }]);
  expect(scratch(machine)).toEqual([]);
});

test("what it needs must have been built", async () => {
  const machine = openMachine(recipes);
  await expect(shell(machine, "app").ended).rejects.toThrow(
    expect.objectContaining({ code: "NOT_BUILT", hints: ["Run `tenon build lib` first."] }),
  );
  expect(scratch(machine)).toEqual([]);
});

test("a step that there is not is refused with those that there are", async () => {
  const machine = openMachine({ lib: {} });
  const ended = await shell(machine, "lib", { step: "biuld" }).ended;
  expect(ended).toMatchObject({ kind: "failed", step: "biuld" });
});

function holdersOfKeys({ disk }: Machine): string[] {
  const folder = "/home/u/store/locks";
  return disk
    .list(folder)
    .filter(({ name }) => !name.startsWith("use-") && disk.isLocked(`${folder}/${name}`))
    .map(({ name }) => Buffer.from(disk.readFile(`${folder}/${name}`)).toString());
}
