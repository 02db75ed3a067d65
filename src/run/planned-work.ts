/** What a build is about to do, and how long that may take. */
import { forecast, type Forecast, recipeOf, type WorkItem } from "../plan/index.ts";
import {
  type Selection,
  type Durations,
  type Invocation,
  openDurations,
  type Session,
  type SessionOptions,
} from "../workspace/index.ts";
import { createExpect, type Expect } from "./expectations.ts";
import type { BuildFacts } from "./facts.ts";
import type { Foreseen, SessionCache } from "./session-cache.ts";
import type { Leaving } from "./leaving.ts";
import type { Resolver } from "./resolver.ts";
import type { Looked, PlannedChange } from "./prefix-changes.ts";
import type { CheckMode } from "../recipe/index.ts";
import { awayLimit, chooseAway } from "./choose-away.ts";
import { fetchesAtOnce, nodeOf, workItems } from "./work-items.ts";

export interface BuildOptions extends SessionOptions {
  /** All packages of the workspace, or what it is usually built for, when empty and without a choice. */
  readonly packages: readonly string[];
  readonly choice?: Selection;
  /** As many as the machine has processors, or as the make that started this command has left. */
  readonly jobs?: number;
  readonly isolation: "auto" | "view" | "none";
  readonly failFast: boolean;
  /** Although something fails, let what is whole join. */
  readonly joinWhole?: boolean;
  /** Refuse a source without a pin, instead of pinning it. */
  readonly locked?: boolean;
  /** Packages stay in the prefix that no recipe wants any more. */
  readonly keep?: boolean;
  /** Bring back what a person has rolled back. */
  readonly again?: boolean;
  readonly dryRun: boolean;
  /** Run the recipes' checks after their builds; when absent, what a companion's own settings say. */
  readonly check?: CheckMode;
  /** What all builds together may use; what is free when they begin if absent. */
  readonly memoryBytes?: number;
  /** Build all here, whatever `[execution]` says. */
  readonly local?: boolean;
  /** The folder of tenon's own package, absolute, with `dist`: what workers run. */
  readonly program?: string;
  /** A private folder, absolute, of what builds that had nothing to do have looked at. */
  readonly notes?: string;
  /** For the record of the run. */
  readonly invocation?: Invocation;
}

export interface PlannedStack {
  readonly session: Session;
  readonly options: BuildOptions;
  readonly facts: BuildFacts;
  readonly resolver: Resolver;
  readonly order: readonly string[];
  readonly selected: readonly string[];
  /** What the prefix is to hold: all, or what was asked for with what it needs at run time. */
  readonly installed: readonly string[];
  readonly leaving: Leaving;
  readonly checkOf: (name: string) => CheckMode;
  readonly cache?: SessionCache;
  /** Of a plan: what would come from the cache. */
  readonly foreseen?: Foreseen;
}

export interface Plan {
  readonly kind: "planned";
  readonly order: readonly PlannedPackage[];
  readonly jobs: number;
  /** What the prefix would hold otherwise than now; what stays as it is is not listed. */
  readonly changes: readonly PlannedChange[];
  /** Of these, what a build does only when it is told to, because it was rolled back. */
  readonly undoing: readonly string[];
  /** As if all that may be out of date were. */
  readonly forecast: Forecast;
  /** Fetches, builds and checks that never ran here, whose durations are guesses. */
  readonly guessed: number;
}

export interface PlannedPackage {
  readonly name: string;
  readonly version: string;
  /** `cached`: the shared cache has it; `unknown`: it depends on the result of a build before it. */
  readonly state: "up-to-date" | "cached" | "build" | "unknown";
  /** How long its build is expected to take; absent for what is up to date. */
  readonly expectedMs?: number;
  /** From the recorded times of this workspace, or guessed. */
  readonly basis?: "recorded" | "guessed";
}

export function describePlan(
  stack: PlannedStack,
  { changes, undoing }: Looked,
  { outOfDate, jobs }: { readonly outOfDate: readonly string[]; readonly jobs: number },
): Plan {
  const { session, resolver, order, foreseen } = stack;
  const cached = new Set(foreseen?.names);
  const toBuild = outOfDate.filter((name) => !cached.has(name));
  const { items, expect } = planWork(stack, toBuild);
  const packages = order.map((name): PlannedPackage => {
    const { version } = recipeOf(session.workspace.recipes, name);
    if (resolver.artifacts.has(name)) return { name, version, state: "up-to-date" };
    if (cached.has(name)) return { name, version, state: "cached" };
    const { expectedMs, isRecorded } = expect("build", name);
    const basis = isRecorded ? "recorded" : "guessed";
    const known = foreseen?.resolver ?? resolver;
    const state = known.resolve(name) === undefined ? "unknown" : "build";
    return { name, version, state, expectedMs, basis };
  });
  const guessed = items.filter((item) => {
    const { kind, name } = nodeOf(item.name);
    return !expect(kind, name).isRecorded;
  });
  return {
    kind: "planned",
    order: packages,
    jobs,
    changes,
    undoing: undoing.map(({ name }) => name),
    forecast: forecast(items, { jobs, ahead: fetchesAtOnce, away: awayLimit(stack) }),
    guessed: guessed.length,
  };
}

interface PlannedWork {
  readonly items: readonly WorkItem[];
  readonly expect: Expect;
  readonly durations: Durations;
}

export function planWork(stack: PlannedStack, names: readonly string[]): PlannedWork {
  const { session, facts } = stack;
  const durations = openDurations(session.world, session.state.durations);
  const expect = createExpect(session, durations);
  const check = facts.isolation.kind === "view";
  const isAway = chooseAway(stack, expect);
  return { items: workItems(session, names, { expect, check, isAway }), expect, durations };
}
