/** Entries that are truncated, swapped, replayed, mixed or forged: none of them is used. */
import { beforeEach, describe, expect, test } from "vitest";
import { indexType, openIndex, sealIndex, type IndexRow } from "../../src/cache/cache-index.ts";
import { blobOf } from "../../src/cache/folder-place.ts";
import type { Blob } from "../../src/cache/index.ts";
import { renderStatement, type StatementToMake, statementType } from "../../src/cache/statement.ts";
import { digestOf } from "../../src/core/index.ts";
import {
  type Envelope,
  makeSecretKey,
  parseEnvelope,
  renderEnvelope,
  seal,
  sealUnsigned,
  type SecretKey,
} from "../../src/signing/index.ts";
import { createSimulatedDisk, type SimulatedDisk } from "../../src/world/simulated/index.ts";
import {
  ask,
  cacheFolder,
  ci,
  keyFor,
  type Machine,
  newMachine,
  push,
  resultOf,
  second,
  stranger,
  take,
  until,
} from "./exchange.ts";

let disk: SimulatedDisk;
let pusher: Machine;

beforeEach(async () => {
  disk = createSimulatedDisk();
  disk.makeDirectory("/srv");
  pusher = newMachine(disk, "/pusher");
  await push(pusher, ci, { name: "a", text: "good" }, { name: "b", text: "also good" });
});

const indexFile = (key: SecretKey): string => `${cacheFolder}/names/index-${key.id}`;
const blobFile = ({ sha256 }: Blob): string =>
  `${cacheFolder}/blobs/sha256/${sha256.slice(0, 2)}/${sha256}`;

function replace(file: string, content: string | Uint8Array): void {
  if (disk.status(file) !== undefined) disk.removeFile(file);
  disk.createFile(file, content);
}

const read = (file: string): Buffer => Buffer.from(disk.readFile(file));

function change(file: string, how: (bytes: Buffer) => string | Uint8Array): void {
  replace(file, how(read(file)));
}

const rowOf = (name: string, key = ci): IndexRow =>
  openIndex(read(indexFile(key)), key, "test").entries.get(keyFor(name)) as IndexRow;

/** As if the owner of a key had written this into its index. */
function writeRow(name: string, row: Partial<IndexRow>, key = ci): void {
  const { counter, entries } = openIndex(read(indexFile(key)), key, "test");
  const changed = new Map(entries).set(keyFor(name), { ...rowOf(name, key), ...row });
  const sealed = sealIndex({ counter: counter + 1, entries: changed }, key);
  replace(indexFile(key), renderEnvelope(sealed));
}

function addBlob(content: string | Uint8Array): Blob {
  const bytes = Buffer.from(content);
  const blob = blobOf(bytes);
  const file = blobFile(blob);
  const folder = file.slice(0, file.lastIndexOf("/"));
  if (disk.status(folder) === undefined) disk.makeDirectory(folder);
  replace(file, bytes);
  return blob;
}

/** A statement on `a`, in all that is not said otherwise. */
function statementOn(changes: Partial<StatementToMake> = {}): Buffer {
  const made = resultOf(pusher, { name: "a", text: "good" });
  const builder = { id: "urn:x", tenon: "0" };
  return renderStatement({ ...made, pack: rowOf("a").pack, builder, ...changes });
}

/** In the index of `ci`, which is not to be had so easily. */
function nameStatement(envelope: Envelope, row: Partial<IndexRow> = {}): void {
  writeRow("a", { statement: addBlob(renderEnvelope(envelope)), ...row });
}

const signedBy = (key: SecretKey, payload: Buffer, type = statementType): Envelope =>
  seal(type, payload, key);

type Outcome = "refused" | "unreachable" | "missing";

interface Case {
  readonly spoil: () => void | Promise<void>;
  readonly is: Outcome;
  readonly require?: number;
  readonly keys?: readonly SecretKey[];
}

const page = "<!DOCTYPE html><html><body>Please sign in</body></html>";
const withEnvelope = (change_: (envelope: Envelope) => object) => () =>
  change(indexFile(ci), (bytes) => JSON.stringify(change_(parseEnvelope(bytes) as Envelope)));

