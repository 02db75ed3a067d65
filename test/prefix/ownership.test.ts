/** The ownership index answers as the records do, whatever it covers. */
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { makeManifest } from "../../src/core/index.ts";
import {
  layoutOf,
  makeLayout,
  openInstalled,
  type PackageRecord,
  readRecords,
  recordFile,
  refreshOwnership,
  renderRecord,
} from "../../src/prefix/index.ts";
import { exists, type World } from "../../src/world/index.ts";
import {
  createSimulatedDisk,
  createSimulatedWorld,
  type SimulatedDisk,
  SimulatedStop,
} from "../../src/world/simulated/index.ts";

const digest = "0123456789abcdef".repeat(4);
const layout = layoutOf("/opt/p");

function machine(): { disk: SimulatedDisk; world: World } {
  const disk = createSimulatedDisk();
  makeLayout(disk, layout);
  return { disk, world: createSimulatedWorld({ disk }) };
}

let transactions = 0;

/** What a transaction leaves: the record, or none, and an entry of the history. */
function put(
  disk: SimulatedDisk,
  name: string,
  paths: readonly string[] | undefined,
  ceded: readonly string[] = [],
): void {
  const file = recordFile(layout, name);
  if (exists(disk, file)) disk.removeFile(file);
  const transaction = `20240101T000000Z-${(transactions += 1)}`;
  if (paths !== undefined) disk.createFile(file, renderRecord(recordOf(name, paths, ceded)));
  const changes = [{ package: name, from: null, to: null }];
  const entry = { sequence: transactions, activity: "test", atMs: 1, changes };
  disk.createFile(`${layout.history}/${transaction}.json`, JSON.stringify(entry));
}

function recordOf(name: string, paths: readonly string[], ceded: readonly string[]): PackageRecord {
  return {
    name,
    version: "1",
    artifact: digest,
    depends: [],
    takesOver: [],
    ceded,
    installedAtMs: 1,
    transaction: "20240101T000000Z-1",
    manifest: makeManifest(
      paths.map((path) => ({ type: "file", path, mode: 0o644, sizeBytes: 1, sha256: digest })),
    ),
  };
}

function answers(disk: SimulatedDisk, path: string): { owners: string[]; claimants: string[] } {
  const installed = openInstalled(disk, layout);
  return {
    owners: [...installed.ownersOf(path)].map(({ name }) => name).sort(),
    claimants: [...installed.claimantsOf(path)].map(({ name }) => name).sort(),
  };
}

function truth(disk: SimulatedDisk, path: string): ReturnType<typeof answers> {
  const records = [...readRecords(disk, layout).values()];
  const owns = ({ manifest }: PackageRecord): boolean =>
    manifest.some((entry) => entry.path === path);
  return {
    owners: records.filter(owns).map(({ name }) => name),
    claimants: records
      .filter((each) => owns(each) || each.ceded.includes(path))
      .map(({ name }) => name),
  };
}

const names = ["a", "b", "c", "d"];
/** Some are escaped, some sort between a directory and what lies below it. */
const words = ["lib", "lib-x", "li\nb", "li\\nb", "lib\\", "é", "\u{1F600}", "\uFFFD"];
const path = fc
  .array(fc.constantFrom(...words), { minLength: 1, maxLength: 3 })
  .map((parts) => parts.join("/"));
const step = fc.oneof(
  fc.record({
    name: fc.constantFrom(...names),
    paths: fc.option(fc.uniqueArray(path, { maxLength: 6 }), { nil: undefined }),
    ceded: fc.uniqueArray(path, { maxLength: 2 }),
  }),
  fc.constant("refresh" as const),
);

test("after any changes and refreshes, for every path", () => {
  let covered = 0;
  fc.assert(
    fc.property(fc.array(step, { maxLength: 14 }), fc.array(path), (steps, others) => {
      const { disk, world } = machine();
      const seen = new Set(others);
      for (const each of steps) {
        if (each === "refresh") {
          refreshOwnership(world, layout, 1);
          continue;
        }
        // A file of one package is no directory of another here: only lone leaves are kept.
        const paths = each.paths?.filter(
          (one) => !each.paths?.some((more) => more.startsWith(`${one}/`)),
        );
        put(disk, each.name, paths, each.ceded);
        for (const one of [...(paths ?? []), ...each.ceded]) seen.add(one);
      }
      for (const one of seen) expect(answers(disk, one)).toEqual(truth(disk, one));
      if (exists(disk, layout.catalogue)) covered += seen.size;
    }),
    { numRuns: 300 },
  );
  expect(covered).toBeGreaterThan(500);
});

