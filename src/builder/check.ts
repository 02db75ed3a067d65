/**
 * A package's check: on the sealed stage, as it will be installed, while others are built on it.
 *
 * It runs where the package was built, so the scratch folder must still be there; the stage may have
 * been moved meanwhile. What a check writes is not a part of the package (I8).
 */
import type { BuildOutcome, CheckOutcome, Layer } from "./job.ts";
import { showStage } from "./on-stage.ts";
import { layerNamesFor, type Places } from "./places.ts";
import { runStep } from "./run-step.ts";
import type { PackageBuild } from "./package-build.ts";
import { settingOf } from "./step.ts";
import { scriptStep } from "./systems/index.ts";

/** Nothing when no check is wanted or possible. */
export function prepareCheck(build: PackageBuild): Pick<BuildOutcome & { kind: "built" }, "check"> {
  const { job, notes } = build;
  const script = job.recipe.check;
  if (script === undefined || !job.check) return {};
  if (job.isolation.kind === "none") {
    notes.push("its check was not run: without a view, it is not yet in its place");
    return {};
  }
  return {
    check: (stage, { tokens, besides = [] } = {}) => {
      const layers = [...besides, ...job.layers];
      const own = { ...job, layers, ...(tokens === undefined ? {} : { tokens }) };
      const places = withLayers(build, besides);
      // Its log has a number behind those of the build's steps.
      return check({ ...build, places, job: own, timings: [...build.timings] }, script, stage);
    },
  };
}

function withLayers({ context, job, places }: PackageBuild, besides: readonly Layer[]): Places {
  const names = layerNamesFor(context.world.disk, job, besides);
  const { layerNames } = places;
  return {
    ...places,
    layerNames: [...names.filter((name) => !layerNames.includes(name)), ...layerNames],
  };
}

/** `around` is a program, with arguments, that runs the check. */
export async function check(
  build: PackageBuild,
  script: string,
  stage: string,
  around: readonly string[] = [],
): Promise<CheckOutcome> {
  showStage(build, stage);
  const plain = scriptStep(settingOf(build), "check", script);
  const step = { ...plain, argv: [...around, ...plain.argv] };
  const outcome = await runStep(build, step, { onStage: true });
  const steps = build.timings.slice(-1);
  switch (outcome.kind) {
    case "interrupted":
      return outcome;
    case "failed":
      return { kind: "failed", steps, ...outcome.failure };
    case "done":
      return { kind: "passed", steps };
  }
}
