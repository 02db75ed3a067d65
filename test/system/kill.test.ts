/** Killed or interrupted at any moment, a build goes on where it was, and the prefix is whole (I2, I12). */
import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import { fileURLToPath } from "node:url";
import { afterEach, describe, expect, test, vi } from "vitest";
import { stack, tallied, withGong } from "./stack.ts";
import { readTree } from "./trees.ts";
import { eventsOf, linesOf, noView, openWorkshop, skippedWord, type Workshop } from "./workshop.ts";

let shop: Workshop;
afterEach(() => shop.dispose());

const nothing: string[] = [];

async function untilNothingRuns(): Promise<void> {
  await vi.waitFor(() => expect(shop.processes()).toEqual(nothing), { timeout: 10_000 });
}

describe.skipIf(noView !== undefined)(`a build that is killed${skippedWord}`, () => {
  const seed = Number(process.env["TENON_SEED"] ?? Date.now() % 1_000_000);
  const random = randomFrom(seed);

  test(`at ten moments, each followed by another build (TENON_SEED=${seed})`, async () => {
    shop = openWorkshop(stack);
    shop.write(withGong(shop.workspace));
    const startedMs = Date.now();
    await shop.must("build");
    const durationMs = Date.now() - startedMs;
    const undisturbed = shop.tree();

    for (let round = 1; round <= 10; round += 1) {
      const atMs = Math.round(random() * durationMs);
      const place = `round ${round}, killed after ${atMs} ms, TENON_SEED=${seed}`;
      shop.forget();
      const first = shop.start(["build", "--json"]);
      await new Promise((resolve) => setTimeout(resolve, atMs));
      first.kill("SIGKILL");
      const finished = finishedIn((await first.ended).stdout);
      await untilNothingRuns();

      const second = await shop.run(["build", "--json"]);
      expect(second, place).toMatchObject({ code: 0 });
      const started = eventsOf(second.stdout).filter(({ kind }) => kind === "build-started");
      const again = started.map((event) => event["package"]).filter((name) => finished.has(name));
      expect(again, `${place}: built twice`).toEqual([]);
      expect(shop.tree(), place).toEqual(undisturbed);
      expect(await shop.must("verify"), place).toMatch(/^ok: /);
      expect(scratchOfBuilds(), place).toEqual([]);
      expect(await shop.must("build"), place).toMatch(/^nothing to do/);
    }
  });
});

function scratchOfBuilds(): string[] {
  return fs.readdirSync(`${shop.store}/scratch`).filter((name) => /^[0-9a-f]{16}-/.test(name));
}

/** What a run that was cut off anywhere has said to be finished. */
function finishedIn(stdout: string): Set<unknown> {
  const whole = stdout.slice(0, stdout.lastIndexOf("\n") + 1);
  const events = eventsOf(whole).filter(({ kind }) => kind === "build-finished");
  return new Set(events.map((event) => event["package"]));
}

function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

describe.skipIf(noView !== undefined)(`a transaction that is killed${skippedWord}`, () => {
  /** A stack of two versions, both in the store; the prefix holds the old one. */
  async function twoVersions(): Promise<{ reset: () => void; after: ReturnType<typeof readTree> }> {
    shop = openWorkshop(stack);
    const old = `${shop.root}/old`;
    await shop.must("build", "ringer", "chime", "pybell");
    const reset = (): void => {
      fs.rmSync(shop.prefix, { recursive: true, force: true });
      copyTree(old, shop.prefix);
    };
    copyTree(shop.prefix, old);
    shop.edit("libbell/bell.c", "return 3", "return 2");
    shop.edit("packages/pybell.toml", '"2.0"', '"3.0"');
    shop.edit("pybell/pyproject.toml", '"2.0"', '"3.0"');
    await shop.must("build");
    const after = shop.tree();
    reset();
    return { reset, after };
  }

  test("is told by the next command, and finished or taken back by one that may", async () => {
    const { reset, after } = await twoVersions();
    const before = shop.tree();
    const log = `${shop.root}/calls`;
    const dying = fileURLToPath(new URL("dying.mjs", import.meta.url));
    const upgrade = (at: number) => {
      fs.rmSync(log, { force: true });
      return shop.run(["build"], {
        node: ["--import", dying],
        environment: { DIE_AT: String(at), DIE_BELOW: shop.prefix, DIE_LOG: log },
      });
    };
    expect(await upgrade(0)).toMatchObject({ code: 0 });
    const calls = linesOf(fs.readFileSync(log, "utf8"));
    const journal = calls.findIndex((call) => call.endsWith("journal.json")) + 1;
    expect(journal).toBeGreaterThan(0);

    for (const at of momentsAround(journal, calls.length)) {
      const place = `killed at call ${at} of ${calls.length}: ${calls[at - 1]}`;
      reset();
      expect(await upgrade(at), place).toMatchObject({ code: null });
      const wasOpen = fs.existsSync(`${shop.prefix}/var/lib/tenon/journal.json`);
      const looked = await shop.run(["list"]);
      expect(looked, place).toMatchObject({ code: 0 });
      expect(looked.stderr.includes("`tenon recover "), `${place}: ${looked.stderr}`).toBe(wasOpen);
      const next = await shop.run(["recover"]);
      expect(next, place).toMatchObject({ code: 0 });
      const isTold = next.stdout.includes("the interrupted transaction");
      expect(isTold, `${place}: ${next.stdout}`).toBe(wasOpen);
      const whole = readTree(shop.prefix);
      expect(whole, place).toEqual(wasOpen || at > journal ? after : before);
      expect(await shop.must("verify"), place).toMatch(/^ok: /);
      await shop.must("build");
      expect(shop.tree(), place).toEqual(after);
    }
  });
});

