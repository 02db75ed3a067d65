/** A server of the Remote Execution API, version 2: how it is called, what it allows, and what its errors mean. */
import { create, toBinary } from "@bufbuild/protobuf";
import {
  type CallOptions,
  type Client,
  Code,
  ConnectError,
  createClient,
  type Transport,
} from "@connectrpc/connect";
import type { World } from "../world/index.ts";
import { ByteStream } from "./protocol/byte-stream_pb.ts";
import { Operations } from "./protocol/long-running_pb.ts";
import {
  ActionCache,
  Capabilities,
  ContentAddressableStorage,
  DigestFunctionValue,
  Execution,
  RequestMetadataSchema,
  type ServerCapabilities,
} from "./protocol/remote-execution_pb.ts";

export interface ServerOptions {
  /** `http://HOST:PORT/INSTANCE`, or `https://` for TLS, without credentials; the instance may have slashes, or be absent. */
  readonly url: string;
  /** As the server is called for people. */
  readonly name: string;
  /** Where its blobs are, when that is another address; the instance is the same. */
  readonly storage?: string;
  /** The value of the Authorization header, for both. */
  readonly authorization?: string;
  readonly signal?: AbortSignal;
}

export interface Server {
  readonly world: World;
  /** As it is called for people. */
  readonly name: string;
  readonly instance: string;
  readonly limits: Limits;
  readonly cas: Client<typeof ContentAddressableStorage>;
  readonly bytes: Client<typeof ByteStream>;
  readonly results: Client<typeof ActionCache>;
  readonly execution: Client<typeof Execution>;
  readonly operations: Client<typeof Operations>;
  /** What goes with each call; without a limit in time where none is given. */
  options(timeoutMs?: number): CallOptions;
}

/** What a server allows. */
export interface Limits {
  readonly mayUpdate: boolean;
  readonly mayExecute: boolean;
  /** Of one message with several blobs. */
  readonly batchBytes: number;
  readonly largestBlob: number;
}

export const largestMessage = 3_500_000;
const patienceMs = 60_000;
const tries = 3;
const pauseMs = 500;

/** Asks the server what it allows. Throws RemoteTrouble. */
export async function openServer(world: World, options: ServerOptions): Promise<Server> {
  const { origin, pathname } = new URL(options.url);
  const transport = await world.network.services(origin);
  const storage =
    options.storage === undefined
      ? transport
      : await world.network.services(new URL(options.storage).origin);
  const headers = headersOf(world, options);
  const client = {
    world,
    name: options.name,
    instance: decodeURIComponent(pathname).replaceAll(/^\/+|\/+$/g, ""),
    cas: createClient(ContentAddressableStorage, storage),
    bytes: createClient(ByteStream, storage),
    results: createClient(ActionCache, storage),
    execution: createClient(Execution, transport),
    operations: createClient(Operations, transport),
    options: (timeoutMs?: number): CallOptions => ({
      headers,
      ...(timeoutMs === undefined ? {} : { timeoutMs }),
      ...(options.signal === undefined ? {} : { signal: options.signal }),
    }),
  };
  const { instance: instanceName, name } = client;
  const ask = (of: Transport): Promise<ServerCapabilities> =>
    call(client, (how) => createClient(Capabilities, of).getCapabilities({ instanceName }, how));
  const ofBlobs = await ask(storage);
  const ofExecution = storage === transport ? ofBlobs : await ask(transport);
  return { ...client, limits: limitsOf(ofBlobs, ofExecution, name) };
}

/** Bazel's own worker answers only those who say who they are. */
function headersOf(
  { clock }: World,
  { authorization }: ServerOptions,
): Readonly<Record<string, string>> {
  const metadata = create(RequestMetadataSchema, {
    toolDetails: { toolName: "tenon" },
    toolInvocationId: clock.uniqueId(),
  });
  const bytes = toBinary(RequestMetadataSchema, metadata);
  return {
    "build.bazel.remote.execution.v2.requestmetadata-bin": Buffer.from(bytes).toString("base64"),
    ...(authorization === undefined ? {} : { authorization }),
  };
}

function limitsOf(
  { cacheCapabilities: cache }: ServerCapabilities,
  { executionCapabilities: execution }: ServerCapabilities,
  name: string,
): Limits {
  if (cache?.digestFunctions.includes(DigestFunctionValue.DIGEST_FUNCTION_SHA256) !== true)
    throw new RemoteTrouble("unreachable", `${name} does not know blobs by their SHA-256`);
  const limit = (given: bigint, otherwise: number): number =>
    given > 0n && given < BigInt(otherwise) ? Number(given) : otherwise;
  return {
    mayUpdate: cache.actionCacheUpdateCapabilities?.updateEnabled === true,
    mayExecute: execution?.execEnabled === true,
    // "No limit" is none for messages: they are limited all the same.
    batchBytes: limit(cache.maxBatchTotalSizeBytes, largestMessage),
    largestBlob: limit(cache.maxCasBlobSizeBytes, Number.MAX_SAFE_INTEGER),
  };
}

/** `missing`: it is not there. `unreachable`: the server, the way to it, or what it allows. */
export type RemoteTroubleKind = "missing" | "unreachable";

export class RemoteTrouble extends Error {
  readonly kind: RemoteTroubleKind;
  /** Another try may go well. */
  readonly mayPass: boolean;

  /** `reason`: a sentence without an end that stands alone. */
  constructor(kind: RemoteTroubleKind, reason: string, cause?: unknown) {
    super(reason, { cause });
    this.name = "RemoteTrouble";
    this.kind = kind;
    this.mayPass = kind === "missing" || (cause instanceof ConnectError && passing.has(cause.code));
  }
}

/** What a server says of a worker that it has lost, or of itself when it has too much to do. */
const passing = new Set([
  Code.Aborted,
  Code.Canceled,
  Code.Internal,
  Code.ResourceExhausted,
  Code.Unknown,
]);

/** A call with one answer; a passing failure is tried again. Throws RemoteTrouble. */
export async function call<Answer>(
  server: Pick<Server, "name" | "world" | "options">,
  act: (options: CallOptions) => Promise<Answer>,
): Promise<Answer> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await act(server.options(patienceMs));
    } catch (error) {
      if (attempt === tries || !isPassing(error)) throw troubleOf(server, error);
    }
    await server.world.clock.sleep(pauseMs * attempt);
  }
}

export function isPassing(error: unknown): boolean {
  return error instanceof ConnectError && error.code === Code.Unavailable;
}

/** What is not an error of a call is given back as it is. */
export function troubleOf({ name }: Pick<Server, "name">, error: unknown): unknown {
  if (!(error instanceof ConnectError)) return error;
  const { code, rawMessage } = error;
  if (code === Code.NotFound) return new RemoteTrouble("missing", `${name}: ${rawMessage}`, error);
  return new RemoteTrouble("unreachable", `${name} ${wordsOf(code)}: ${rawMessage}`, error);
}

function wordsOf(code: Code): string {
  switch (code) {
    case Code.Unavailable:
      return "cannot be reached";
    case Code.DeadlineExceeded:
      return "gives no answer in time";
    case Code.Unauthenticated:
    case Code.PermissionDenied:
      return "wants other credentials, or none helps";
    default:
      return `answers ${Code[code]}`;
  }
}
