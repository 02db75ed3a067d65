/** Asking a server: what its answers mean, and once more where it failed for a moment. */
import {
  type Clock,
  NetworkError,
  type RequestOptions,
  type Response,
  type World,
} from "../world/index.ts";
import { CacheTrouble, isPage } from "./place.ts";

export interface Asker {
  readonly world: World;
  readonly headers: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

const patienceMs = 15_000;
const pauseMs = 500;
const tries = 3;

/** The answer, whatever its status is; a passing failure is asked again. Throws CacheTrouble. */
export async function ask(
  { world, headers, signal }: Asker,
  url: string,
  options: RequestOptions = {},
): Promise<Response> {
  for (let attempt = 1; ; attempt += 1) {
    const isLast = attempt === tries || isStream(options.body);
    try {
      const response = await world.network.request(url, {
        timeoutMs: patienceMs,
        ...(signal === undefined ? {} : { signal }),
        ...options,
        headers: { "accept-encoding": "identity", ...headers, ...options.headers },
      });
      if (isLast || response.status < 500) return response;
      await response.close();
    } catch (error) {
      if (!(error instanceof NetworkError)) throw error;
      if (isLast || error.isFinal || signal?.aborted === true) throw unreachableCache(error);
    }
    await world.clock.sleep(pauseMs * attempt);
  }
}

function isStream(body: RequestOptions["body"]): boolean {
  return body !== undefined && !(body instanceof Uint8Array);
}

function unreachableCache(error: NetworkError): CacheTrouble {
  return new CacheTrouble("unreachable", error.message, error);
}

/** Of an answer that is not the wanted one. It is read no further. */
export async function troubleWith(response: Response): Promise<CacheTrouble> {
  await response.close();
  const { status, url } = response;
  if (status === 404 || status === 410) return new CacheTrouble("missing", `${url} is not there`);
  const why = status === 401 || status === 403 ? ": it wants other credentials, or none helps" : "";
  return new CacheTrouble("unreachable", `${url}: the server answered ${status}${why}`);
}

const windowMs = 20_000;
const leastBytes = 1 << 14;

/** The body of a good answer; never drop by drop, and no page for a person. */
export async function* bodyOf(clock: Clock, response: Response): AsyncGenerator<Uint8Array> {
  let window = { fromMs: clock.monotonicMs(), bytes: 0 };
  let isFirst = true;
  try {
    for await (const piece of response.body) {
      if (isFirst && isPage(piece))
        throw new CacheTrouble("unreachable", `${response.url} gives a page for a browser`);
      isFirst = false;
      window.bytes += piece.length;
      const nowMs = clock.monotonicMs();
      if (nowMs - window.fromMs >= windowMs) {
        if (window.bytes < leastBytes)
          throw new CacheTrouble("unreachable", `${response.url} gives less than 1 KiB a second`);
        window = { fromMs: nowMs, bytes: 0 };
      }
      yield piece;
    }
  } catch (error) {
    throw error instanceof NetworkError ? unreachableCache(error) : error;
  } finally {
    await response.close();
  }
}

/** Throws where fewer bytes came than the server itself has said. */
export async function* wholeBody(clock: Clock, response: Response): AsyncGenerator<Uint8Array> {
  const announced = Number(response.headers["content-length"] ?? Number.NaN);
  let sizeBytes = 0;
  for await (const piece of bodyOf(clock, response)) {
    sizeBytes += piece.length;
    yield piece;
  }
  if (Number.isSafeInteger(announced) && sizeBytes < announced) {
    const what = `${response.url} broke off after ${sizeBytes} of ${announced} bytes`;
    throw new CacheTrouble("unreachable", what);
  }
}
