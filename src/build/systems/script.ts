/** Build system `script`: the recipe's own shell script; and the recipe's check. */
import { makeDirectories } from "../../world/index.ts";
import { type MakeSteps, programStep, type ProgramStep, type Setting } from "../step.ts";

export const scriptSystem: MakeSteps = (setting) => {
  const { script } = setting.job.recipe.build;
  return script === undefined
    ? { reason: "the recipe has no script", hints: ["Give one as build.script."] }
    : [scriptStep(setting, "script", script)];
};

/** The script is kept as a file: an argument is limited to 128 KiB, and a person may look at it. */
export function scriptStep(setting: Setting, name: string, script: string): ProgramStep {
  const { work, workInside } = setting.places;
  const { disk } = setting.world;
  makeDirectories(disk, `${work}/tenon`);
  disk.createFile(`${work}/tenon/${name}.sh`, script);
  return programStep(setting, name, ["sh", "-e", `${workInside}/tenon/${name}.sh`]);
}
