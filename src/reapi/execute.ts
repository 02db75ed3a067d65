/**
 * Having an action executed: its blobs are brought, the server streams what becomes of it, and a stream that is lost is
 * taken up again.
 *
 * A failure can stand in three places besides the exit code of the command: the call's own error, the operation's, and the
 * response's status. A server that lacks a blob, because it has removed it meanwhile, says so in the last.
 */
import { fromBinary } from "@bufbuild/protobuf";
import { anyIs, anyUnpack } from "@bufbuild/protobuf/wkt";
import { Code, ConnectError } from "@connectrpc/connect";
import { type BlobToBring, bringBlobs, type RemoteBlob, wireDigest } from "./blobs.ts";
import type { Operation } from "./protocol/long-running_pb.ts";
import {
  type ActionResult,
  ExecuteOperationMetadataSchema,
  ExecuteResponseSchema,
  ExecutionStageValue,
} from "./protocol/remote-execution_pb.ts";
import { PreconditionFailureSchema, type Status } from "./protocol/status_pb.ts";
import { isPassing, type Server, troubleOf } from "./server.ts";

export interface WorkToExecute {
  readonly action: RemoteBlob;
  /** All that the action names, and the action. */
  readonly blobs: readonly BlobToBring[];
}

export interface ExecuteOptions {
  /** A worker has it. */
  readonly onExecuting: () => void;
  /** Told once each time that the server does not answer. */
  readonly onSilent: (said: string) => void;
  readonly signal: AbortSignal;
}

const mostMissing = 3;
const patienceMs = 15 * 60_000;
const pauseMs = 2_000;

/** Executes it, whatever the server knows of it. Throws RemoteTrouble; the server is told when it is aborted. */
export async function executeWork(
  server: Server,
  work: WorkToExecute,
  options: ExecuteOptions,
): Promise<ActionResult> {
  for (let missing = 0; ;) {
    await patiently(server, options, () => bringBlobs(server, work.blobs));
    const { result, status } = responseOf(await lastOf(server, work.action, options));
    if ((status?.code ?? 0) === 0 && result !== undefined) return result;
    missing += 1;
    if (missing === mostMissing || !isForMissing(status)) throw troubleOf(server, errorOf(status));
  }
}

function errorOf(status: Status | undefined): ConnectError {
  return new ConnectError(status?.message ?? "no result came", status?.code || Code.Internal);
}

function isForMissing(status: Status | undefined): boolean {
  if (status?.code === Code.NotFound) return true;
  if (status?.code !== Code.FailedPrecondition) return false;
  return status.details.some((detail) =>
    anyUnpack(detail, PreconditionFailureSchema)?.violations.some(({ type }) => type === "MISSING"),
  );
}

function responseOf({ result }: Operation): {
  readonly result?: ActionResult | undefined;
  readonly status?: Status | undefined;
} {
  if (result.case === "error") return { status: result.value };
  if (result.case === "response" && anyIs(result.value, ExecuteResponseSchema))
    return fromBinary(ExecuteResponseSchema, result.value.value);
  return {};
}

/** While the server does not answer it is asked again, for a quarter of an hour. */
async function patiently<Answer>(
  { world: { clock } }: Server,
  { onSilent, signal }: ExecuteOptions,
  act: () => Promise<Answer>,
): Promise<Answer> {
  const startMs = clock.monotonicMs();
  for (let isTold = false; ; isTold = true) {
    try {
      return await act();
    } catch (error) {
      const cause = error instanceof Error ? (error.cause ?? error) : error;
      const isLate = clock.monotonicMs() - startMs > patienceMs;
      if (!isPassing(cause) || isLate || signal.aborted) throw error;
      if (!isTold) onSilent((error as Error).message);
    }
    await clock.sleep(pauseMs);
  }
}

/** The operation once it is done. */
async function lastOf(
  server: Server,
  action: RemoteBlob,
  options: ExecuteOptions,
): Promise<Operation> {
  const known = { name: "" };
  for (;;) {
    try {
      const last = await patiently(server, options, () => listen(server, action, known, options));
      if (last !== undefined) return last;
    } catch (error) {
      if (options.signal.aborted) await cancel(server, known.name);
      // A server that was started anew knows nothing of it.
      const isForgotten =
        known.name !== "" && error instanceof ConnectError && error.code === Code.NotFound;
      if (!isForgotten) throw troubleOf(server, error);
      known.name = "";
    }
    await server.world.clock.sleep(pauseMs);
  }
}

/** Undefined where the stream ends before the operation does. `known` is what it is called, once that was heard. */
async function listen(
  server: Server,
  action: RemoteBlob,
  known: { name: string },
  { signal, onExecuting }: ExecuteOptions,
): Promise<Operation | undefined> {
  const how = { ...server.options(), signal };
  const { instance: instanceName, execution } = server;
  const request = { instanceName, actionDigest: wireDigest(action), skipCacheLookup: true };
  const stream =
    known.name === "" ? execution.execute(request, how) : execution.waitExecution(known, how);
  for await (const operation of stream) {
    known.name = operation.name;
    if (operation.done) return operation;
    if (isExecuting(operation)) onExecuting();
  }
  return undefined;
}

function isExecuting({ metadata }: Operation): boolean {
  const told = metadata && anyUnpack(metadata, ExecuteOperationMetadataSchema);
  return told?.stage === ExecutionStageValue.EXECUTION_STAGE_EXECUTING;
}

const cancelMs = 5_000;

/** Not every server can: some end it because nobody listens any more. */
async function cancel({ operations, options }: Server, name: string): Promise<void> {
  if (name === "") return;
  const { headers = {} } = options();
  await operations.cancelOperation({ name }, { headers, timeoutMs: cancelMs }).catch(() => {});
}