/** Every call from the journal on, and some before it. */
function momentsAround(journal: number, count: number): number[] {
  const before = [1, Math.floor(journal / 3), Math.floor(journal / 2), journal - 1, journal];
  const after = Array.from({ length: count - journal }, (_value, index) => journal + 1 + index);
  return [...new Set([...before, ...after])].filter((at) => at > 0);
}

function copyTree(from: string, to: string): void {
  expect(spawnSync("cp", ["-a", from, to]).status).toBe(0);
}

test("a build without a view that is killed leaves nothing running", async () => {
  shop = openWorkshop(stack);
  shop.edit("packages/slow.toml", "sleep 0.4", "(sh -c 'sleep 601; true' &) ; sleep 600; true");
  const building = shop.start(["build", "slow", "--isolation", "none"]);
  await vi.waitFor(() => expect(shop.processes().join()).toMatch(/sleep 60[01].*sleep 60[01]/), {
    timeout: 10_000,
  });
  building.kill("SIGKILL");
  await building.ended;
  await untilNothingRuns();
  shop.edit("packages/slow.toml", "(sh -c 'sleep 601; true' &) ; sleep 600; true", "true");
  await shop.must("build", "slow", "--isolation", "none");
  expect(shop.tally()).toEqual(["slow"]);
});

describe("Ctrl-C", () => {
  /** Only a view holds what leaves its session. */
  const stuck = `(${noView === undefined ? "setsid " : ""}sleep 601 &) ; sleep 600`;

  test("ends with 130; what is finished is kept, the prefix is untouched", async () => {
    shop = openWorkshop(stack);
    await shop.must("build", "chime");
    const before = shop.tree();
    shop.edit("packages/slow.toml", "sleep 0.4", stuck);
    const building = shop.start(["build", "-j", "4"]);
    const others = tallied.filter((name) => name !== "slow" && name !== "gong");
    await vi.waitFor(() => expect(shop.tally().sort()).toEqual(others), { timeout: 30_000 });
    for (const last of ["ringer", "pybell"]) {
      await vi.waitFor(() => expect(building.said()).toContain(` built ${last} `));
    }
    await vi.waitFor(() => expect(shop.processes().join()).toContain("sleep 601"));
    building.kill("SIGINT");
    const ended = await building.ended;
    expect(ended).toMatchObject({ code: 130, stdout: "" });
    expect(ended.stderr).toMatch(
      /\ninterrupted; what is built is kept, and the prefix (is unchanged|has changed in \d packages)\n$/,
    );
    expect(shop.processes()).toEqual(nothing);
    if (noView === undefined) expect(shop.tree()).toEqual(before);
    expect(scratchOfBuilds()).not.toEqual([]); // to remove it would be waited for

    shop.edit("packages/slow.toml", stuck, "true");
    await shop.must("build");
    expect(scratchOfBuilds()).toEqual([]);
    expect(shop.tally().sort()).toEqual([...others, "slow"].sort());
  });

  test("twice ends it at once, without a word, and leaves nothing running", async () => {
    shop = openWorkshop(stack);
    shop.edit("packages/slow.toml", "sleep 0.4", stuck);
    const building = shop.start(["build", "slow"]);
    await vi.waitFor(() => expect(shop.processes().join()).toContain("sleep 601"), {
      timeout: 30_000,
    });
    building.kill("SIGINT");
    building.kill("SIGTERM");
    const ended = await building.ended;
    expect(ended).toMatchObject({ code: 130, stdout: "" });
    expect(ended.stderr).not.toContain("interrupted");
    await untilNothingRuns();
  });
});
