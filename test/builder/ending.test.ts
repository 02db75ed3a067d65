/** No process of a build outlives it: not an interruption, nor tenon's own violent end. */
import { spawn } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { buildSync } from "esbuild";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { createSite, hasProgram, isolation, noView, type Site } from "./site.ts";

const word = isolation.kind === "none" ? ` (skipped: ${isolation.reason})` : "";

let site: Site;
beforeEach(() => {
  site = createSite();
});
afterEach(() => site.remove());

/** A child, a grandchild that leaves its session, and a name to find them by. */
function slowScript(mark: string): string {
  return [
    `: ${mark}`,
    `setsid sh -c 'sleep 600; : ${mark}' &`,
    `sh -c 'sleep 600; : ${mark}'`,
  ].join("\n");
}

/** The processes that have this word in their command line. */
function processesOf(mark: string): string[] {
  return fs
    .readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .filter((name) => {
      try {
        return fs.readFileSync(`/proc/${name}/cmdline`, "utf8").includes(mark);
      } catch {
        return false;
      }
    });
}

/** Waits until so many processes of the mark are there. */
async function untilCount(mark: string, isReached: (count: number) => boolean): Promise<void> {
  const count = (): number => processesOf(mark).length;
  await vi.waitFor(() => expect(count()).toSatisfy(isReached), { timeout: 15_000, interval: 10 });
}

const none = (count: number): boolean => count === 0;

function makeMark(): string {
  return path.basename(site.root).replaceAll("-", "_");
}

describe.skipIf(noView)(`the end of a build${word}`, { timeout: 30_000 }, () => {
  test("an abort interrupts it and ends its processes", async () => {
    const mark = makeMark();
    const controller = new AbortController();
    const building = site.build(
      { name: "slow", build: { script: slowScript(mark) } },
      { signal: controller.signal },
    );
    await untilCount(mark, (count) => count === 2);
    controller.abort();
    expect(await building).toEqual({ kind: "interrupted" });
    await untilCount(mark, none);
  });

  test("a daemon that it leaves behind ends with it", async () => {
    const mark = makeMark();
    const script = `setsid sh -c 'sleep 600; : ${mark}' >/dev/null 2>&1 &`;
    const outcome = await site.build({ name: "slow", build: { script } });
    expect(outcome.kind).toBe("built");
    await untilCount(mark, none);
  });

  test.skipIf(!hasProgram("setpriv"))(
    "kill -9 of the parent ends all (needs setpriv)",
    async () => {
      const mark = makeMark();
      const driver = `${site.root}/driver.mjs`;
      buildSync({
        entryPoints: [`${import.meta.dirname}/kill-driver.ts`],
        bundle: true,
        platform: "node",
        format: "esm",
        outfile: driver,
        external: ["koffi", "undici"],
      });
      const modules = path.resolve(import.meta.dirname, "../../node_modules");
      fs.symlinkSync(modules, `${site.root}/node_modules`);
      const parent = spawn(process.execPath, [driver, site.root, slowScript(mark)], {
        stdio: ["ignore", "ignore", "inherit"],
      });
      await untilCount(mark, (count) => count === 3); // with the driver
      expect(parent.kill("SIGKILL")).toBe(true);
      await untilCount(mark, none);
    },
  );
});
