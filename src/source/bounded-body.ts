/** The body of an answer, as long as it ends: neither without end, nor drop by drop. */
import { type Clock, NetworkError, type Response } from "../world/index.ts";

/** In each window of time that much has to come. */
const windowMs = 60_000;
const leastBytes = 1 << 10;

export async function* boundedBody(
  clock: Clock,
  { url, body }: Response,
  limitBytes: number,
): AsyncGenerator<Uint8Array> {
  let received = 0;
  let window = { fromMs: clock.monotonicMs(), fromBytes: 0 };
  for await (const chunk of body) {
    received += chunk.length;
    if (received > limitBytes) {
      const reason = `what it gives does not end: it is more than ${limitBytes / (1 << 20)} MiB`;
      throw new NetworkError(url, reason, { isFinal: true });
    }
    const nowMs = clock.monotonicMs();
    if (nowMs - window.fromMs >= windowMs) {
      if (received - window.fromBytes < leastBytes) {
        throw new NetworkError(url, "the transfer is too slow: less than 1 KiB a minute");
      }
      window = { fromMs: nowMs, fromBytes: received };
    }
    yield chunk;
  }
}
