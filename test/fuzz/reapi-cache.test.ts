/**
 * Whatever a server of the Remote Execution API answers, nothing wrong is accepted: its blobs and its results are changed, as
 * `cache.test.ts` changes the files of a cache, and put in the place of others.
 */
import { fromBinary, toBinary } from "@bufbuild/protobuf";
import { expect, test } from "vitest";
import { openPushPlace, pushResults } from "../../src/cache/index.ts";
import { ActionResultSchema } from "../../src/reapi/protocol/remote-execution_pb.ts";
import type { SecretKey } from "../../src/signing/index.ts";
import { openStore } from "../../src/store/index.ts";
import { createSimulatedDisk, createSimulatedWorld } from "../../src/world/simulated/index.ts";
import {
  ask,
  ci,
  keyFor,
  type Machine,
  nowMs,
  type Package,
  resultOf,
  second,
  stranger,
  take,
} from "../cache/exchange.ts";
import { createFakeServer, type FakeServer } from "../reapi/fake-server.ts";
import { type Answers, mutate, mutations, randomFrom } from "./changed-answers.ts";

const { count, seed } = mutations;
const url = "reapi://cas.test:8980/stack";
const packages = [
  { name: "a", text: "of a ".repeat(50) },
  { name: "b", text: "of b ".repeat(500) },
];
const yearMs = 365 * 24 * 60 * 60 * 1000;

test(
  `${count} mutated answers of a server, seed ${seed}`,
  async () => {
    const fake = createFakeServer();
    const pusher = machineOf(fake);
    const expected = new Map(packages.map((each) => [each.name, resultOf(pusher, each).artifact]));
    await push(pusher, ci, { name: "a", text: "an old one" });
    const old = snapshot(fake);
    await push(pusher, ci, ...packages);
    await push(pusher, second, ...packages);
    await push(pusher, stranger, { name: "a", text: "evil" }, { name: "b", text: "evil" });
    const good = snapshot(fake);
    const random = randomFrom(seed);
    const counts = { taken: 0, missing: 0, refused: 0, unreachable: 0, wrong: 0 };
    for (let round = 0; round < count; round += 1) {
      const isLate = random(20) === 0;
      const machine = machineOf(fake, isLate ? nowMs + 2 * yearMs : nowMs);
      // Once all is right: what was put back since is then known to be old.
      answerWith(fake, good);
      await ask(machine, [ci, second], { url });
      answerWith(fake, mutate(good, old, random));
      const asked = await ask(machine, [ci, second], { url, require: 1 + random(2) });
      for (const { name } of packages) {
        const { kind } = await take(asked, name);
        const artifact = machine.store.lookUp(keyFor(name))?.artifact;
        const isRight = kind === "taken" && artifact === expected.get(name) && !isLate;
        const isWrong = kind === "taken" ? !isRight : artifact !== undefined;
        counts[isWrong ? "wrong" : kind] += 1;
      }
    }
    process.stdout.write(`${JSON.stringify(counts)}\n`);
    expect(counts.wrong).toBe(0);
    expect(counts.refused + counts.missing).toBeGreaterThan(0);
    expect(counts.taken).toBeGreaterThan(0);
  },
  24 * 60 * 60 * 1000,
);

function machineOf(fake: FakeServer, startMs = nowMs): Machine {
  const disk = createSimulatedDisk();
  const world = createSimulatedWorld({ disk, clock: { startMs }, services: fake.transport });
  return { disk, world, store: openStore(world, "/store", { sync: false }) };
}

async function push(pusher: Machine, key: SecretKey, ...some: readonly Package[]): Promise<void> {
  const { world, store } = pusher;
  const results = some.map((each) => resultOf(pusher, each));
  const place = openPushPlace(world, url, {});
  await pushResults({ world, store, place, key, tenon: "0" }, results);
}

/** Blobs under their digests, and results as they go over the wire. */
function snapshot({ blobs, results }: FakeServer): Map<string, Buffer> {
  const wire = [...results].map(([key, result]) => {
    const bytes = Buffer.from(toBinary(ActionResultSchema, result));
    return [`result ${key}`, bytes] as const;
  });
  return new Map([
    ...wire,
    ...[...blobs].map(([hash, bytes]) => [hash, Buffer.from(bytes)] as const),
  ]);
}

/** A result that is no message any more is none. */
function answerWith(fake: FakeServer, answers: Answers): void {
  fake.blobs.clear();
  fake.results.clear();
  fake.calls.length = 0;
  for (const [name, bytes] of answers) {
    const [, key] = /^result (.*)$/.exec(name) ?? [];
    if (key === undefined) fake.blobs.set(name, bytes);
    else setResult(fake, key, bytes);
  }
}

function setResult({ results }: FakeServer, key: string, bytes: Buffer): void {
  try {
    results.set(key, fromBinary(ActionResultSchema, bytes));
  } catch {
    results.delete(key);
  }
}
