/** The Network of this machine, through undici (which is loaded at the first request). */
import { Readable } from "node:stream";
import type * as Undici from "undici";
import { NetworkError, type Network, type RequestOptions, type Response } from "../network.ts";
import { openServices } from "./services.ts";

const defaultTimeoutMs = 30_000;
const redirectLimit = 10;

/** `environment` gives the proxies: HTTP_PROXY, HTTPS_PROXY and NO_PROXY, in either case. */
export function createRealNetwork(
  environment: Readonly<Record<string, string | undefined>>,
): Network {
  let agent: Promise<Agent> | undefined;
  return {
    request: async (url, options = {}) => {
      agent ??= createAgent(environment);
      return request(await agent, url, options);
    },
    services: openServices,
  };
}

interface Agent {
  readonly undici: typeof Undici;
  readonly dispatcher: Undici.Dispatcher;
}

async function createAgent(
  environment: Readonly<Record<string, string | undefined>>,
): Promise<Agent> {
  const undici = await import("undici");
  const proxy = (name: string): string | undefined =>
    environment[name.toLowerCase()] || environment[name] || undefined;
  const httpProxy = proxy("HTTP_PROXY");
  const httpsProxy = proxy("HTTPS_PROXY");
  const noProxy = proxy("NO_PROXY");
  const dispatcher =
    httpProxy === undefined && httpsProxy === undefined
      ? new undici.Agent()
      : new undici.EnvHttpProxyAgent({
          ...(httpProxy === undefined ? {} : { httpProxy }),
          ...(httpsProxy === undefined ? {} : { httpsProxy }),
          ...(noProxy === undefined ? {} : { noProxy }),
        });
  return { undici, dispatcher };
}

async function request(agent: Agent, url: string, options: RequestOptions): Promise<Response> {
  const timeoutMs = options.timeoutMs ?? defaultTimeoutMs;
  const dispatcher = agent.dispatcher.compose(
    agent.undici.interceptors.redirect({ maxRedirections: redirectLimit }),
  );
  try {
    const answer = await agent.undici.request(url, {
      dispatcher,
      method: options.method ?? "GET",
      ...bodyOf(options),
      headers: { "user-agent": "tenon", ...options.headers },
      headersTimeout: timeoutMs,
      bodyTimeout: timeoutMs,
      ...(options.signal === undefined ? {} : { signal: options.signal }),
    });
    if (isRedirect(answer.statusCode) && answer.headers["location"] !== undefined) {
      await answer.body.dump({ limit: 0 }).catch(() => undefined);
      throw new Error(tooManyRedirects);
    }
    const history = (answer.context as { history?: URL[] } | undefined)?.history;
    return {
      status: answer.statusCode,
      headers: flatten(answer.headers),
      url: history?.at(-1)?.href ?? url,
      body: readBody(url, answer.body),
      close: () => answer.body.dump({ limit: 0 }).catch(() => undefined),
    };
  } catch (error) {
    throw failureOf(url, error);
  }
}

function bodyOf({ body }: RequestOptions): { readonly body?: Uint8Array | Readable } {
  if (body === undefined) return {};
  return { body: body instanceof Uint8Array ? body : Readable.from(body, { objectMode: false }) };
}

function isRedirect(status: number): boolean {
  return status >= 300 && status < 400 && status !== 304;
}

async function* readBody(url: string, body: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
  try {
    yield* body;
  } catch (error) {
    throw failureOf(url, error);
  }
}

function flatten(
  headers: Readonly<Record<string, string | string[] | undefined>>,
): Record<string, string> {
  const flat: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined)
      flat[name.toLowerCase()] = Array.isArray(value) ? value.join(", ") : value;
  }
  return flat;
}

const reasons: Readonly<Record<string, string>> = {
  ECONNREFUSED: "the connection was refused",
  ECONNRESET: "the connection was reset",
  ENETUNREACH: "there is no network",
  ENOTFOUND: "the host's name was not found",
  EAI_AGAIN: "the host's name could not be looked up",
  UND_ERR_CONNECT_TIMEOUT: "no connection in time",
  UND_ERR_HEADERS_TIMEOUT: "no answer in time",
  UND_ERR_BODY_TIMEOUT: "the transfer stalled",
  UND_ERR_SOCKET: "the connection broke",
};

const tooManyRedirects = "too many redirects";

/** What says no, and not "later". */
const finalCodes = new Set(["ECONNREFUSED", "ENETUNREACH", "ENOTFOUND"]);
const certificate = /^(?:CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_(?:GET|VERIFY)_|ERR_TLS_CERT)/;

function failureOf(url: string, error: unknown): NetworkError {
  const { code = "", message } = rootOf(error);
  const reason = certificate.test(code)
    ? `its certificate is not trusted: ${message ?? code}`
    : (reasons[code] ?? message ?? String(error));
  const isLoop = message?.startsWith("Redirect loop") === true || message === tooManyRedirects;
  const isFinal = certificate.test(code) || finalCodes.has(code) || isLoop;
  return new NetworkError(url, isLoop ? tooManyRedirects : reason, { cause: error, isFinal });
}

interface Told {
  readonly code?: string;
  readonly message?: string;
}

/** The first in the chain of causes that is known; else its last. */
function rootOf(error: unknown): Told {
  const { code, cause, message } = error as Told & { cause?: unknown };
  const isKnown = code !== undefined && (reasons[code] !== undefined || certificate.test(code));
  const isLoop = message?.startsWith("Redirect loop") === true;
  return isKnown || isLoop || cause === undefined ? (error as Told) : rootOf(cause);
}
