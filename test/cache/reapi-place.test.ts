/** A cache on a server of the Remote Execution API that forgets, breaks or is read-only: it costs builds only. */
import { Code, ConnectError } from "@connectrpc/connect";
import { beforeEach, expect, test } from "vitest";
import { openPushPlace, pushResults } from "../../src/cache/index.ts";
import { TenonError } from "../../src/core/index.ts";
import { openStore } from "../../src/store/index.ts";
import { createSimulatedDisk, createSimulatedWorld } from "../../src/world/simulated/index.ts";
import { createFakeServer, type FakeServer, unavailable } from "../reapi/fake-server.ts";
import { type Asked, ask, ci, type Machine, nowMs, resultOf, take } from "./exchange.ts";

const url = "reapi://cas.test:8980/stack";
const names = ["a", "b", "c", "d", "e", "f"];
let fake: FakeServer;
let pusher: Machine;

beforeEach(async () => {
  fake = createFakeServer();
  pusher = machine();
  await pushAll();
  fake.calls.length = 0;
});

function machine(): Machine {
  const disk = createSimulatedDisk();
  const world = createSimulatedWorld({ disk, clock: { startMs: nowMs }, services: fake.transport });
  return { disk, world, store: openStore(world, "/store", { sync: false }) };
}

function pushAll(): ReturnType<typeof pushResults> {
  const { world, store } = pusher;
  const results = names.map((name) => resultOf(pusher, { name, text: `of ${name}` }));
  const place = openPushPlace(world, url, {});
  return pushResults({ world, store, place, key: ci, tenon: "0" }, results);
}

async function takeAll(): Promise<{ readonly kinds: string[]; readonly asked: Asked }> {
  const asked = await ask(machine(), [ci], { url });
  const kinds: string[] = [];
  for (const name of names) kinds.push((await take(asked, name)).kind);
  return { kinds, asked };
}

const evict = (isGone: (content: Uint8Array) => boolean): void => {
  for (const [hash, content] of fake.blobs) if (isGone(content)) fake.blobs.delete(hash);
};
const isPack = (content: Uint8Array): boolean => content[0] === 0x1f;

test("one question for everything, and two answers a package", async () => {
  const { kinds, asked } = await takeAll();
  expect(kinds).toEqual(names.map(() => "taken"));
  expect(asked.told).toEqual([]);
  expect(fake.calls.filter((call) => call !== "Read")).toEqual([
    "GetCapabilities",
    "GetActionResult",
  ]);
  expect(fake.calls.filter((call) => call === "Read")).toHaveLength(1 + 2 * names.length);
});

test("what is there is not pushed again; what the server has forgotten is", async () => {
  expect(await pushAll()).toMatchObject({ pushed: [], known: 6, total: 6 });
  evict(isPack);
  const { pushed } = await pushAll();
  expect(pushed).toHaveLength(6);
  expect((await takeAll()).kinds).toEqual(names.map(() => "taken"));
});

test("blobs that the server has forgotten are missing, and nothing is told", async () => {
  evict(isPack);
  const { kinds, asked } = await takeAll();
  expect(kinds).toEqual(names.map(() => "missing"));
  expect(asked.told).toEqual([]);
});

test("an index that the server has forgotten is none", async () => {
  evict((content) => Buffer.from(content).includes("cache-index"));
  const { kinds, asked } = await takeAll();
  expect(kinds).toEqual(names.map(() => "missing"));
  expect(asked.told).toEqual([`the cache ${url} has nothing of ci yet`]);
});

test.each<[string, () => ConnectError]>([
  ["does not answer", unavailable],
  ["wants credentials", () => new ConnectError("sign in", Code.Unauthenticated)],
  ["is of another kind", () => new ConnectError("no such service", Code.Unimplemented)],
])("a server that %s from the start", async (_, error) => {
  fake.fail = error;
  const { kinds, asked } = await takeAll();
  expect(kinds).toEqual(names.map(() => "missing"));
  expect(asked.told).toHaveLength(1);
  expect(asked.told[0]).toContain(`the cache ${url} does not give what it has`);
});

test.each<[string, FakeServer["send"]]>([
  ["breaks", (content) => [content.subarray(0, 50), unavailable()]],
  ["ends too early", (content) => [content.subarray(0, 50)]],
  ["says nothing", () => []],
])("a stream that %s in the middle is no forgery, and the server is given up", async (_, send) => {
  fake.send = (content, count) => (count > 5 ? send(content, count) : [content]);
  const { kinds, asked } = await takeAll();
  expect(kinds).toEqual(["taken", "taken", ...names.slice(2).map(() => "unreachable")]);
  expect(asked.told.at(-1)).toContain("is not asked any more");
  expect(asked.told.join()).not.toContain("so it is not used");
});

test("bytes that are not those of the digest are not used", async () => {
  fake.send = (content, count) => [count === 1 ? content : Buffer.from(content).fill(7, 30, 40)];
  const { kinds, asked } = await takeAll();
  expect(kinds).toEqual(names.map(() => "refused"));
  expect(asked.told).toHaveLength(names.length);
});

test("a result that somebody else has put there is worth nothing without the signature", async () => {
  const [key, result] = [...fake.results].at(-1) ?? [];
  const other = [...fake.results.values()][0]?.outputFiles[0];
  if (key === undefined || result === undefined || other === undefined) throw new Error("no index");
  fake.results.set(key, { ...result, outputFiles: [{ ...other, path: "0" }] });
  const { kinds, asked } = await takeAll();
  expect(kinds).toEqual(names.map(() => "missing"));
  expect(asked.told[0]).toContain("its signature is wrong");
});

test("nothing is pushed to a server that lets nobody", async () => {
  fake.mayUpdate = false;
  const error: unknown = await pushAll().catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(TenonError);
  expect(error).toMatchObject({ code: "CACHE_READ_ONLY" });
  expect(fake.calls).toEqual(["GetCapabilities"]);
});
