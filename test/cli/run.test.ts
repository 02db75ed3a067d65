/** `tenon run`, `tenon env`, and what commands mean where a prefix is activated. */
import { beforeEach, expect, test } from "vitest";
// What a command does is loaded when it is run: here it is before.
import "../../src/cli/env.ts";
import "../../src/cli/run.ts";
import type { ProgramAnswer } from "../../src/world/simulated/index.ts";
import { createSimulatedWorld, type SimulatedWorld } from "../../src/world/simulated/index.ts";
import { type Ran, tenon } from "./tenon.ts";

const prefix = "/opt/p";
let world: SimulatedWorld;
let answer: ProgramAnswer;

beforeEach(async () => {
  answer = () => ({ kind: "exited", code: 0 });
  world = createSimulatedWorld({ answer: (command) => answer(command) });
  world.disk.plant("/w", {});
  world.disk.plant("/s", { "bin/a": "a" });
  await on(`install --name a --version 1 --stage /s --prefix ${prefix}`);
});

function on(line: string, environment: Record<string, string> = {}): Promise<Ran> {
  return tenon(line, { PATH: "/usr/bin", ...environment }, { world });
}

test("a command is run with the prefix's programs first, and its options are its own", async () => {
  expect(await on(`run --prefix ${prefix} a --help -j8`)).toMatchObject({ error: "", code: 0 });
  expect(world.processes.calls.at(-1)).toMatchObject({
    program: "a",
    args: ["--help", "-j8"],
    environment: { PATH: "/opt/p/bin:/usr/bin", TENON_PREFIX: prefix, HOME: "/home/u" },
  });
  expect(world.processes.calls.at(-1)?.environment).not.toHaveProperty("LD_LIBRARY_PATH");
});

test("its exit code is the command's, as a shell has it", async () => {
  const codeOf = async (outcome: ReturnType<ProgramAnswer>) => {
    answer = () => outcome;
    return (await on(`run --prefix ${prefix} a`)).code;
  };
  expect(await codeOf({ kind: "exited", code: 7 })).toBe(7);
  expect(await codeOf({ kind: "killed", signal: "SIGSEGV" })).toBe(139);
  expect(await codeOf({ kind: "missing", program: "a", reason: "spawn a EACCES" })).toBe(126);
  expect(await codeOf({ kind: "missing", program: "a", reason: "spawn a ENOENT" })).toBe(127);
});

test("a program that is not there is named, with the places that were searched", async () => {
  answer = () => ({ kind: "missing", program: "b", reason: "spawn b ENOENT" });
  const { error } = await on(`run --prefix ${prefix} b`);
  expect(error).toBe("error: there is no program b, in /opt/p/bin or elsewhere on PATH\n");
});

test("without a command, a shell", async () => {
  const { error } = await on(`run --prefix ${prefix}`, { SHELL: "/bin/zsh" });
  expect(error).toBe("a shell for /opt/p; `exit` leaves it\n");
  expect(world.processes.calls.at(-1)).toMatchObject({ program: "/bin/zsh", args: [] });
});

test("a prefix that is not there yet is an error", async () => {
  const { error, code } = await on("run --prefix /opt/q a");
  expect(error).toContain("error: there is no prefix at /opt/q yet\n");
  expect(code).toBe(2);
});

test("env --json has the whole values", async () => {
  const { out } = await on(`env --json --prefix ${prefix}`);
  expect(JSON.parse(out)).toMatchObject({
    prefix,
    variables: { TENON_PREFIX: prefix, PATH: "/opt/p/bin:/usr/bin", MANPATH: "/opt/p/share/man:" },
  });
});

test("where there is no workspace, an activated prefix is meant, and a change of it is told", async () => {
  const activated = { VIRTUAL_ENV: prefix };
  expect((await on("list", activated)).out).toContain("\na        1 ");
  expect(await on("verify", activated)).toMatchObject({ code: 0, error: "" });
  const removed = await on("remove a", activated);
  expect(removed.error).toContain("note: the prefix is /opt/p, which is activated\n");
  expect(removed).toMatchObject({ out: "removed 1 package: a\n", code: 0 });
});

test("a workspace, and --prefix, come before what is activated", async () => {
  world.disk.plant("/w", { "tenon.toml": '[workspace]\nprefix = "own"\n' });
  expect((await on("list", { VIRTUAL_ENV: prefix })).out).toBe("no packages\n");
  expect((await on("list --prefix /opt/r", { VIRTUAL_ENV: prefix })).out).toBe("no packages\n");
});

test("--quiet says nothing of what was done, but all that went wrong", async () => {
  expect(await on(`remove a -q --prefix ${prefix}`)).toMatchObject({ out: "", error: "", code: 0 });
  const { error, code } = await on(`remove a -q --prefix ${prefix}`);
  expect(error).toContain("a is not installed");
  expect(code).toBe(2);
});
