/** One transfer of a file from one address, continuing an earlier one where the server allows. */
import { pathOfFileUrl } from "../core/index.ts";
import { type FileWriter, isDiskError, NetworkError, type Response } from "../world/index.ts";
import { type Address, headersFor, isLocal } from "./address.ts";
import { boundedBody } from "./bounded-body.ts";
import { type SourceContext, stallMsOf } from "./context.ts";
import type { Partial } from "./partial.ts";
import { type Try, judgeFailure, judgeStatus } from "./retry.ts";

interface Transfer {
  readonly package: string;
  readonly address: Address;
  readonly partial: Partial;
}

/** The file is whole, as far as the server said how long it is; its digest is not checked here. */
export interface Transferred {
  /** Whether the beginning is from an earlier transfer. */
  readonly resumed: boolean;
}

/** A try that brings this much may be followed by any number of others. */
const progressBytes = 1 << 20;
const reportEveryMs = 100;
/** No source is as large; a server that tells no length may never end. */
const largestBytes = 64 * 2 ** 30;

export async function transfer(
  context: SourceContext,
  options: Transfer,
): Promise<Try<Transferred>> {
  if (isLocal(options.address.url)) return copyLocal(context, options);
  const before = options.partial.sizeBytes();
  try {
    const response = await request(context, options);
    try {
      return await receive(context, options, response);
    } finally {
      await response.close();
    }
  } catch (error) {
    if (!(error instanceof NetworkError)) throw error;
    const progressed = options.partial.sizeBytes() - before >= progressBytes;
    return judgeFailure(error, progressed);
  }
}

function request(context: SourceContext, options: Transfer): Promise<Response> {
  const { address, partial } = options;
  const offset = partial.sizeBytes();
  const validator = partial.validator();
  const range =
    offset > 0 && validator !== undefined
      ? { range: `bytes=${offset}-`, "if-range": validator }
      : {};
  return context.world.network.request(address.url, {
    headers: { "accept-encoding": "identity", ...headersFor(address), ...range },
    timeoutMs: stallMsOf(context),
    ...(context.signal === undefined ? {} : { signal: context.signal }),
  });
}

async function receive(
  context: SourceContext,
  options: Transfer,
  response: Response,
): Promise<Try<Transferred>> {
  const { partial } = options;
  switch (response.status) {
    case 200:
      return save(context, options, response, 0);
    case 206: {
      const offset = partial.sizeBytes();
      if (startOfRange(response) === offset) return save(context, options, response, offset);
      partial.remove();
      return { kind: "again", reason: "the server sent another part than the one asked for" };
    }
    case 416:
      if (lengthInRange(response) === partial.sizeBytes()) {
        return { kind: "done", value: { resumed: true } };
      }
      partial.remove();
      return { kind: "again", reason: "the server does not have the part asked for" };
    default:
      return judgeStatus(response);
  }
}

async function save(
  context: SourceContext,
  options: Transfer,
  response: Response,
  offset: number,
): Promise<Try<Transferred>> {
  const { partial } = options;
  const length = Number(response.headers["content-length"] ?? Number.NaN);
  const total = Number.isSafeInteger(length) ? { totalBytes: offset + length } : {};
  const subject = { package: options.package, url: options.address.url };
  context.report?.({ kind: "download-started", ...subject, resumedBytes: offset, ...total });
  const writer = offset === 0 ? partial.restart(validatorOf(response)) : partial.continue();
  const receivedBytes = await write(context, response, writer, (bytes) =>
    context.report?.({
      kind: "download-progress",
      ...subject,
      receivedBytes: offset + bytes,
      ...total,
    }),
  );
  if (total.totalBytes !== undefined && offset + receivedBytes !== total.totalBytes) {
    return { kind: "again", reason: `the transfer ended after ${offset + receivedBytes} bytes` };
  }
  return { kind: "done", value: { resumed: offset > 0 } };
}

async function write(
  context: SourceContext,
  response: Response,
  writer: FileWriter,
  progress: (receivedBytes: number) => void,
): Promise<number> {
  const { clock } = context.world;
  let receivedBytes = 0;
  let reportedAtMs = clock.monotonicMs();
  try {
    for await (const chunk of boundedBody(clock, response, largestBytes)) {
      writer.write(chunk);
      receivedBytes += chunk.length;
      if (clock.monotonicMs() - reportedAtMs < reportEveryMs) continue;
      reportedAtMs = clock.monotonicMs();
      progress(receivedBytes);
    }
  } finally {
    writer.close();
  }
  return receivedBytes;
}

/** Only a strong validator may join two parts (RFC 9110, 13.1.5). */
function validatorOf(response: Response): string | undefined {
  const entityTag = response.headers["etag"];
  if (entityTag !== undefined && entityTag.startsWith('"')) return entityTag;
  return response.headers["last-modified"];
}

function startOfRange(response: Response): number | undefined {
  const start = /^bytes (\d+)-/.exec(response.headers["content-range"] ?? "")?.[1];
  return start === undefined ? undefined : Number(start);
}

/** The whole length that a refused range tells: `*`, a slash, the length. */
function lengthInRange(response: Response): number | undefined {
  const length = /^bytes \*\/(\d+)$/.exec(response.headers["content-range"] ?? "")?.[1];
  return length === undefined ? undefined : Number(length);
}

function copyLocal(context: SourceContext, options: Transfer): Try<Transferred> {
  const path = pathOfFileUrl(options.address.url);
  if (path === undefined) return { kind: "failed", reason: "it names no file of this machine" };
  try {
    const chunks = context.world.disk.readChunks(path);
    const writer = options.partial.restart(undefined);
    try {
      for (const chunk of chunks) writer.write(chunk);
    } finally {
      writer.close();
    }
    return { kind: "done", value: { resumed: false } };
  } catch (error) {
    if (!isDiskError(error, "ENOENT", "ENOTDIR", "EISDIR", "ENXIO", "EACCES")) throw error;
    return { kind: "failed", reason: error.message };
  }
}
