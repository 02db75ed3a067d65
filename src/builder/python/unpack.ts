/** The step that unpacks a wheel into the stage, from outside of the view. */
import { checkTags, readWheel, unpackWheel } from "../../wheel/index.ts";
import type { ActStep, Setting } from "../step.ts";

/** `wheelFile` is asked when the step runs; undefined when the step before made none. */
export function unpackStep(setting: Setting, wheelFile: () => string | undefined): ActStep {
  const { places, job, world } = setting;
  return {
    kind: "act",
    name: "unpack",
    title: `unpack the wheel into ${places.prefix}`,
    act: () => {
      const file = wheelFile();
      if (file === undefined) return { reason: "its backend did not name a wheel", hints: [] };
      if (job.python === undefined) return { reason: "no Python interpreter is known", hints: [] };
      const { disk } = world;
      const { scheme, supportedTags } = job.python;
      const wheel = readWheel(disk, file);
      checkTags(wheel, new Set(supportedTags));
      const interpreter = `${places.prefix}/bin/python`;
      unpackWheel({ disk, wheel, stage: places.stage, scheme, interpreter });
      return undefined;
    },
  };
}
