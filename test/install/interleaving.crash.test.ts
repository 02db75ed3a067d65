/** Two processes on one prefix: the second does its whole transaction before each operation of the first. */
import { describe, expect, test } from "vitest";
import { type Change, changePrefix } from "../../src/install/index.ts";
import { survey } from "../../src/install/ground.ts";
import { prepare } from "../../src/install/prepare.ts";
import { changeLocked } from "../../src/install/transaction.ts";
import { makeLayout, readRecords, tryLockPrefix } from "../../src/prefix/index.ts";
import { createSimulatedDisk, type SimulatedDisk } from "../../src/world/simulated/index.ts";
import {
  findings,
  layout,
  type PackageSpec,
  type Place,
  plantPackage,
  recorded,
  type Scenario,
  setUp,
  view,
  worldOn,
} from "./stack.ts";

const options = { activity: "test", sync: true };
const optionsOn = (place?: Place): typeof options & { weakRenames: boolean } => ({
  ...options,
  weakRenames: place === "weak",
});
const lib: PackageSpec = { name: "lib", files: { "lib/a.so": "old", "share/a/doc": "old" } };
const newLib: PackageSpec = {
  name: "lib",
  version: "2",
  files: { "lib/a.so": "new", "share/a/doc": "new", "bin/a": "new" },
};
const other: PackageSpec = { name: "other", files: { "lib/o.so": "o", "bin/o": "o" } };
const rival: PackageSpec = { name: "rival", files: { "bin/a": "rival", "lib/r.so": "r" } };

const everywhere: readonly { name: string; first: Scenario; second: Scenario }[] = [
  { name: "both install into an empty prefix", add: [[lib], [other]] },
  { name: "both upgrade the same package", base: [lib], add: [[newLib], [newLib]] },
  {
    name: "both upgrade the same package, one of them to more files",
    base: [lib, other],
    add: [[newLib], [{ ...lib, version: "3", files: { ...lib.files, "lib/more.so": "3" } }]],
  },
  { name: "one upgrades, one installs", base: [lib], add: [[newLib], [other]] },
  { name: "one upgrades, one removes", base: [lib, other], add: [[newLib], []], out: ["lib"] },
  { name: "both want the same path", base: [lib], add: [[newLib], [rival]] },
].map(({ name, base = [], add: [first = [], second = []], out = [] }) => ({
  name,
  first: { name, installed: base, add: first },
  second: { name, installed: [], add: second, remove: out },
}));

const on = (place: Place): typeof everywhere =>
  everywhere.map(({ name, first, second }) => ({
    name: `${name} (${place})`,
    first: { ...first, on: place },
    second,
  }));

const pairs = [...everywhere, ...on("overlay"), ...on("weak")];

/** Without waiting and in one go, as another process would do it between two operations of ours. */
function changeAtOnce(disk: SimulatedDisk, change: Change, on?: Place): string {
  const options = optionsOn(on);
  const world = worldOn(disk);
  makeLayout(disk, layout);
  const prepared = prepare(world, layout, change);
  const lock = tryLockPrefix(world, layout, "second");
  try {
    if (lock === undefined) return "locked";
    const ground = survey(disk, prepared.workplace, options);
    return changeLocked(world, { ...prepared, change, options, ground }).kind;
  } finally {
    lock?.release();
    prepared.finish();
  }
}

function state(disk: SimulatedDisk): string {
  return JSON.stringify({ files: view(disk), packages: recorded(disk) });
}

function bring(disk: SimulatedDisk, { add = [], remove = [] }: Scenario): Change {
  return { add: add.map((spec) => plantPackage(disk, spec)), remove };
}

/** What is there after the given changes, one after the other. */
async function stateAfter(pair: (typeof pairs)[number], order: readonly Scenario[]) {
  const { disk } = await setUp(pair.first);
  for (const each of order) changeAtOnce(disk, bring(disk, each), pair.first.on);
  return state(disk);
}

