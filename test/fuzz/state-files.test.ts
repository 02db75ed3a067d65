/**
 * Whatever a state file holds, reading it gives a value or an error that names the file; whatever a
 * prefix's state holds, no command fails in another way, and nothing outside of the prefix changes.
 */
import * as fc from "fast-check";
import { describe, expect } from "vitest";
import { digestOf, makeManifest, TenonError } from "../../src/core/index.ts";
import {
  collectDisplaced,
  planRollback,
  readHistory,
  recover,
  removeAbandoned,
} from "../../src/install/index.ts";
import { parseOrigin } from "../../src/install/hand-over.ts";
import { parseJournal, renderJournal } from "../../src/install/journal.ts";
import {
  findForeign,
  makeLayout,
  openInstalled,
  openTable,
  parseCatalogue,
  parseHistoryEntry,
  parseHolder,
  parseRecord,
  parseRecordHead,
  readRecords,
  readTable,
  refreshOwnership,
  renderRecord,
  tryLockPrefix,
  verifyRecords,
} from "../../src/prefix/index.ts";
import { isDiskError, removeTree } from "../../src/world/index.ts";
import { type SimulatedDisk } from "../../src/world/simulated/index.ts";
import {
  change,
  layout,
  plantPackage,
  plantStage,
  prefix,
  setUp,
  worldOn,
} from "../install/stack.ts";
import { fuzz, nearly, nearlyBytes } from "./fuzzing.ts";

const digest = "0123456789abcdef".repeat(4);
const id = "20240101T000000Z-0123456789abcdef";
const file = "/p/var/lib/tenon/x.json";

const record = renderRecord({
  name: "a",
  version: "1",
  artifact: digest,
  depends: ["b"],
  takesOver: ["x"],
  ceded: ["y"],
  buildMs: 1,
  installedAtMs: 1,
  transaction: id,
  manifest: makeManifest([
    { type: "file", path: "bin/x", mode: 0o755, sizeBytes: 3, sha256: digest },
    { type: "link", path: "lib64", target: "lib" },
    { type: "directory", path: "share/empty", mode: 0o700 },
  ]),
});
const history = {
  format: 1,
  id,
  sequence: 1,
  activity: "tenon install",
  atMs: 1,
  changes: [{ package: "a", from: null, to: "1" }],
};
const journal = {
  id,
  activity: "tenon install",
  startedMs: 1,
  steps: [
    { kind: "graft", path: "lib/x", inode: "7" },
    { kind: "exchange", path: "var/lib/tenon/packages/a.json", inode: "8" },
    { kind: "retire", path: "share/y" },
  ],
};
const catalogue = {
  format: 1,
  transactions: [id],
  tables: [{ file: "table-0123", rows: 2, sizeBytes: 20 }],
};
const holder = { pid: 1, host: "h", activity: "tenon build", sinceMs: 1, started: "2", id: "3" };

/** The error must be one for people, and name the file. */
function mustBeValueOrNamed(act: () => unknown): void {
  try {
    act();
  } catch (error) {
    if (!(error instanceof TenonError) || error.kind === "internal") throw error;
    expect(error.message).toContain(file.replace("x.json", ""));
  }
}

describe("what is read of one file", () => {
  const recordFile = file.replace("x.json", "a.json");
  const parsers: [string, unknown, (text: string, bytes: Buffer) => unknown][] = [
    ["a record", JSON.parse(record), (text) => parseRecord(text, recordFile)],
    ["a record's head", JSON.parse(record), (_text, bytes) => parseRecordHead(bytes, recordFile)],
    ["a history entry", history, (text) => parseHistoryEntry(text, file)],
    ["a journal", journal, (text) => parseJournal(withDigest(text), file)],
    ["a catalogue", catalogue, (text) => parseCatalogue(text)],
    ["an origin", { stage: "/s/stage", witness: "1 2 3 4 5" }, (text) => parseOrigin(text)],
    ["a lock's holder", holder, (text) => parseHolder(text)],
  ];
  for (const [name, base, parse] of parsers) {
    const texts = fc.oneof(
      nearly(base).map((value) => Buffer.from(JSON.stringify(value) ?? "")),
      nearlyBytes(JSON.stringify(base)),
    );
    fuzz(`${name} is a value or named`, texts, (bytes) =>
      mustBeValueOrNamed(() => parse(bytes.toString(), bytes)),
    );
  }

  fuzz(
    "a journal's bytes are a value or named",
    nearlyBytes(renderJournal(journal as never)),
    (bytes) => mustBeValueOrNamed(() => parseJournal(bytes.toString(), file)),
  );

  const table = `["a","b"]\nbin/x\0a\nlib\0a\nlib\0b\nshare/y\0b\n`;
  fuzz("a table gives names, and comes to an end", nearlyBytes(table), (bytes) => {
    const { disk } = worldOn(emptyDisk());
    disk.createFile("/table", bytes);
    for (const path of ["lib", "share/y", ""]) {
      for (const owner of openTable(disk, "/table", bytes.length + 5).owners(path)) {
        expect(typeof owner).toBe("string");
      }
    }
    const { packages, rows } = readTable(disk, "/table");
    expect([...packages, ...rows]).toBeDefined();
  });
});

function withDigest(body: string): string {
  const line = body.replaceAll("\n", " ");
  return `${JSON.stringify({ format: 1, sha256: digestOf(line) })}\n${line}\n`;
}

