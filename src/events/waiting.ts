/** When a package waited for nothing but a job token: before it began, and while it held none. */
import type { Span, TokenCount } from "./run.ts";

interface WaitFacts {
  /** When the last of its dependencies was there. */
  readonly readyMs: number;
  readonly buildFromMs: number;
  readonly buildToMs: number;
  readonly fetches: readonly Span[];
  readonly tokens: readonly TokenCount[];
}

/** Less is the time that starting a build takes. */
const leastWaitMs = 50;

export function findWaits(facts: WaitFacts): Span[] {
  const waits = [...beforeTheBuild(facts), ...withoutToken(facts)];
  return waits.filter(({ fromMs, toMs }) => toMs - fromMs >= leastWaitMs);
}

/** From being ready to the build's begin, but not while its source was on its way. */
function beforeTheBuild({ readyMs, buildFromMs, fetches }: WaitFacts): Span[] {
  const waits: Span[] = [];
  let fromMs = readyMs;
  for (const fetch of fetches.toSorted((a, b) => a.fromMs - b.fromMs)) {
    if (fetch.toMs <= fromMs || fetch.fromMs >= buildFromMs) continue;
    if (fetch.fromMs > fromMs) waits.push({ kind: "wait", fromMs, toMs: fetch.fromMs });
    fromMs = fetch.toMs;
  }
  if (buildFromMs > fromMs) waits.push({ kind: "wait", fromMs, toMs: buildFromMs });
  return waits;
}

function withoutToken({ tokens, buildFromMs, buildToMs }: WaitFacts): Span[] {
  return tokens.flatMap(({ atMs, held }, at): Span[] => {
    if (held > 0) return [];
    const fromMs = Math.max(atMs, buildFromMs);
    const toMs = Math.min(tokens[at + 1]?.atMs ?? buildToMs, buildToMs);
    return toMs > fromMs ? [{ kind: "wait", fromMs, toMs }] : [];
  });
}
