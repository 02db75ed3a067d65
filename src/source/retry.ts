/** Trying again what the network failed to give, with growing pauses. */
import type { NetworkError, Response } from "../world/index.ts";
import type { SourceContext } from "./context.ts";

/** What one try gave: the value, a passing failure, or one that no retry cures. */
export type Try<Value> =
  | { readonly kind: "done"; readonly value: Value }
  | {
      readonly kind: "again";
      readonly reason: string;
      /** What the server asked for. */
      readonly waitMs?: number;
      /** Enough arrived that this try does not count against the limit. */
      readonly progressed?: boolean;
    }
  | FailedTry;

interface FailedTry {
  readonly kind: "failed";
  readonly reason: string;
}

const tries = 4;
const firstWaitMs = 1_000;
const longestWaitMs = 60_000;

export async function withRetries<Value>(
  context: SourceContext,
  subject: { readonly package: string; readonly url: string },
  attempt: () => Promise<Try<Value>>,
): Promise<{ readonly kind: "done"; readonly value: Value } | FailedTry> {
  for (let failures = 0; ;) {
    const result = await attempt();
    if (result.kind !== "again") return result;
    failures = result.progressed === true ? 1 : failures + 1;
    if (failures >= tries || context.signal?.aborted === true) {
      return {
        kind: "failed",
        reason: failures < 2 ? result.reason : inAll(result.reason, failures),
      };
    }
    const wait = result.waitMs ?? firstWaitMs * 2 ** (failures - 1);
    const waitMs = Math.min(wait, longestWaitMs);
    context.report?.({ kind: "download-retried", ...subject, reason: result.reason, waitMs });
    await context.world.clock.sleep(waitMs);
  }
}

function inAll(reason: string, times: number): string {
  return `${reason} (${times} tries)`;
}

/** What a failed request means for another try. */
export function judgeFailure(error: NetworkError, progressed = false): Try<never> {
  const reason = reasonOf(error);
  return error.isFinal ? { kind: "failed", reason } : { kind: "again", reason, progressed };
}

/** What an answer that is not the wanted one means for another try. */
export function judgeStatus(response: Response): Try<never> {
  const { status } = response;
  const reason = `the server answered ${status}`;
  const passing = status === 408 || status === 429 || status >= 500;
  if (!passing) return { kind: "failed", reason };
  const waitMs = retryAfterMs(response.headers["retry-after"]);
  return { kind: "again", reason, ...(waitMs === undefined ? {} : { waitMs }) };
}

/** Why there was no answer, without the address that the message begins with. */
export function reasonOf(error: NetworkError): string {
  const address = `${error.url}: `;
  return error.message.startsWith(address) ? error.message.slice(address.length) : error.message;
}

/** Retry-After in seconds (RFC 9110, 10.2.3); a date there leaves the pause to us. */
function retryAfterMs(value: string | undefined): number | undefined {
  return value !== undefined && /^\s*\d+\s*$/.test(value) ? Number(value) * 1_000 : undefined;
}
