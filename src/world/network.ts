/** The Network: one HTTP request at a time, or calls of gRPC; retrying, resuming and checking are the caller's. */
import type { Transport } from "@connectrpc/connect";

export interface Network {
  /** Follows redirects. Resolves when the head has arrived; the body is read as it comes. */
  request(url: string, options?: RequestOptions): Promise<Response>;
  /**
   * What carries calls of gRPC to `http://HOST:PORT`, or with TLS to `https://HOST:PORT`. It connects at the first call, and
   * an idle connection keeps no process alive. Calls throw a ConnectError.
   */
  services(origin: string): Promise<Transport>;
}

export interface RequestOptions {
  /** GET when absent. */
  readonly method?: "GET" | "HEAD" | "POST" | "PUT";
  /** Sent as it is given; its length, where it is known, has to be among the headers. */
  readonly body?: Uint8Array | AsyncIterable<Uint8Array>;
  readonly headers?: Readonly<Record<string, string>>;
  /** From the start until the head has arrived, and between two pieces of the body. */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
}

export interface Response {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** The address after redirects. */
  readonly url: string;
  /** Read it to the end or call `close`. */
  readonly body: AsyncIterable<Uint8Array>;
  close(): Promise<void>;
}

/** No answer: a name that is not found, a refused connection, a time-out, a broken body. */
export class NetworkError extends Error {
  readonly url: string;
  /** The same again would be answered in the same way: a wrong certificate, a name that nobody has. */
  readonly isFinal: boolean;

  constructor(url: string, reason: string, options: { cause?: unknown; isFinal?: boolean } = {}) {
    super(`${url}: ${reason}`, { cause: options.cause });
    this.isFinal = options.isFinal ?? false;
    this.name = "NetworkError";
    this.url = url;
  }
}
