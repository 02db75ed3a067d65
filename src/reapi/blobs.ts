/** The blobs of a server: which are missing, reading one, and bringing several. */
import { type DescMessage, type MessageInitShape, create, toBinary } from "@bufbuild/protobuf";
import { ConnectError } from "@connectrpc/connect";
import { type Digest, digestOf } from "../core/index.ts";
import { call, isPassing, RemoteTrouble, type Server, troubleOf } from "./server.ts";
import { unlessStalled } from "./stalled.ts";

export interface RemoteBlob {
  readonly sha256: Digest;
  readonly sizeBytes: number;
}

export interface BlobToBring {
  readonly blob: RemoteBlob;
  /** Its content, as often as it is asked for. */
  readonly read: () => Iterable<Uint8Array>;
}

/** A message as a blob: its bytes are the same for everybody who writes it. */
export function messageBlob<Schema extends DescMessage>(
  schema: Schema,
  value: MessageInitShape<Schema>,
): BlobToBring {
  return bytesBlob(toBinary(schema, create(schema, value)));
}

export function bytesBlob(content: Uint8Array): BlobToBring {
  return {
    blob: { sha256: digestOf(content), sizeBytes: content.length },
    read: () => [content],
  };
}

/** As messages of the protocol name a blob. */
export function wireDigest({ sha256, sizeBytes }: RemoteBlob): { hash: string; sizeBytes: bigint } {
  return { hash: sha256, sizeBytes: BigInt(sizeBytes) };
}

/** Asked for at once: some 70 bytes each. */
const mostDigests = 10_000;

/** Gives the digests that are not there. Throws RemoteTrouble. */
export async function findMissing(
  server: Server,
  blobs: readonly RemoteBlob[],
): Promise<ReadonlySet<Digest>> {
  const missing = new Set<Digest>();
  for (let from = 0; from < blobs.length; from += mostDigests) {
    const blobDigests = blobs.slice(from, from + mostDigests).map(wireDigest);
    const request = { instanceName: server.instance, blobDigests };
    const answer = await call(server, (how) => server.cas.findMissingBlobs(request, how));
    for (const { hash } of answer.missingBlobDigests) missing.add(hash);
  }
  return missing;
}

const mostBreaks = 3;

/**
 * The bytes as they come, unchecked, and perhaps fewer than there should be. A stream that breaks goes on where it broke.
 * Throws RemoteTrouble, of kind `missing` where the blob is not there.
 */
export async function* readBlob(server: Server, blob: RemoteBlob): AsyncGenerator<Uint8Array> {
  const { sha256, sizeBytes } = blob;
  if (sizeBytes === 0) return;
  const resourceName = path(server, "blobs", sha256, String(sizeBytes));
  let offset = 0;
  for (let breaks = 0; ;) {
    const request = { resourceName, readOffset: BigInt(offset) };
    try {
      const answers = server.bytes.read(request, server.options());
      for await (const { data } of unlessStalled(server, answers)) {
        offset += data.length;
        yield data;
      }
      return;
    } catch (error) {
      breaks += 1;
      if (breaks === mostBreaks || !isPassing(error)) throw troubleOf(server, error);
    }
    await server.world.clock.sleep(500 * breaks);
  }
}

/** Brings what is missing: small blobs several at once, a large one as a stream. Throws RemoteTrouble. */
export async function bringBlobs(server: Server, blobs: readonly BlobToBring[]): Promise<void> {
  const each = [...new Map(blobs.map((one) => [one.blob.sha256, one])).values()];
  const missing = await findMissing(
    server,
    each.map(({ blob }) => blob),
  );
  const wanted = each.filter(({ blob }) => missing.has(blob.sha256) && blob.sizeBytes > 0);
  const { batchBytes: mostBytes } = server.limits;
  let batch: BlobToBring[] = [];
  let batchBytes = 0;
  for (const one of wanted) {
    const sizeBytes = one.blob.sizeBytes + perBlobBytes;
    if (sizeBytes > Math.min(largestSmall, mostBytes)) {
      await bringStream(server, one);
      continue;
    }
    if (batchBytes + sizeBytes > mostBytes) {
      await bringBatch(server, batch);
      batch = [];
      batchBytes = 0;
    }
    batch.push(one);
    batchBytes += sizeBytes;
  }
  await bringBatch(server, batch);
}

const largestSmall = 1 << 20;
/** What a blob takes in a message besides its bytes. */
const perBlobBytes = 100;

async function bringBatch(server: Server, batch: readonly BlobToBring[]): Promise<void> {
  if (batch.length === 0) return;
  const requests = batch.map(({ blob, read }) => ({
    digest: wireDigest(blob),
    data: Buffer.concat([...read()]),
  }));
  const request = { instanceName: server.instance, requests };
  const { responses } = await call(server, (how) => server.cas.batchUpdateBlobs(request, how));
  const refused = responses.find(({ status }) => (status?.code ?? 0) !== 0)?.status;
  if (refused !== undefined)
    throw troubleOf(server, new ConnectError(refused.message, refused.code));
}

const pieceBytes = 1 << 20;
const slowestBytesPerMs = 16;

async function bringStream(server: Server, { blob, read }: BlobToBring): Promise<void> {
  const { name, world, limits } = server;
  if (blob.sizeBytes > limits.largestBlob)
    throw new RemoteTrouble("unreachable", `${name} takes no blob of ${blob.sizeBytes} bytes`);
  const id = `${world.clock.uniqueId()}${world.clock.uniqueId()}`;
  const uuid = id.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
  const { sha256, sizeBytes } = blob;
  const resourceName = path(server, "uploads", uuid, "blobs", sha256, String(sizeBytes));
  const { committedSize } = await call(server, (how) =>
    server.bytes.write(writeRequests(resourceName, blob, read()), {
      ...how,
      timeoutMs: Math.ceil(60_000 + sizeBytes / slowestBytesPerMs),
    }),
  );
  if (committedSize !== BigInt(sizeBytes))
    throw new RemoteTrouble(
      "unreachable",
      `${name} has taken ${committedSize} of ${sizeBytes} bytes`,
    );
}

async function* writeRequests(
  resourceName: string,
  { sizeBytes }: RemoteBlob,
  content: Iterable<Uint8Array>,
): AsyncGenerator<object> {
  let offset = 0;
  for (const chunk of content) {
    for (let from = 0; from < chunk.length; from += pieceBytes) {
      const data = chunk.subarray(from, from + pieceBytes);
      const writeOffset = BigInt(offset);
      offset += data.length;
      yield { resourceName, writeOffset, data, finishWrite: offset === sizeBytes };
    }
  }
}

function path({ instance }: Server, ...parts: readonly string[]): string {
  return [...(instance === "" ? [] : [instance]), ...parts].join("/");
}
