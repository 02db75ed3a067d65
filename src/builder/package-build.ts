/** One package's build under way, and what becomes of a step. */
import type { Usage } from "../core/index.ts";
import type { Environment } from "../view/index.ts";
import type { BuildContext, BuildJob, StepFailure, StepTiming } from "./job.ts";
import type { Places } from "./places.ts";

export interface PackageBuild {
  readonly context: BuildContext;
  readonly job: BuildJob;
  readonly places: Places;
  readonly environment: Environment;
  /** In the order in which they ended. */
  readonly timings: StepTiming[];
  readonly notes: string[];
}

export type StepOutcome =
  | { readonly kind: "done" }
  | { readonly kind: "interrupted" }
  | { readonly kind: "failed"; readonly failure: StepFailure };

/** What the log and the timing say of a step. */
export interface StepEnd {
  readonly words: string;
  readonly failure?: StepFailure;
  readonly used?: Omit<Usage, "wallMs">;
}
