/** Blobs on a server: brought in batches and streams, read whole or not at all. */
import { Code, ConnectError } from "@connectrpc/connect";
import { beforeEach, expect, test } from "vitest";
import { digestOf } from "../../src/core/index.ts";
import {
  type BlobToBring,
  bringBlobs,
  bytesBlob,
  findMissing,
  openServer,
  readBlob,
  type RemoteBlob,
  type Server,
} from "../../src/reapi/index.ts";
import { DigestFunctionValue } from "../../src/reapi/protocol/remote-execution_pb.ts";
import { serverAddressOf } from "../../src/source/index.ts";
import { createSimulatedWorld, type SimulatedWorld } from "../../src/world/simulated/index.ts";
import { createFakeServer, type FakeServer, unavailable } from "./fake-server.ts";

const place = serverAddressOf("reapi://cas.test:8980/main/stack/");
let fake: FakeServer;
let world: SimulatedWorld;

beforeEach(() => {
  fake = createFakeServer();
  world = createSimulatedWorld({ services: fake.transport });
});

const open = (): Promise<Server> => openServer(world, { ...place, authorization: "Bearer x" });

async function readAll(server: Server, blob: RemoteBlob): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  for await (const piece of readBlob(server, blob)) pieces.push(piece);
  return Buffer.concat(pieces);
}

const blobOf = (sizeBytes: number, letter = "a"): BlobToBring =>
  bytesBlob(Buffer.alloc(sizeBytes, letter));

test("a server is called by its name, with the credentials and who calls", async () => {
  const server = await open();
  expect(server).toMatchObject({
    name: "reapi://cas.test:8980/main/stack",
    instance: "main/stack",
    limits: { mayUpdate: true, mayExecute: true, batchBytes: 3_500_000 },
  });
  expect(fake.headers.last.get("authorization")).toBe("Bearer x");
  const metadata = "build.bazel.remote.execution.v2.requestmetadata-bin";
  expect(Buffer.from(fake.headers.last.get(metadata) ?? "", "base64").toString()).toContain(
    "tenon",
  );
});

test("blobs can have an address of their own, which says what it allows of them", async () => {
  const executing = createFakeServer();
  executing.digestFunctions = [];
  const services = async (origin: string) =>
    origin === "http://blobs.test:1" ? fake.transport : executing.transport;
  const own = { ...world, network: { ...world.network, services } };
  const server = await openServer(own, { ...place, storage: "http://blobs.test:1" });
  await bringBlobs(server, [blobOf(10)]);
  expect([fake.blobs.size, executing.blobs.size]).toEqual([1, 0]);
  expect(server.limits.mayExecute).toBe(true);
  await expect(openServer(own, place)).rejects.toThrow("SHA-256");
});

test("a server that does not know SHA-256 is not used", async () => {
  fake.digestFunctions = [DigestFunctionValue.DIGEST_FUNCTION_UNKNOWN];
  await expect(open()).rejects.toThrow("does not know blobs by their SHA-256");
});

test("small blobs are brought together, large ones as a stream, and none twice", async () => {
  const server = await open();
  const blobs = [blobOf(10), blobOf(0), blobOf(20), blobOf(3_000_000), blobOf(10)];
  await bringBlobs(server, blobs);
  expect(fake.calls.slice(1)).toEqual(["FindMissingBlobs", "Write", "BatchUpdateBlobs"]);
  expect(fake.blobs.size).toBe(3);
  await bringBlobs(server, blobs);
  expect(fake.calls.slice(4)).toEqual(["FindMissingBlobs"]);
});

test("no message is larger than the server allows, or than messages may be", async () => {
  fake.batchBytes = 900n;
  await bringBlobs(
    await open(),
    ["a", "b", "c"].map((letter) => blobOf(400, letter)),
  );
  expect(fake.calls.filter((call) => call === "BatchUpdateBlobs")).toHaveLength(3);
  fake.batchBytes = 0n;
  const more = ["d", "e", "f", "g"].map((letter) => blobOf(1_000_000, letter));
  await bringBlobs(await open(), more);
  expect(fake.calls.filter((call) => call === "BatchUpdateBlobs")).toHaveLength(5);
  expect(fake.blobs.size).toBe(7);
});

test("what is too large for the server's messages is brought as a stream", async () => {
  fake.batchBytes = 900n;
  await bringBlobs(await open(), [blobOf(1000)]);
  expect(fake.calls.slice(1)).toEqual(["FindMissingBlobs", "Write"]);
});

test("what passes is tried again, and what does not is told", async () => {
  const server = await open();
  fake.fail = (_, count) => (count < 3 ? unavailable() : undefined);
  expect(await findMissing(server, [blobOf(1).blob])).toEqual(new Set([blobOf(1).blob.sha256]));
  fake.fail = (call) =>
    call === "FindMissingBlobs" ? new ConnectError("not you", Code.PermissionDenied) : undefined;
  await expect(findMissing(server, [blobOf(1).blob])).rejects.toMatchObject({
    kind: "unreachable",
    message: "reapi://cas.test:8980/main/stack wants other credentials, or none helps: not you",
  });
});

test("a blob is read; a stream that breaks goes on where it broke", async () => {
  const server = await open();
  const one = bytesBlob(Buffer.from("0123456789"));
  await bringBlobs(server, [one]);
  fake.send = (content, count) =>
    count === 1 ? [content.subarray(0, 4), unavailable()] : [content];
  expect((await readAll(server, one.blob)).toString()).toBe("0123456789");
  fake.send = () => [unavailable()];
  await expect(readAll(server, one.blob)).rejects.toMatchObject({ kind: "unreachable" });
});

test("a blob that is not there is missing; an empty one is always there", async () => {
  const server = await open();
  await expect(readAll(server, blobOf(3).blob)).rejects.toMatchObject({ kind: "missing" });
  expect(await readAll(server, { sha256: digestOf(""), sizeBytes: 0 })).toHaveLength(0);
});

test("a stream that stalls is given up", async () => {
  const server = await open();
  const one = bytesBlob(Buffer.from("0123456789"));
  await bringBlobs(server, [one]);
  const stalled: AsyncIterable<Uint8Array> = {
    [Symbol.asyncIterator]: () => ({ next: () => new Promise(() => {}) }),
  };
  const stalling = { ...server, bytes: { ...server.bytes, read: () => stalled as never } };
  const reading = readAll(stalling, one.blob);
  await world.clock.sleep(60_000);
  await expect(reading).rejects.toThrow("gives no answer in time: the transfer stalled");
});
