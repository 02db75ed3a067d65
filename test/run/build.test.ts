/** A whole run: what is built in which order, what its failures stop, and what the prefix then holds. */
import { expect, test } from "vitest";
import type { Event } from "../../src/core/index.ts";
import { directory, rewriteRecipe } from "../workspace/workspace.ts";
import { done, failed, type Machine, openMachine, says } from "./machine.ts";

const prefix = `${directory}/prefix`;
const stack = { app: { run: ["lib"] }, lib: { build: ["base"] }, base: {}, other: {} };

function installed({ disk }: Machine): string[] {
  return disk.list(`${prefix}/lib`).map(({ name }) => name);
}

function kinds({ events }: Machine, ...wanted: Event["kind"][]): object[] {
  return events.filter(({ kind }) => wanted.includes(kind));
}

test("what needs something is built after it, and a second run has nothing to do", async () => {
  const machine = openMachine(stack);
  expect(await machine.build({ jobs: 1 })).toMatchObject({ kind: "done", packages: 4, built: 4 });
  const at = (name: string): number => machine.begun.indexOf(name);
  expect(at("base")).toBeLessThan(at("lib"));
  expect(at("lib")).toBeLessThan(at("app"));
  expect(installed(machine)).toEqual(["app", "base", "lib", "other"]);
  expect(await machine.build()).toMatchObject({ kind: "done", built: 0, changed: [] });
  expect(machine.begun).toHaveLength(4);
});

test("what was asked for is built, with what it needs, and no more", async () => {
  const machine = openMachine(stack);
  expect(await machine.build({ packages: ["lib"] })).toMatchObject({ kind: "done", built: 2 });
  expect(machine.begun).toEqual(["base", "lib"]);
});

test("a plan builds nothing", async () => {
  const machine = openMachine(stack);
  const plan = await machine.build({ dryRun: true });
  expect(plan).toMatchObject({ kind: "planned", jobs: 2 });
  expect(machine.begun).toEqual([]);
  expect(machine.disk.status(prefix)).toBeUndefined();
});

test("a failure blocks what needs it and nothing else; the next run takes up what is missing", async () => {
  const machine = openMachine(stack, { lib: () => says("no bell.h\n", failed) });
  const result = await machine.build();
  expect(result).toMatchObject({
    kind: "failed",
    built: 2,
    failures: [{ package: "lib", step: "script", logTail: ["no bell.h"] }],
    blocked: new Map([["app", ["lib"]]]),
  });
  expect(kinds(machine, "build-blocked")).toMatchObject([{ package: "app", by: ["lib"] }]);
  expect(installed(machine)).toEqual(["base", "other"]);

  delete machine.builds["lib"];
  machine.begun.length = 0;
  expect(await machine.build()).toMatchObject({ kind: "done", built: 2 });
  expect(machine.begun).toEqual(["lib", "app"]);
});

test("with fail-fast nothing is begun after the first failure", async () => {
  const machine = openMachine({ a: {}, b: {}, c: {} }, { a: () => failed });
  expect(await machine.build({ failFast: true, jobs: 1 })).toMatchObject({ kind: "failed" });
  expect(machine.begun).toEqual(["a"]);
});

test("two packages with one path end the run, and the path stays the first one's", async () => {
  const machine = openMachine(
    { a: {}, b: {}, c: { run: ["b"] } },
    { b: ({ write }) => write({ "lib/a": "b's" }) },
  );
  const result = await machine.build({ jobs: 1 });
  expect(result).toMatchObject({ kind: "conflict", conflicts: [{ path: "lib/a" }] });
  expect(machine.begun).not.toContain("c");
  expect(installed(machine)).toEqual(["a"]);
});

test("an interruption ends what runs, and keeps what is done", async () => {
  const interruption = new AbortController();
  const machine = openMachine(stack, {
    lib: () => {
      interruption.abort();
      return new Promise(() => {});
    },
  });
  const result = await machine.build({ signal: interruption.signal, jobs: 1 });
  expect(result).toMatchObject({ kind: "interrupted" });
  expect(installed(machine)).toContain("base");
  expect(machine.begun).not.toContain("app");
  delete machine.builds["lib"];
  expect(await machine.build()).toMatchObject({ kind: "done" });
  expect(machine.begun.filter((name) => name === "base")).toHaveLength(1);
});

test("what the kernel kills for memory is built once more, alone and with half the jobs", async () => {
  const killed = says("cc: fatal error: Killed signal terminated program cc1\n", failed);
  const jobs: (string | undefined)[] = [];
  const machine = openMachine(
    { big: {}, small: {} },
    {
      big: ({ write, environment }) => {
        jobs.push(environment["JOBS"]);
        if (jobs.length === 1) return killed;
        write({ "lib/big": "big" });
        return done;
      },
    },
  );
  expect(await machine.build({ jobs: 8 })).toMatchObject({ kind: "done", built: 2 });
  expect(jobs.map(Number)[1]).toBeLessThan(8);
  expect(kinds(machine, "note")).toContainEqual(
    expect.objectContaining({ package: "big", text: expect.stringMatching(/built again, alone$/) }),
  );

  const hopeless = openMachine({ big: {} }, { big: () => killed });
  expect(await hopeless.build()).toMatchObject({
    kind: "failed",
    failures: [
      { reason: "the kernel killed cc1 because there was too little memory", cause: "killed" },
    ],
  });
  expect(hopeless.begun).toEqual(["big", "big"]);
});

test("a rebuild with the same result changes nothing, and builds nothing on it (I8)", async () => {
  const machine = openMachine(stack);
  await machine.build();
  machine.begun.length = 0;
  machine.events.length = 0;
  rewriteRecipe(machine.disk, "base", { version: "2.0" });
  machine.builds["base"] = ({ write }) => write({ "lib/base": "base" });
  expect(await machine.build()).toMatchObject({ kind: "done", built: 1 });
  expect(machine.begun).toEqual(["base"]);
  expect(kinds(machine, "build-finished")).toMatchObject([
    { package: "base", result: "unchanged" },
    { package: "lib", result: "reused" },
    { package: "app", result: "reused" },
  ]);
});

test("what another process is building is waited for, told once, and not built again", async () => {
  const machine = openMachine({ slow: {} });
  const other = machine.disk.asProcess("other");
  let attempts = 0;
  machine.builds["slow"] = ({ write }) => write({ "lib/slow": "slow" });
  const [scratch] = await keyLocks(machine);
  const lock = other.tryLock(scratch ?? "");
  const world = machine.nextWorld();
  const { sleep } = world.clock;
  Object.assign(world.clock, {
    sleep: (ms: number) => {
      if (ms > 0) attempts += 1;
      if (attempts === 1) lock?.describe("process 7 (tenon build in /there)");
      if (attempts === 3) lock?.release();
      return sleep(ms);
    },
  });
  expect(await machine.build({}, world)).toMatchObject({ kind: "done", built: 1 });
  expect(kinds(machine, "waiting")).toEqual([
    expect.objectContaining({
      for: "process 7 (tenon build in /there), which is building slow",
    }),
  ]);
});

/** The lock files that a build of the same package on another machine leaves in its store. */
async function keyLocks({ disk }: Machine): Promise<string[]> {
  const twin = openMachine({ slow: {} });
  await twin.build();
  const folder = "/home/u/store/locks";
  const names = twin.disk.list(folder).map(({ name }) => `${folder}/${name}`);
  disk.plant(folder, {});
  return names;
}