const spoiltIndexes: Readonly<Record<string, Case>> = {
  "it is empty": { spoil: () => replace(indexFile(ci), ""), is: "missing" },
  "it is cut off": { spoil: () => change(indexFile(ci), (b) => b.subarray(0, 200)), is: "missing" },
  "it is a page": { spoil: () => replace(indexFile(ci), page), is: "missing" },
  "it is gone": { spoil: () => disk.removeFile(indexFile(ci)), is: "missing" },
  "its payload is changed": {
    spoil: withEnvelope((envelope) => ({
      ...envelope,
      payload: Buffer.from('{"format":1,"counter":9e15,"entries":{}}').toString("base64"),
    })),
    is: "missing",
  },
  "it has no signature": {
    spoil: withEnvelope((envelope) => ({ ...envelope, signatures: [] })),
    is: "missing",
  },
  "its signature is empty": {
    spoil: withEnvelope(({ signatures, ...envelope }) => ({
      ...envelope,
      signatures: [{ keyid: signatures[0]?.keyid, sig: "" }],
    })),
    is: "missing",
  },
  "its signature is that of a statement": {
    spoil: withEnvelope((envelope) => ({
      ...envelope,
      signatures: signedBy(ci, Buffer.from("x")).signatures,
    })),
    is: "missing",
  },
  "it is a statement of the same key": {
    spoil: () => replace(indexFile(ci), read(blobFile(rowOf("a").statement))),
    is: "missing",
  },
  "a stranger has signed it": {
    spoil: async () => {
      await push(pusher, stranger, { name: "a", text: "evil" });
      replace(indexFile(ci), read(indexFile(stranger)));
    },
    is: "missing",
  },
  "a stranger has signed it in the other's name": {
    spoil: async () => {
      await push(pusher, stranger, { name: "a", text: "evil" });
      const envelope = parseEnvelope(read(indexFile(stranger))) as Envelope;
      const signatures = envelope.signatures.map(({ sig }) => ({ keyid: ci.id, sig }));
      replace(indexFile(ci), JSON.stringify({ ...envelope, signatures }));
    },
    is: "missing",
  },
  "only a stranger has pushed": {
    spoil: async () => {
      disk.removeFile(indexFile(ci));
      await push(pusher, stranger, { name: "a", text: "evil" });
    },
    is: "missing",
  },
  "it is of a later tenon": {
    spoil: () => {
      const payload = Buffer.from('{"format":2,"counter":1,"entries":{}}');
      replace(indexFile(ci), renderEnvelope(seal(indexType, payload, ci)));
    },
    is: "missing",
  },
  "its key has ended": {
    spoil: () => {},
    keys: [{ ...ci, until: "2026-11-29" }],
    is: "missing",
  },
};

