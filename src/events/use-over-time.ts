/** How busy the processors were, and how many job tokens were held, over the time of a run. */
import type { PackageRun } from "./run.ts";

export interface Use {
  /** The time is cut into this many equal parts. */
  readonly processors: readonly number[];
  readonly tokens: readonly number[];
  /** Whether tokens were counted; else a package that builds counts as one. */
  readonly isCounted: boolean;
}

export function useOverTime(
  packages: readonly PackageRun[],
  { durationMs, parts }: { readonly durationMs: number; readonly parts: number },
): Use {
  const partMs = Math.max(1, durationMs) / parts;
  const processors = Array.from({ length: parts }, () => 0);
  const tokens = Array.from({ length: parts }, () => 0);
  const isCounted = packages.some((each) => each.tokens.length > 0);
  for (const each of packages) {
    for (const { kind, fromMs, toMs, userMs = 0, systemMs = 0 } of each.spans) {
      const isRunning = kind === "run" || kind === "check";
      if (!isCounted && isRunning) spread(tokens, { fromMs, toMs, partMs, amount: toMs - fromMs });
      // What a step used is known as a whole: it counts as used evenly.
      if (isRunning) spread(processors, { fromMs, toMs, partMs, amount: userMs + systemMs });
    }
    each.tokens.forEach(({ atMs, held }, at) => {
      const toMs = each.tokens[at + 1]?.atMs ?? each.toMs ?? durationMs;
      spread(tokens, { fromMs: atMs, toMs, partMs, amount: held * (toMs - atMs) });
    });
  }
  return { processors, tokens, isCounted };
}

interface Portion {
  readonly fromMs: number;
  readonly toMs: number;
  readonly partMs: number;
  /** Processor or token milliseconds. */
  readonly amount: number;
}

function spread(series: number[], { fromMs, toMs, partMs, amount }: Portion): void {
  if (amount <= 0) return;
  const lengthMs = toMs - fromMs;
  if (lengthMs <= 0) return;
  const last = Math.min(series.length - 1, Math.floor(toMs / partMs));
  for (let part = Math.max(0, Math.floor(fromMs / partMs)); part <= last; part += 1) {
    const overlapMs = Math.min(toMs, (part + 1) * partMs) - Math.max(fromMs, part * partMs);
    if (overlapMs > 0)
      series[part] = (series[part] ?? 0) + (amount * overlapMs) / lengthMs / partMs;
  }
}
