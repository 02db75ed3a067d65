/** The proofs in short: kills at some of the system calls, and a few rounds of the race. */
import { spawnSync } from "node:child_process";
import { describe, expect, test } from "vitest";
import { mountOverlay, whyNot } from "../world/mounting.ts";
import { program } from "./program.ts";

function prove(script: string, ...args: string[]): string {
  const { status, stdout, stderr } = spawnSync(process.execPath, [`proof/${script}.js`, ...args], {
    encoding: "utf8",
    env: { ...process.env, TENON_PROGRAM: program },
    timeout: 240_000,
  });
  expect({ status, stdout, stderr }).toMatchObject({ status: 0 });
  return stdout;
}

/** It may be missing, and a container may forbid it to trace. */
const { status } = spawnSync("strace", ["-f", "-o", "/dev/null", "true"]);
const skippedWord = status === 0 ? "" : " (skipped: strace is missing or may not trace here)";

describe.skipIf(status !== 0)(`killed by strace${skippedWord}`, () => {
  const calls = "renameat2,rename,link,unlink,rmdir,mkdir,fsync,syncfs";

  test("an upgrade and a rollback leave the prefix old or new", () => {
    const said = prove("kills", "--at-most", "2", "--calls", calls);
    expect(Number(/^(\d+) passed, 0 failed$/m.exec(said)?.[1])).toBeGreaterThan(15);
  });

  const why = whyNot((folder) => mountOverlay(folder));
  test.skipIf(why !== undefined)("nor is it in between on an overlay (needs overlays)", () => {
    const calls = "renameat2,rename,rmdir";
    const said = prove("kills", "--on", "overlay", "--at-most", "2", "--calls", calls);
    expect(Number(/^(\d+) passed, 0 failed$/m.exec(said)?.[1])).toBeGreaterThan(8);
  });

  test("nor with weak renames", () => {
    const said = prove("kills", "--on", "weak", "--at-most", "2", "--calls", "rename,link,unlink");
    expect(Number(/^(\d+) passed, 0 failed$/m.exec(said)?.[1])).toBeGreaterThan(8);
  });
});

describe("in a race of 16 installers with Pythons, a reader and verify, nothing is hurt", () => {
  test("each in a process of its own", () => {
    const race = JSON.parse(prove("races", "--tools", "tenon", "--rounds", "1", "--json"));
    expect(race).toMatchObject({ tools: [{ rounds: 1, installs: 32, badRounds: 0 }] });
  });

  test("as workers of four processes", () => {
    const race = JSON.parse(prove("races", "--workers", "--rounds", "2", "--json"));
    expect(race).toMatchObject({ tools: [{ rounds: 2, installs: 64, badRounds: 0 }] });
  });

  test("with weak renames", () => {
    const race = JSON.parse(prove("races", "--on", "weak", "--workers", "--rounds", "1", "--json"));
    expect(race).toMatchObject({ tools: [{ rounds: 1, installs: 32, badRounds: 0 }] });
  });
});
