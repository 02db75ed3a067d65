/** What the work on one package of a run has at hand, and how it can end. */
import type { CheckOutcome } from "../builder/index.ts";
import type { Digest } from "../core/index.ts";
import type { Executor } from "../execution/index.ts";
import type { CheckMode, Recipe } from "../recipe/index.ts";
import type { PackageTokens } from "../tokens/index.ts";
import type { Durations, Session } from "../workspace/index.ts";
import type { BuildFacts } from "./facts.ts";
import {
  askAgainLater,
  type Cause,
  describeFailure,
  type PackageFailure,
} from "./package-failure.ts";
import type { Recall } from "./recall-failures.ts";
import type { Resolved, Resolver } from "./resolver.ts";
import type { SessionCache } from "./session-cache.ts";

export interface PackageTask {
  readonly session: Session;
  readonly facts: BuildFacts;
  readonly resolver: Resolver;
  readonly name: string;
  readonly jobs: number;
  readonly check: CheckMode;
  readonly logFolder: string;
}

/** A package that is built, or checked, beside others. */
export interface RunTask extends PackageTask {
  /** Waits for the job token with which it runs; undefined when nothing is to be begun any more. */
  readonly admit: () => Promise<PackageTokens | undefined>;
  readonly durations: Durations;
  readonly recall: Recall;
  /** Given where it is built on another machine. */
  readonly executor?: Executor;
  readonly cache?: SessionCache;
  /** Whether the kernel killed it for want of memory once already. */
  readonly isRetry: boolean;
  /** Does it soon, when what waits for this package has begun. */
  readonly later: (act: () => void) => void;
}

export type TaskOutcome =
  | { readonly kind: "built"; readonly check?: PendingCheck }
  | { readonly kind: "reused" }
  /** Another process is at it, and said who it is. */
  | { readonly kind: "busy"; readonly holder: string }
  | { readonly kind: "failed"; readonly failure: () => PackageFailure }
  /** The first time: with nothing beside it, it may succeed. */
  | { readonly kind: "killed-for-memory" }
  /** It needs packages that were not planned for; they are noted. */
  | { readonly kind: "needs-more" }
  | { readonly kind: "interrupted" };

/** A check that may be run now. Until `release` it holds the scratch folder and the lock of its key. */
export interface PendingCheck {
  readonly run: (tokens: PackageTokens) => Promise<CheckOutcome>;
  /** Notes in the store that the result has passed. */
  readonly notePassed: () => void;
  /** It has failed: `release` leaves the scratch folder to a person. */
  readonly keep: () => void;
  readonly release: () => void;
}

/** What is to be given back, the last first. */
export type Held = (() => void)[];

/** What a build has while it runs. */
export interface Locked {
  readonly resolved: Resolved;
  /** Whose lock is held. */
  readonly lockKey: Digest;
  readonly held: Held;
  readonly tokens: PackageTokens;
  readonly durationMs: () => number;
}

export function fail(task: RunTask, recipe: Recipe, cause: Cause, durationMs: number): TaskOutcome {
  const failure = describeFailure(task, recipe, cause);
  task.session.options.emit({ kind: "build-failed", ...failure, durationMs });
  return { kind: "failed", failure: askAgainLater(task, failure, cause) };
}
