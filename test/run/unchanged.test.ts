/** A build that has nothing to do makes no plan, where all that the last one looked at looks the same. */
import { expect, test } from "vitest";
import type { BuildOptions } from "../../src/run/planned-work.ts";
import type { Command } from "../../src/world/index.ts";
import { createSimulatedWorld } from "../../src/world/simulated/index.ts";
import { directory, rewriteRecipe } from "../workspace/workspace.ts";
import { type Machine, openMachine, says } from "./machine.ts";

const notes = "/home/u/cache/idle";
const program = "/opt/tenon";
const prefix = `${directory}/prefix`;
const store = "/home/u/store";
const hourMs = 60 * 60 * 1000;
/** Long after all files were made. */
const laterMs = Date.UTC(2024, 0, 1) + hourMs;

interface How {
  readonly options?: Partial<BuildOptions>;
  readonly compiler?: string;
  readonly startMs?: number;
}

/** Whether the build made a plan, for which it has to list the recipes; and what it came to. */
async function build(
  machine: Machine,
  { options = {}, compiler = "cc 12", startMs = laterMs }: How = {},
) {
  const { disk } = machine;
  let plans = 0;
  const world = createSimulatedWorld({
    disk,
    answer: ({ args }: Command) =>
      args[0] === "cc" ? says(`${compiler}\n`) : { kind: "exited", code: 0 },
    clock: { seed: disk.operations.length, startMs },
  });
  const list: typeof disk.list = (path) => {
    if (path === `${directory}/packages`) plans += 1;
    return disk.list(path);
  };
  const watched = { ...world, disk: { ...disk, list } };
  machine.events.length = 0;
  const result = await machine.build({ notes, program, ...options }, watched);
  return { planned: plans > 0, result };
}

/** Its last build has found nothing to do. */
async function idleMachine(): Promise<Machine> {
  const machine = openMachine({ app: { run: ["lib"] }, lib: {}, other: {} });
  machine.disk.plant(notes, {});
  machine.disk.plant(`${program}/dist`, { "tenon.js": "1" });
  await machine.build({ notes, program });
  expect(await build(machine)).toMatchObject({ planned: true, result: { built: 0 } });
  return machine;
}

const idle = { kind: "done", packages: 3, built: 0, changed: [], removed: [] };

test("nothing has changed: the same result and the same events, without a plan", async () => {
  const machine = await idleMachine();
  const before = machine.events.map(({ kind }) => kind);
  expect(await build(machine)).toMatchObject({ planned: false, result: idle });
  expect(machine.events.map(({ kind }) => kind)).toEqual(before);
  machine.disk.plant(directory, { "notes.txt": "something else" });
  expect(await build(machine)).toMatchObject({ planned: false, result: idle });
});

test.each<[string, (machine: Machine) => void, object]>([
  ["a recipe is edited", ({ disk }) => rewriteRecipe(disk, "lib", { version: "2" }), { built: 2 }],
  [
    "a recipe comes",
    ({ disk }) => disk.plant(`${directory}/packages`, { "new.toml": recipe }),
    { built: 1 },
  ],
  [
    "a recipe goes",
    ({ disk }) => disk.removeFile(`${directory}/packages/other.toml`),
    { removed: ["other"] },
  ],
  ["the settings change", ({ disk }) => rewrite(disk, `${directory}/tenon.toml`), idle],
  [
    "a key is lost",
    ({ disk }) => disk.removeFile(`${store}/keys/${firstOf(disk, "keys")}`),
    { built: 1 },
  ],
  [
    "an artifact is lost",
    ({ disk }) => disk.removeFile(`${store}/artifacts/${firstOf(disk, "artifacts")}/manifest.json`),
    { built: 2 },
  ],
  [
    "a record of the prefix is lost",
    ({ disk }) => disk.removeFile(`${prefix}/var/lib/tenon/packages/app.json`),
    {},
  ],
  ["the program is another one", ({ disk }) => rewrite(disk, `${program}/dist/tenon.js`), idle],
])("it plans when %s", async (_what, change, result) => {
  const machine = await idleMachine();
  change(machine);
  expect(await build(machine)).toMatchObject({ planned: true, result });
});

test.each<[string, How]>([
  ["other packages are asked for", { options: { packages: ["lib"] } }],
  ["it is asked for otherwise", { options: { keep: true } }],
  ["the compiler answers otherwise", { compiler: "cc 13" }],
  ["a day has gone", { startMs: laterMs + 24 * hourMs }],
  ["the clock was wrong", { startMs: laterMs - 1 }],
])("it plans when %s", async (_what, how) => {
  const machine = await idleMachine();
  expect((await build(machine, how)).planned).toBe(true);
});

test("what was changed within the last tick may change once more unseen, so no note is kept", async () => {
  const machine = await idleMachine();
  const startMs = laterMs + hourMs;
  machine.disk.setTimes(`${directory}/packages/lib.toml`, startMs - 1000);
  expect((await build(machine, { startMs })).planned).toBe(true);
  expect((await build(machine, { startMs: startMs + 500 })).planned).toBe(true);
  expect((await build(machine, { startMs: startMs + hourMs })).planned).toBe(true);
  expect((await build(machine, { startMs: startMs + hourMs })).planned).toBe(false);
});

test("a damaged note, and one that lies where it cannot be read, mean only that it plans", async () => {
  const machine = await idleMachine();
  const note = `${notes}/${machine.disk.list(notes)[0]?.name}`;
  for (const text of [
    "",
    "{",
    "null",
    "[]",
    '{"paths":[["entry"]]}',
    '{"paths":[],"commands":[]}',
  ]) {
    machine.disk.removeFile(note);
    machine.disk.createFile(note, text);
    expect((await build(machine)).planned).toBe(true);
    expect((await build(machine)).planned).toBe(false);
  }
  machine.disk.removeFile(note);
  machine.disk.makeDirectory(note);
  expect(await build(machine).catch(({ code }: { code: string }) => code)).toBe("STATE_NOT_PLAIN");
});

const recipe = 'name = "new"\nversion = "1"\n[build]\nsystem = "script"\nscript = "true"\n';

function firstOf(disk: Machine["disk"], folder: string): string {
  return disk.list(`${store}/${folder}`)[0]?.name ?? "";
}

/** With the same words, at another time. */
function rewrite(disk: Machine["disk"], file: string): void {
  const content = disk.readFile(file);
  disk.removeFile(file);
  disk.createFile(file, content);
}
