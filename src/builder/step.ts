/** A step of a build: a program that is run in the view, or an act of tenon's own. */
import type { Missing } from "../failure/index.ts";
import type { World } from "../world/index.ts";
import { expandFor } from "./environment.ts";
import type { Environment } from "../view/index.ts";
import type { BuildJob, StepFailure } from "./job.ts";
import type { Places } from "./places.ts";
import type { PackageBuild } from "./package-build.ts";

export type Step = ProgramStep | ActStep;

export interface ProgramStep {
  readonly kind: "program";
  readonly name: string;
  readonly argv: readonly string[];
  /** As the build sees it. */
  readonly directory: string;
  /** What the program told of its failure in a file of its own. */
  readonly explain?: () => ProgramExplanation | undefined;
}

export interface ActStep {
  readonly kind: "act";
  readonly name: string;
  /** For the log. */
  readonly title: string;
  readonly act: () => Promise<StepRefusal | undefined> | StepRefusal | undefined;
}

export type StepRefusal = Pick<StepFailure, "reason" | "hints">;

/** Who provides what is missing, is found by whoever ran the program. */
export interface ProgramExplanation {
  readonly reason: string;
  readonly missing: readonly Missing[];
}

/** What a build system sees of a package when it makes its steps. */
export interface Setting {
  readonly world: World;
  readonly job: BuildJob;
  readonly places: Places;
  readonly environment: Environment;
  /** The recipe's arguments, expanded. */
  readonly args: readonly string[];
}

export function settingOf({ context, job, places, environment }: PackageBuild): Setting {
  const { recipe } = job;
  const args = recipe.build.args.map((argument) => expandFor(recipe, argument, environment));
  return { world: context.world, job, places, environment, args };
}

/** The source is in its place. What cannot be built at all gives an explanation. */
export type MakeSteps = (setting: Setting) => readonly Step[] | StepRefusal;

/** A program in the folder of the source, unless another one is named. */
export function programStep(
  setting: Setting,
  name: string,
  argv: readonly string[],
  directory = setting.places.sourceInside,
): ProgramStep {
  return { kind: "program", name, argv, directory };
}

export function isExplanation(made: readonly Step[] | StepRefusal): made is StepRefusal {
  return "reason" in made;
}
