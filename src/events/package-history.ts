/** What a package has done, and when: read off what each event changes of it. */
import type { Event, Usage } from "../core/index.ts";
import { valueOf, valuesOf } from "./layered-map.ts";
import type { PackageInRun } from "./package-in-run.ts";
import type { Span, TokenCount } from "./run.ts";
import { fold, noRun } from "./run-state.ts";

export interface PackageHistory {
  readonly last: PackageInRun;
  /** Fetches and steps; waiting is found out later. */
  readonly spans: readonly Span[];
  readonly tokens: readonly TokenCount[];
}

interface Written {
  readonly spans: Span[];
  readonly tokens: TokenCount[];
}

/** By name. What has no end, in a run that was killed, ends at `endMs`. */
export function readHistories(
  events: readonly Event[],
  endMs: number,
): Map<string, PackageHistory> {
  const written = new Map<string, Written>();
  const of = (name: string): Written => {
    const known = written.get(name) ?? { spans: [], tokens: [] };
    written.set(name, known);
    return known;
  };
  let run = noRun;
  for (const event of events) {
    const before = run;
    run = fold(before, event);
    if (run === before || !("package" in event) || event.package === undefined) continue;
    write(of(event.package), event, {
      before: valueOf(before.packages, event.package),
      after: valueOf(run.packages, event.package),
    });
  }
  return new Map(
    valuesOf(run.packages).map((last) => {
      const { spans, tokens } = of(last.name);
      const open = last.open === undefined ? [] : [closed(last.open, endMs)];
      return [last.name, { last, tokens, spans: [...spans, ...open] }];
    }),
  );
}

interface Change {
  readonly before: PackageInRun | undefined;
  readonly after: PackageInRun | undefined;
}

function write({ spans, tokens }: Written, event: Event, { before, after }: Change): void {
  const { atMs } = event;
  if (before?.open !== undefined && before.open !== after?.open) {
    spans.push(closed(before.open, atMs, event.kind === "step-finished" ? event : {}));
  }
  if (after?.held !== undefined && after.held !== before?.held) {
    tokens.push({ atMs, held: after.held });
  }
}

function closed(
  open: NonNullable<PackageInRun["open"]>,
  atMs: number,
  { userMs, systemMs, maxRssBytes }: Partial<Usage> = {},
): Span {
  return { ...open, toMs: Math.max(atMs, open.fromMs), userMs, systemMs, maxRssBytes };
}