/** One that was killed among its steps, and one before its journal, with a stage that was handed over. */
const machines = [await killedMachine("bin"), await killedMachine("journal.tmp")] as const;

function emptyDisk(): SimulatedDisk {
  const disk = machines[0].copy();
  removeTree(disk, prefix);
  return disk;
}

/** Two packages, an older version, an index, and a transaction that was killed at an operation on a path. */
async function killedMachine(where: string): Promise<SimulatedDisk> {
  const { disk, change: upgrade } = await setUp({
    name: "",
    installed: [
      { name: "a", files: { "lib/a": "1", "share/a/x": "1", "bin/a": "1" } },
      { name: "b", files: { "lib/b": "1", "share/b": "1" } },
    ],
    foreign: { "share/a/mine": "mine" },
    add: [{ name: "a", version: "2", files: { "lib/a": "2", "share/a/x": "2", "bin/a": "2" } }],
  });
  await change(worldOn(disk), upgrade);
  refreshOwnership(worldOn(disk), layout, 0);
  disk.plant("/home", { "secret/x": "secret", "secret/lib/a": "secret", "secret/a.json": "{}" });
  const files = { "lib/a": "3", "share/a/x": "3", "bin/a": "3" };
  const stage = plantStage(disk, { name: "a", version: "3", files });
  disk.plan({
    before: (_n, { path, to }) => {
      if (path.endsWith(`/${where}`) || to === `${prefix}/${where}/a`) disk.crash();
    },
  });
  await change(worldOn(disk), { add: [stage], remove: [] }).catch(() => undefined);
  const next = disk.asProcess("main");
  expect(next.status(layout.journal) !== undefined).toBe(where === "bin");
  return next;
}

/** State files, and what stands in their place. */
const damages = fc.array(
  fc.record({
    at: fc.nat(),
    what: fc.oneof(
      fc.record({
        kind: fc.constant("link"),
        to: fc.constantFrom("/home/secret", "/home/secret/x", "/", "..", "x"),
      }),
      fc.record({ kind: fc.constantFrom("fifo", "directory", "gone") }),
      fc.constant({ kind: "edited" }),
    ),
  }),
  { minLength: 1, maxLength: 3 },
);

fuzz(
  "a prefix whose state is damaged",
  fc.tuple(fc.boolean(), damages, fc.gen()),
  async ([isOpen, list, generate]) => {
    const disk = machines[isOpen ? 0 : 1].copy();
    for (const { at, what } of list) damage(disk, at, what as Damage, generate);
    const before = disk.snapshot("/home");
    for (const act of commands(disk)) {
      try {
        await act();
      } catch (error) {
        const isForPeople = error instanceof TenonError && error.kind !== "internal";
        if (!isForPeople && !isDiskError(error)) throw error;
      }
      expect(disk.snapshot("/home")).toEqual(before);
    }
  },
);

type Damage = { readonly kind: string; readonly to?: string };

function damage(disk: SimulatedDisk, at: number, what: Damage, generate: fc.GeneratorValue): void {
  const paths = Object.keys(disk.snapshot(prefix)).filter((path) => path !== "var");
  const path = `${prefix}/${paths[at % paths.length]}`;
  const content = disk.status(path)?.type === "file" ? disk.readFile(path) : undefined;
  removeTree(disk, path);
  if (what.kind === "link") disk.makeLink(path, what.to ?? "");
  if (what.kind === "fifo") disk.plantSpecial(path, "fifo");
  if (what.kind === "directory") disk.makeDirectory(path);
  if (what.kind !== "edited" || content === undefined) return;
  disk.createFile(path, editText(Buffer.from(content).toString(), generate));
}

/** JSON with other values, and a journal with the digest of what it is now. */
function editText(text: string, generate: fc.GeneratorValue): string {
  const isJournal = text.startsWith('{"format":1,"sha256"');
  const body = isJournal ? (text.split("\n")[1] ?? "") : text;
  try {
    const value = JSON.stringify(generate(nearly, JSON.parse(body))) ?? "";
    return isJournal ? withDigest(value) : value;
  } catch {
    return generate(nearlyBytes, text).toString();
  }
}

function commands(disk: SimulatedDisk): (() => unknown)[] {
  const world = worldOn(disk);
  const options = { sync: true };
  return [
    () => readHistory(disk, layout),
    () => {
      const records = [...readRecords(disk, layout).values()];
      return [verifyRecords(disk, layout, records), findForeign(disk, layout, records)];
    },
    () => [...openInstalled(disk, layout).claimantsOf("lib/a")],
    () => recover(world, layout, options),
    () => change(worldOn(disk), { add: [], remove: ["b"] }),
    () => planRollback(disk, layout, undefined, () => ["/none"]),
    () =>
      change(worldOn(disk), {
        add: [plantPackage(disk, { name: "c", files: { "lib/c": "c", "share/a/c": "c" } })],
        remove: [],
      }),
    () => recover(world, layout, { ...options, takeBack: true }),
    () => {
      makeLayout(disk, layout);
      const lock = tryLockPrefix(world, layout, "test");
      removeAbandoned(world, layout);
      const collected = collectDisplaced(world, layout, 0);
      lock?.release();
      return collected;
    },
  ];
}
