/** The simulated Network: requests answered by a table or a function, with planned breakage. */
import type { Transport } from "@connectrpc/connect";
import { NetworkError, type Network, type RequestOptions, type Response } from "../network.ts";

export interface SimulatedNetwork extends Network {
  /** Every request, redirects included, in order. */
  readonly requests: readonly SimulatedRequest[];
}

export interface SimulatedRequest {
  readonly url: string;
  readonly method: string;
  /** What was sent. */
  readonly body: Uint8Array;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
}

/** A plain body stands for status 200. */
export type SimulatedResponse = string | Uint8Array | SimulatedResponseOptions;

interface SimulatedResponseOptions {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  /** Answers a `Range: bytes=N-` header with status 206 and the rest of the body. */
  readonly ranges?: boolean;
  /** The connection breaks after this many bytes of the body that is sent. */
  readonly breakAfterBytes?: number;
  /** Nothing comes after this many bytes: the reader's time-out ends it, without real waiting. */
  readonly stallAfterBytes?: number;
  /** There is no answer at all, for this reason. */
  readonly failure?: string;
}

/** A URL that is not in the table, or for which the function gives undefined, answers 404. */
export type SimulatedSite =
  | Readonly<Record<string, SimulatedResponse>>
  | ((
      request: SimulatedRequest,
    ) => SimulatedResponse | undefined | Promise<SimulatedResponse | undefined>);

const redirectLimit = 10;
const pieceBytes = 1 << 14;

/** `services` answers calls of gRPC, whatever the address. */
export function createSimulatedNetwork(
  site: SimulatedSite = {},
  services?: Transport,
): SimulatedNetwork {
  const requests: SimulatedRequest[] = [];
  const answerTo = async (request: SimulatedRequest): Promise<SimulatedResponseOptions> => {
    requests.push(request);
    const found = typeof site === "function" ? await site(request) : site[request.url];
    if (found === undefined) return { status: 404 };
    return typeof found === "string" || found instanceof Uint8Array ? { body: found } : found;
  };
  return {
    requests,
    request: async (url, options = {}) => {
      const headers = lowerCase(options.headers ?? {});
      const { method = "GET" } = options;
      const body = await collect(options.body);
      let at = url;
      for (let hops = 0; hops <= redirectLimit; hops++) {
        if (options.signal?.aborted) throw new NetworkError(url, "the request was aborted");
        const answer = await answerTo({ url: at, method, body, headers });
        if (answer.failure !== undefined) throw new NetworkError(url, answer.failure);
        const location = lowerCase(answer.headers ?? {})["location"];
        if (!isRedirect(answer.status) || location === undefined) {
          return respond(at, answer, { ...options, headers });
        }
        at = new URL(location, at).href;
      }
      throw new NetworkError(url, "too many redirects");
    },
    services: async (origin) => {
      if (services === undefined) throw new NetworkError(origin, "there is no such server");
      return services;
    },
  };
}

async function collect(
  body: Uint8Array | AsyncIterable<Uint8Array> = new Uint8Array(),
): Promise<Uint8Array> {
  if (body instanceof Uint8Array) return body;
  const pieces: Uint8Array[] = [];
  for await (const piece of body) pieces.push(Uint8Array.from(piece));
  return Buffer.concat(pieces);
}

function isRedirect(status = 200): boolean {
  return status >= 300 && status < 400 && status !== 304;
}

function respond(url: string, answer: SimulatedResponseOptions, options: RequestOptions): Response {
  const whole = typeof answer.body === "string" ? Buffer.from(answer.body) : answer.body;
  const all = whole ?? new Uint8Array(0);
  const from = answer.ranges ? rangeStart(options.headers?.["range"]) : undefined;
  const isPast = from !== undefined && from >= all.length;
  const content = isPast ? new Uint8Array(0) : all.subarray(from ?? 0);
  const range: Record<string, string> =
    from === undefined
      ? {}
      : { "content-range": `bytes ${isPast ? "*" : `${from}-${all.length - 1}`}/${all.length}` };
  return {
    status: from === undefined ? (answer.status ?? 200) : isPast ? 416 : 206,
    headers: {
      "content-length": String(content.length),
      ...range,
      ...lowerCase(answer.headers ?? {}),
    },
    url,
    body: send(url, content, answer, options.signal),
    close: async () => {},
  };
}

function rangeStart(header: string | undefined): number | undefined {
  const match = /^bytes=(\d+)-$/.exec(header ?? "");
  return match?.[1] === undefined ? undefined : Number(match[1]);
}

async function* send(
  url: string,
  content: Uint8Array,
  { breakAfterBytes, stallAfterBytes }: SimulatedResponseOptions,
  signal: AbortSignal | undefined,
): AsyncGenerator<Uint8Array> {
  const end = Math.min(content.length, breakAfterBytes ?? Infinity, stallAfterBytes ?? Infinity);
  for (let at = 0; at < end; at += pieceBytes) {
    if (signal?.aborted) throw new NetworkError(url, "the request was aborted");
    yield Buffer.from(content.subarray(at, Math.min(at + pieceBytes, end)));
  }
  if (stallAfterBytes === end) throw new NetworkError(url, "the transfer stalled");
  if (breakAfterBytes === end) throw new NetworkError(url, "the connection broke");
}

function lowerCase(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]),
  );
}