describe("each ends whole", () => {
  test.each(pairs.map((pair) => [pair.name, pair] as const))("%s", async (_name, pair) => {
    const { first, second } = pair;
    const allowed = new Map([
      ["locked", [await stateAfter(pair, [first])]],
      ["done", [await stateAfter(pair, [first, second]), await stateAfter(pair, [second, first])]],
      ["conflict", [await stateAfter(pair, [first])]],
      ["nothing-to-do", [await stateAfter(pair, [first])]],
    ]);
    const kinds = new Map<string, number>();
    for (let at = 0, isOver = false; !isOver; at += 1) {
      const { disk, change } = await setUp(first);
      const wanted = bring(disk, second);
      const otherProcess = disk.asProcess("second");
      let kind: string | undefined;
      disk.plan({
        before: (n) => {
          if (n === at) kind = changeAtOnce(otherProcess, wanted, first.on);
        },
      });
      await changePrefix(worldOn(disk), layout, change, optionsOn(first.on));
      isOver = kind === undefined;
      kind ??= changeAtOnce(otherProcess, wanted, first.on);
      expect(allowed.get(kind)).toContain(state(disk));
      expect({ at, findings: findings(disk) }).toEqual({ at, findings: [] });
      expect(disk.status(layout.journal)).toBeUndefined();
      expectNothingAbandoned(disk);
      kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
    }
    expect(kinds.get("locked") ?? 0).toBeGreaterThan(10);
    expect(kinds.get("done") ?? 0).toBeGreaterThan(5);
  });
});

test("one that is refused takes nothing away that another fills, in a prefix that is new", async () => {
  const refused: PackageSpec = { name: "wrong", files: { "var/lib/tenon/lock": "1" } };
  let filled = 0;
  for (let at = 0, isOver = false; !isOver; at += 1) {
    const disk = createSimulatedDisk();
    disk.plant("/opt/mine", {});
    const add = [plantPackage(disk, refused)];
    const wanted = bring(disk, { name: "", installed: [], add: [other] });
    let kind: string | undefined;
    disk.plan({
      before: (n) => {
        if (n === at) kind = changeAtOnce(disk.asProcess("second"), wanted);
      },
    });
    const outcome = await changePrefix(worldOn(disk), layout, { add, remove: [] }, options);
    expect(outcome.kind).toBe("conflict");
    isOver = kind === undefined;
    if (kind === "done") {
      filled += 1;
      expect({ at, packages: recorded(disk) }).toEqual({ at, packages: { other: "1" } });
      expect({ at, findings: findings(disk) }).toEqual({ at, findings: [] });
      expectNothingAbandoned(disk);
    }
    if (isOver) expect(disk.list("/opt").map(({ name }) => name)).toEqual(["mine"]);
  }
  expect(filled).toBeGreaterThan(10);
});

test("an installer and one that is refused because it would have to wait", async () => {
  const { disk, change } = await setUp({ name: "", installed: [lib], add: [newLib] });
  const refused = bring(disk.asProcess("second"), { name: "", installed: [], add: [other] });
  let refusal: Promise<unknown> | undefined;
  disk.plan({
    before: (_n, { name }) => {
      if (name !== "exchange") return;
      refusal ??= changePrefix(worldOn(disk.asProcess("second")), layout, refused, {
        ...options,
        noWait: true,
      }).catch((error: unknown) => error);
    },
  });
  await changePrefix(worldOn(disk), layout, change, options);
  expect(await refusal).toMatchObject({ code: "PREFIX_LOCKED" });
  expect([...readRecords(disk, layout).keys()]).toEqual(["lib"]);
  expectNothingAbandoned(disk);
});

/** Only folders of closed transactions stay, without their locks. */
function expectNothingAbandoned(disk: SimulatedDisk): void {
  for (const { name } of disk.list(layout.transactions)) {
    const held = disk.list(`${layout.transactions}/${name}`).map((item) => item.name);
    expect(held).toContain("journal.json");
    expect(held).not.toContain("lock");
  }
}
