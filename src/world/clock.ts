/** The Clock: what time it is, and waiting. */

export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  /** Milliseconds from some fixed moment; never goes back. */
  monotonicMs(): number;
  sleep(ms: number): Promise<void>;
  /** Calls once, later, unless the function that is given back was called before. */
  callAfter(ms: number, act: () => void): () => void;
  /** 16 hex digits that no other call, on any machine, is likely to return. */
  uniqueId(): string;
}
