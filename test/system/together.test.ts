/** Builds that run at once, and builds with more or fewer jobs: nothing twice, and the same outcome (I9). */
import * as fs from "node:fs";
import { afterEach, describe, expect, test, vi } from "vitest";
import { chime, libbell, pybell, ringer, slow, stack, tallied, tinybuild } from "./stack.ts";
import { readTree } from "./trees.ts";
import { linesOf, noView, openWorkshop, skippedWord, type Workshop } from "./workshop.ts";

const shops: Workshop[] = [];
afterEach(() => {
  for (const shop of shops.splice(0)) shop.dispose();
});

function open(...args: Parameters<typeof openWorkshop>): Workshop {
  const shop = openWorkshop(...args);
  shops.push(shop);
  return shop;
}

const once = tallied.filter((name) => name !== "gong");

describe.skipIf(noView !== undefined)(`two builds at once${skippedWord}`, () => {
  test("in one workspace", async () => {
    const shop = open(stack);
    shop.edit("packages/slow.toml", "sleep 0.4", 'while [ ! -e "$TALLY.go" ]; do sleep 0.05; done');
    const both = [shop.start(["build"]), shop.start(["build"])];
    const said = (): string => both.map((each) => each.said()).join("");
    await vi.waitFor(() => expect(said()).toContain("which is building slow"), {
      timeout: 30_000,
      interval: 20,
    });
    fs.writeFileSync(`${shop.told}/tally.go`, "");
    const [first, second] = await Promise.all(both.map(({ ended }) => ended));
    expect(first).toMatchObject({ code: 0 });
    expect(second).toMatchObject({ code: 0 });
    expect(shop.tally().sort()).toEqual(once);
    const [one, other] = both.map(({ pid }) => pid);
    const waits = linesOf(`${first?.stderr}${second?.stderr}`).filter((line) =>
      line.startsWith("waiting for "),
    );
    const named = new RegExp(`^waiting for .*process (${one}|${other}) \\(tenon build`);
    for (const line of waits) expect(line).toMatch(named);
    expect(shop.transactions().length).toBeLessThanOrEqual(2);
    expect(await shop.must("verify")).toMatch(/^ok: /);
    expect(await shop.must("build")).toMatch(/^nothing to do/);
  });

  test("in two workspaces with one store and one prefix", async () => {
    const shop = open(stack);
    const other = open(stack, { store: shop.store, prefix: shop.prefix });
    other.write({ "tenon.toml": fs.readFileSync(`${shop.workspace}/tenon.toml`, "utf8") });
    const shared = { environment: { TENON_WRITABLE: shop.told } };
    const ended = await Promise.all([shop.run(["build"]), other.run(["build"], shared)]);
    expect(ended).toMatchObject([{ code: 0 }, { code: 0 }]);
    expect(shop.tally().sort()).toEqual(once);
    expect(await other.must("build")).toMatch(/^nothing to do/);
    expect(await shop.must("verify")).toMatch(/^ok: /);
  });

  test("with two prefixes", async () => {
    const shop = open({ ...libbell, ...ringer, ...slow });
    const second = `${shop.root}/second`;
    const ended = await Promise.all([shop.run(["build"]), shop.run(["build", "--prefix", second])]);
    expect(ended).toMatchObject([{ code: 0 }, { code: 0 }]);
    expect(shop.tally().sort()).toEqual(once.filter(isInBoth).sort());
    expect(Object.keys(readTree(second))).toEqual(Object.keys(shop.tree()));
    expect(await shop.must("verify", "--prefix", second)).toMatch(/^ok: /);
    expect(await shop.must("verify")).toMatch(/^ok: /);
  });
});

const isInBoth = (name: string): boolean => ["libbell", "ringer", "slow"].includes(name);

describe.skipIf(noView !== undefined)(`the number of jobs${skippedWord}`, () => {
  test("does not change the outcome by a byte", async () => {
    const shop = open({ ...libbell, ...ringer, ...slow, ...tinybuild, ...pybell, ...chime });
    await shop.must("build", "-j1");
    const alone = shop.tree();
    shop.forget();
    const ended = await shop.run(["build", "-j8"]);
    expect(ended).toMatchObject({ code: 0 });
    expect(ended.stderr).toContain(", -j8\n");
    expect(shop.tree()).toEqual(alone);
    expect(Object.keys(alone).length).toBeGreaterThan(30);
  });
});