const spoiltStatements: Readonly<Record<string, Case>> = {
  "it is gone": { spoil: () => disk.removeFile(blobFile(rowOf("a").statement)), is: "missing" },
  "it is cut off": {
    spoil: () => change(blobFile(rowOf("a").statement), (bytes) => bytes.subarray(0, 100)),
    is: "unreachable",
  },
  "it is longer": {
    spoil: () => change(blobFile(rowOf("a").statement), (bytes) => Buffer.concat([bytes, bytes])),
    is: "refused",
  },
  "a byte of it is changed": {
    spoil: () =>
      change(blobFile(rowOf("a").statement), (bytes) => {
        bytes[50] = (bytes[50] ?? 0) ^ 1;
        return bytes;
      }),
    is: "refused",
  },
  "that of another package is in its place": {
    spoil: () => replace(blobFile(rowOf("a").statement), read(blobFile(rowOf("b").statement))),
    is: "refused",
  },
  "the index names that of another package": {
    spoil: () => writeRow("a", { ...rowOf("b") }),
    is: "refused",
  },
  "a stranger has signed it": {
    spoil: () => nameStatement(signedBy(stranger, statementOn())),
    is: "refused",
  },
  "a stranger has signed it in the other's name": {
    spoil: () => {
      const envelope = signedBy(stranger, statementOn());
      const signatures = envelope.signatures.map(({ sig }) => ({ keyid: ci.id, sig }));
      nameStatement({ ...envelope, signatures });
    },
    is: "refused",
  },
  "nobody has signed it": {
    spoil: () => nameStatement(sealUnsigned(statementType, statementOn())),
    is: "refused",
  },
  "it is signed as something else": {
    spoil: () => nameStatement(signedBy(ci, statementOn(), indexType)),
    is: "refused",
  },
  "it is signed by an older key of the same name": {
    spoil: () => nameStatement(signedBy(makeSecretKey("ci", until), statementOn())),
    is: "refused",
  },
  "it is no JSON": {
    spoil: () => nameStatement(signedBy(ci, Buffer.from("a is good"))),
    is: "refused",
  },
  "it is of an older form": {
    spoil: () =>
      nameStatement(
        signedBy(
          ci,
          Buffer.from(statementOn().toString().replace("provenance/v1", "provenance/v0.2")),
        ),
      ),
    is: "refused",
  },
  "it has no subject": {
    spoil: () =>
      nameStatement(
        signedBy(ci, Buffer.from(statementOn().toString().replace("subject", "object"))),
      ),
    is: "refused",
  },
  "its inputs are not those of its key": {
    spoil: () => nameStatement(signedBy(ci, statementOn({ inputs: [] }))),
    is: "refused",
  },
  "it is about another version": {
    spoil: () => nameStatement(signedBy(ci, statementOn({ version: "2" }))),
    is: "refused",
  },
  "it is about another name": {
    spoil: () => nameStatement(signedBy(ci, statementOn({ package: "b" }))),
    is: "refused",
  },
  "it is about another key": {
    spoil: () => {
      const { key, inputs } = resultOf(pusher, { name: "b", text: "also good" });
      nameStatement(signedBy(ci, statementOn({ key, inputs })));
    },
    is: "refused",
  },
  "it is about another artifact": {
    spoil: () => nameStatement(signedBy(ci, statementOn({ artifact: digestOf("x") }))),
    is: "refused",
  },
  "it is about another pack": {
    spoil: () => nameStatement(signedBy(ci, statementOn({ pack: rowOf("b").pack }))),
    is: "refused",
  },
};

const packOfA = (): string => blobFile(rowOf("a").pack);

const spoiltPacks: Readonly<Record<string, Case>> = {
  "it is gone": { spoil: () => disk.removeFile(packOfA()), is: "missing" },
  "it is empty": { spoil: () => replace(packOfA(), ""), is: "unreachable" },
  "it is cut off": {
    spoil: () => change(packOfA(), (bytes) => bytes.subarray(0, bytes.length - 9)),
    is: "unreachable",
  },
  "it is longer": {
    spoil: () => change(packOfA(), (bytes) => Buffer.concat([bytes, Buffer.from("x")])),
    is: "refused",
  },
  "a bit of it is changed": {
    spoil: () =>
      change(packOfA(), (bytes) => {
        bytes[40] = (bytes[40] ?? 0) ^ 1;
        return bytes;
      }),
    is: "refused",
  },
  "that of another package is in its place": {
    spoil: () => {
      const other = read(blobFile(rowOf("b").pack));
      const pack = addBlob(other);
      nameStatement(signedBy(ci, statementOn({ pack })), { pack });
    },
    is: "refused",
  },
  "another file is in its place": {
    spoil: () => replace(packOfA(), page.repeat(9)),
    is: "refused",
  },
  "a folder is in its place": {
    spoil: () => {
      disk.removeFile(packOfA());
      disk.makeDirectory(packOfA());
    },
    is: "unreachable",
  },
};

const otherBuilder = (text: string) => () =>
  push(pusher, second, { name: "a", text }).then(() => {});

const tooFew: Readonly<Record<string, Case>> = {
  "one builder where two are wanted": { spoil: () => {}, require: 2, is: "missing" },
  "two builders who differ": { spoil: otherBuilder("other"), require: 2, is: "missing" },
  "one builder in the place of two": {
    spoil: () => replace(indexFile(second), read(indexFile(ci))),
    require: 2,
    is: "missing",
  },
  "a second one who repeats the word of the first": {
    spoil: async () => {
      await otherBuilder("good")();
      writeRow("a", { statement: rowOf("a").statement }, second);
    },
    require: 2,
    is: "refused",
  },
  "a second one whose statement is gone": {
    spoil: async () => {
      await otherBuilder("good")();
      disk.removeFile(blobFile(rowOf("a", second).statement));
    },
    require: 2,
    is: "missing",
  },
};