describe("with thousands of rows", () => {
  const { disk, world } = machine();
  const pathsOf = (number: number): string[] =>
    Array.from({ length: 400 }, (_, at) => `share/d${at % 7}/f${number * 400 + at}`);
  for (let number = 0; number < 20; number += 1) {
    put(disk, `p${number}`, pathsOf(number));
    if (number % 3 === 0) refreshOwnership(world, layout, 1);
  }

  test("tables are merged, and old ones removed", () => {
    const { tables } = JSON.parse(Buffer.from(disk.readFile(layout.catalogue)).toString()) as {
      tables: { file: string }[];
    };
    expect(tables.length).toBeLessThan(4);
    const files = disk.list(layout.index).map(({ name }) => name);
    expect(files.filter((name) => name.startsWith("table-"))).toEqual(
      tables.map(({ file }) => file).sort(),
    );
  });

  test("each is found, and what is not there is not", () => {
    const installed = openInstalled(disk, layout);
    for (let number = 0; number < 20; number += 1) {
      for (const one of pathsOf(number)) {
        expect([...installed.ownersOf(one)].map(({ name }) => name)).toEqual([`p${number}`]);
      }
    }
    for (const one of ["a", "share/d0/f", "share/d0/f8000", "zzz", "share/d0/f00"]) {
      expect([...installed.ownersOf(one)]).toEqual([]);
    }
    expect([...installed.ownersOf("share")]).toHaveLength(20);
  });

  test("few records are read for one answer", () => {
    const before = disk.copy();
    const installed = openInstalled(before, layout);
    for (const { name } of before.list(layout.packages)) {
      if (!["p0.json", "p18.json", "p19.json"].includes(name))
        before.removeFile(`${layout.packages}/${name}`);
    }
    expect([...installed.ownersOf("share/d0/f0")]).toHaveLength(1);
  });
});

describe("an index that cannot be relied upon is not used", () => {
  const damages: [string, (disk: SimulatedDisk, table: string) => void][] = [
    ["a table is missing", (disk, table) => disk.removeFile(table)],
    [
      "a table is cut",
      (disk, table) => {
        const content = disk.readFile(table);
        disk.removeFile(table);
        disk.createFile(table, content.subarray(0, -3));
      },
    ],
    [
      "the catalogue is no JSON",
      (disk) => {
        disk.removeFile(layout.catalogue);
        disk.createFile(layout.catalogue, '{"format":1,');
      },
    ],
    [
      "the catalogue is of another format",
      (disk) => {
        disk.removeFile(layout.catalogue);
        disk.createFile(layout.catalogue, '{"format":2,"transactions":[],"tables":[]}');
      },
    ],
  ];
  test.each(damages)("%s", (_name, damage) => {
    const { disk, world } = machine();
    put(disk, "a", ["lib/a"]);
    refreshOwnership(world, layout, 1);
    const table = disk.list(layout.index).find(({ name }) => name.startsWith("table-"));
    damage(disk, `${layout.index}/${table?.name}`);
    expect(answers(disk, "lib/a").owners).toEqual(["a"]);
    refreshOwnership(world, layout, 1);
    put(disk, "b", ["lib/b"]);
    expect(answers(disk, "lib").owners).toEqual(["a", "b"]);
  });
});

test("a refresh that is killed or fails anywhere changes no answer", () => {
  const prepare = (): SimulatedDisk => {
    const { disk, world } = machine();
    put(disk, "a", ["lib/a", "bin/x"]);
    refreshOwnership(world, layout, 1);
    put(disk, "a", ["lib/a2"]);
    put(disk, "b", ["lib/b", "bin/x"]);
    return disk;
  };
  const expectRight = (disk: SimulatedDisk): void => {
    for (const one of ["lib", "lib/a", "lib/a2", "lib/b", "bin/x"]) {
      expect(answers(disk, one)).toEqual(truth(disk, one));
    }
  };
  const undisturbed = prepare();
  undisturbed.plan({});
  refreshOwnership(createSimulatedWorld({ disk: undisturbed, clock: { seed: 7 } }), layout, 1);
  const { length } = undisturbed.operations;
  expect(length).toBeGreaterThan(10);
  for (let at = 0; at < length; at += 1) {
    for (const plan of [{ stopAt: at }, { failAt: { n: at, code: "ENOSPC" } }]) {
      const disk = prepare();
      disk.plan(plan);
      try {
        refreshOwnership(createSimulatedWorld({ disk, clock: { seed: 7 } }), layout, 1);
      } catch (error) {
        if (!(error instanceof SimulatedStop)) throw error;
      }
      const next = disk.crash();
      expectRight(next);
      refreshOwnership(createSimulatedWorld({ disk: next, clock: { seed: 8 } }), layout, 1);
      expectRight(next);
    }
  }
});
