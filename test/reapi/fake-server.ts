/** A server of the Remote Execution API in memory, which a test can break: blobs and results, as a real one has them. */
import {
  Code,
  ConnectError,
  type ConnectRouter,
  createRouterTransport,
  type Transport,
} from "@connectrpc/connect";
import { digestOf } from "../../src/core/index.ts";
import { ByteStream } from "../../src/reapi/protocol/byte-stream_pb.ts";
import {
  ActionCache,
  type ActionResult,
  Capabilities,
  ContentAddressableStorage,
  type Digest as WireDigest,
  DigestFunctionValue,
} from "../../src/reapi/protocol/remote-execution_pb.ts";

export interface FakeServer {
  readonly transport: Transport;
  readonly blobs: Map<string, Uint8Array>;
  readonly results: Map<string, ActionResult>;
  /** The names of the calls, in order. */
  readonly calls: string[];
  /** Headers of the last call. */
  readonly headers: { last: Headers };
  /** What is thrown at a call, where it gives something. */
  fail: (call: string, count: number) => ConnectError | undefined;
  /** What is sent of a blob; all of it unless a test says otherwise. */
  send: (content: Uint8Array, count: number) => Iterable<Uint8Array | ConnectError>;
  mayUpdate: boolean;
  digestFunctions: DigestFunctionValue[];
  batchBytes: bigint;
}

export const unavailable = (): ConnectError => new ConnectError("it went away", Code.Unavailable);

export type FakeState = Omit<FakeServer, "transport">;

type More = (router: ConnectRouter, server: FakeState, note: (call: string) => void) => void;

/** `more`: services besides. */
export function createFakeServer(more?: More): FakeServer {
  const state: FakeState = {
    blobs: new Map(),
    results: new Map(),
    calls: [],
    headers: { last: new Headers() },
    fail: () => undefined,
    send: (content) => [content],
    mayUpdate: true,
    digestFunctions: [DigestFunctionValue.DIGEST_FUNCTION_SHA256],
    batchBytes: 0n,
  };
  const note = (call: string): void => {
    state.calls.push(call);
    const count = state.calls.filter((each) => each === call).length;
    const error = state.fail(call, count);
    if (error !== undefined) throw error;
  };
  const server: FakeServer = Object.assign(state, {
    transport: createRouterTransport((router) => {
      serveCache(router, state, note);
      more?.(router, state, note);
    }),
  });
  return server;
}

const keyOf = (digest: WireDigest | undefined): string => digest?.hash ?? "";

function serveCache(router: ConnectRouter, server: FakeState, note: (call: string) => void): void {
  router.service(Capabilities, {
    getCapabilities: (_, { requestHeader }) => {
      server.headers.last = requestHeader;
      note("GetCapabilities");
      return {
        cacheCapabilities: {
          digestFunctions: server.digestFunctions,
          actionCacheUpdateCapabilities: { updateEnabled: server.mayUpdate },
          maxBatchTotalSizeBytes: server.batchBytes,
        },
        executionCapabilities: { execEnabled: true },
      };
    },
  });
  router.service(ContentAddressableStorage, {
    findMissingBlobs: ({ blobDigests }) => {
      note("FindMissingBlobs");
      return { missingBlobDigests: blobDigests.filter((each) => !server.blobs.has(keyOf(each))) };
    },
    batchUpdateBlobs: ({ requests }) => {
      note("BatchUpdateBlobs");
      for (const { digest, data } of requests) keep(server, keyOf(digest), data);
      return { responses: requests.map(({ digest }) => ({ ...(digest && { digest }) })) };
    },
  });
  router.service(ActionCache, {
    getActionResult: ({ actionDigest }) => {
      note("GetActionResult");
      const result = server.results.get(keyOf(actionDigest));
      if (result === undefined) throw new ConnectError("no result", Code.NotFound);
      return result;
    },
    updateActionResult: ({ actionDigest, actionResult }) => {
      note("UpdateActionResult");
      if (!server.blobs.has(keyOf(actionDigest)) || actionResult === undefined)
        throw new ConnectError("no such action", Code.FailedPrecondition);
      server.results.set(keyOf(actionDigest), actionResult);
      return actionResult;
    },
  });
  serveBytes(router, server, note);
}

function serveBytes(router: ConnectRouter, server: FakeState, note: (call: string) => void): void {
  router.service(ByteStream, {
    read: async function* ({ resourceName, readOffset }) {
      note("Read");
      const [, hash = ""] = /blobs\/([0-9a-f]{64})\/\d+$/.exec(resourceName) ?? [];
      const content = server.blobs.get(hash);
      if (content === undefined) throw new ConnectError("no blob", Code.NotFound);
      const count = server.calls.filter((each) => each === "Read").length;
      for (const piece of server.send(content.subarray(Number(readOffset)), count)) {
        if (piece instanceof ConnectError) throw piece;
        yield { data: piece };
      }
    },
    write: async (requests) => {
      note("Write");
      const pieces: Uint8Array[] = [];
      let name = "";
      for await (const { resourceName, data } of requests) {
        name = resourceName || name;
        pieces.push(data);
      }
      const [, hash = ""] =
        /^(?:.*\/)?uploads\/[0-9a-f-]{36}\/blobs\/([0-9a-f]{64})\/\d+$/.exec(name) ?? [];
      keep(server, hash, Buffer.concat(pieces));
      return { committedSize: BigInt(Buffer.concat(pieces).length) };
    },
  });
}

function keep({ blobs }: FakeState, hash: string, data: Uint8Array): void {
  if (digestOf(data) !== hash) throw new ConnectError("another digest", Code.InvalidArgument);
  blobs.set(hash, Buffer.from(data));
}
