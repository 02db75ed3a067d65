/** `tenon clone`, `move` and `relocate` on the command line: what they print, and their exit codes. */
import { beforeEach, expect, test } from "vitest";
import { exists } from "../../src/world/index.ts";
import { createSimulatedWorld, type SimulatedWorld } from "../../src/world/simulated/index.ts";
// The command line loads them when they are run.
import "../../src/cli/clone.ts";
import "../../src/cli/move.ts";
import "../../src/cli/relocate.ts";
import { renderTransplanted } from "../../src/report/transplant-text.ts";
import { makeStyle } from "../../src/report/index.ts";
import { type Ran, tenon } from "./tenon.ts";

let world: SimulatedWorld;
beforeEach(async () => {
  world = createSimulatedWorld();
  world.disk.plant("/w", {});
  world.disk.plant("/s", { "bin/a": "#!/opt/p/bin/sh\n", "lib/a": "a" });
  await on("install --name a --version 1 --stage /s --prefix /opt/p");
  world.disk.plant("/opt/p", { "mine/x": "x" });
});

const on = (line: string): Promise<Ran> => tenon(line, {}, { world });

/** A package whose file has no room for a longer path. */
async function installShort(): Promise<void> {
  world.disk.plant("/s", { "lib/short": "\0/opt/p\0" });
  await on("install --name short --version 1 --stage /s --prefix /opt/p");
}

test.each([
  ["clone", "cloned", "  1 path that no package owns stayed behind"],
  ["move", "moved", "  1 file that no package owns, as they are"],
  ["relocate", "relocated", "  1 file that no package owns, as they are"],
])("%s says what it has done", async (command, done, foreign) => {
  const planned = await on(`${command} /opt/p /opt/q -n`);
  expect(planned).toMatchObject({ code: 0, error: "" });
  expect(planned.out).toMatch(/^would (clone|move|relocate) 1 package of \/opt\/p to \/opt\/q\n/);
  expect(exists(world.disk, "/opt/q")).toBe(false);
  const { out, code, error } = await on(`${command} /opt/p /opt/q`);
  expect({ code, error }).toEqual({ code: 0, error: "" });
  expect(out).toBe(
    `${done} 1 package of /opt/p to /opt/q\n  2 files of packages, 1 of them written anew for the new path\n${foreign}\n`,
  );
  expect((await on("verify --prefix /opt/q")).code).toBe(0);
});

test.each(["clone", "move"])("%s refuses what would still name the old path", async (command) => {
  await installShort();
  const { out, code } = await on(`${command} /opt/p /opt/longer`);
  expect(code).toBe(3);
  expect(out.split("\n")).toEqual([
    "refused: 1 place cannot name /opt/longer; nothing was changed",
    "  short: lib/short has the old path, of 6 bytes, where the new one has 11 (data, at byte 1)",
    "  Choose a path of at most 6 bytes, or build it for the new one.",
    "With --force it is done all the same, and these places stay as they are.",
    "",
  ]);
  const json = await on(`${command} /opt/p /opt/longer --json`);
  expect(JSON.parse(json.out)).toMatchObject({ kind: "refused", left: [{ package: "short" }] });
  expect(await on(`${command} /opt/p /opt/longer --force`)).toMatchObject({ code: 0 });
});

test("relocate does what it can, and its exit code says that something is left", async () => {
  await installShort();
  const { out, code } = await on("relocate /opt/p /opt/longer");
  expect(code).toBe(1);
  expect(out).toContain("left: 1 place does not name /opt/longer:\n  short: lib/short has ");
  expect(exists(world.disk, "/opt/longer/lib/short")).toBe(true);
});

test.each([
  ["clone /opt/p", /NEW is missing|one argument/i],
  ["clone /opt/none /opt/q", /there is no folder \/opt\/none/],
  ["move /w /opt/q", /\/w holds no packages of tenon's/],
  ["relocate /no /nor", /there is neither a folder \/no nor a folder \/nor/],
  ["clone /opt/p ''", /the name of a folder is empty/],
])("%s is refused", async (line, message) => {
  const { error } = await on(line);
  expect(error).toMatch(message);
});

test("of many places the first are shown, each cure once, and how many there are", () => {
  const left = Array.from({ length: 30 }, (_, offset) => ({
    path: `lib/${offset}`,
    offset,
    where: "data",
    what: "the old path",
    cure: "Choose another path.",
  }));
  const sums = { packages: 0, files: 0, rewritten: 0, foreign: 30, foreignRewritten: 0 };
  const lines = renderTransplanted(
    { kind: "relocated", from: "/a", to: "/b", ...sums, left },
    { style: makeStyle(false, ""), isPlanned: false },
  );
  expect(lines.slice(0, 4)).toEqual([
    "relocated /a to /b",
    "  30 files, as they are",
    "left: 30 places do not name /b:",
    "  lib/0 has the old path (data, at byte 0)",
  ]);
  expect(lines.slice(-2)).toEqual(["  and 10 more; --json has them all", "  Choose another path."]);
});