/** How it ends; nothing of it is in the store then. */
async function attempt({ spoil, require = 1, keys = [ci, second] }: Case): Promise<string> {
  await spoil();
  const machine = newMachine(disk, "/taker");
  const asked = await ask(machine, keys, { require });
  const { kind } = await take(asked, "a");
  expect(machine.disk.list("/taker/artifacts")).toEqual([]);
  expect(machine.disk.list("/taker/keys")).toEqual([]);
  expect(machine.disk.list("/taker/scratch")).toEqual([]);
  return kind;
}

test("what is whole is taken", async () => {
  const machine = newMachine(disk, "/taker");
  const asked = await ask(machine, [ci]);
  expect(await take(asked, "a")).toMatchObject({ kind: "taken" });
  expect(asked.told).toEqual([]);
  const record = machine.store.lookUp(keyFor("a"));
  expect(record).toMatchObject({ package: "a", durationMs: 1000 });
  expect(record?.provenance).toHaveLength(1);
});

describe.each([
  ["an index is not used when", spoiltIndexes],
  ["a result is not used when of its statement", spoiltStatements],
  ["a result is not used when of its pack", spoiltPacks],
  ["a result is not used with", tooFew],
] as const)("%s", (_, cases) => {
  test.each(Object.entries(cases))("%s", async (_name, each) => {
    expect(await attempt(each)).toBe(each.is);
  });
});

test("two builders that agree are enough for two", async () => {
  await otherBuilder("good")();
  const machine = newMachine(disk, "/taker");
  expect(await take(await ask(machine, [ci, second], { require: 2 }), "a")).toMatchObject({
    kind: "taken",
  });
  expect(machine.store.lookUp(keyFor("a"))?.provenance).toHaveLength(2);
});

test("an index that is older than the last one seen is refused, and told as that", async () => {
  const old = read(indexFile(ci));
  await push(pusher, ci, { name: "c", text: "new" });
  const machine = newMachine(disk, "/taker");
  expect((await ask(machine, [ci])).told).toEqual([]);
  replace(indexFile(ci), old);
  const asked = await ask(machine, [ci]);
  expect(asked.told.join()).toContain("older than the one");
  expect(await take(asked, "a")).toEqual({ kind: "missing" });
  await expect(push(pusher, ci, { name: "d", text: "newer" })).rejects.toThrow(
    "older than the one",
  );
  // Who has never seen the newer one cannot know; and who only looks takes no note.
  const other = newMachine(disk, "/other");
  await ask(other, [ci], { isLook: true });
  expect(await take(await ask(other, [ci]), "a")).toMatchObject({ kind: "taken" });
});

test("what nobody has signed is used only where the file says so", async () => {
  disk.removeFile(indexFile(ci));
  await push(pusher, undefined, { name: "a", text: "good" });
  const machine = newMachine(disk, "/taker");
  expect(await take(await ask(machine, [ci]), "a")).toEqual({ kind: "missing" });
  expect(await take(await ask(machine, [], { require: 0 }), "a")).toMatchObject({ kind: "taken" });
});

test("trouble on the way is not told as a forgery, nor the other way round", async () => {
  change(packOfA(), (bytes) => bytes.subarray(0, 20));
  const cut = await ask(newMachine(disk, "/one"), [ci]);
  await take(cut, "a");
  expect(cut.told.join()).toMatch(/does not give what it has.*is cut off/);
  expect(cut.told.join()).not.toMatch(/refused|signature|digest/);
  replace(packOfA(), "x".repeat(500));
  const forged = await ask(newMachine(disk, "/two"), [ci]);
  await take(forged, "a");
  expect(forged.told.join()).toMatch(/is refused/);
  expect(forged.told.join()).not.toContain("does not give what it has");
});
