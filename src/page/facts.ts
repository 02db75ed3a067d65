/** What the parts of the page ask of the run: packages by name, who needs whom, words for states. */
import { showDuration } from "../core/figures.ts";
import type { PackageRun, PackageState, Run } from "../events/run.ts";

export interface PageFacts {
  readonly run: Run;
  readonly packages: ReadonlyMap<string, PackageRun>;
  readonly dependents: ReadonlyMap<string, readonly string[]>;
  /** At least a moment, so that it can be divided by. */
  readonly spanMs: number;
}

export function factsOf(run: Run): PageFacts {
  const packages = new Map(run.packages.map((each) => [each.name, each]));
  const dependents = new Map<string, string[]>(run.packages.map(({ name }) => [name, []]));
  for (const { name, needs } of run.packages) {
    for (const need of needs) dependents.get(need)?.push(name);
  }
  for (const names of dependents.values()) names.sort();
  return { run, packages, dependents, spanMs: Math.max(1, run.durationMs) };
}

export const stateWords: Readonly<Record<PackageState, string>> = {
  built: "built",
  unchanged: "unchanged",
  reused: "reused",
  failed: "failed",
  blocked: "blocked",
  unfinished: "unfinished",
  "up-to-date": "up to date",
  untouched: "not begun",
};

/** `all that is needed` or `all that needs it`, without the package itself. */
export function reach(name: string, next: (name: string) => readonly string[]): string[] {
  const reached = new Set(next(name));
  for (const each of reached) for (const other of next(each)) reached.add(other);
  reached.delete(name);
  return [...reached];
}

export function isFound(name: string, query: string): boolean {
  return query !== "" && name.toLowerCase().includes(query);
}

/** Short steps are told apart, too. */
export function showTime(ms: number): string {
  return ms < 100 ? `${Math.round(ms)} ms` : showDuration(ms);
}
