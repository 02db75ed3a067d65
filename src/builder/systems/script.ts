/** Build system `script`: the recipe's own shell script; and the recipe's check. */
import { type Disk, makeDirectories, removeTree } from "../../world/index.ts";
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
  placeScript(disk, `${work}/tenon`, { name: `${name}.sh`, script });
  return programStep(setting, name, ["sh", "-e", `${workInside}/tenon/${name}.sh`]);
}

/** A build that has run may have put a link here, by which the next script would be written elsewhere (I17). */
function placeScript(
  disk: Disk,
  folder: string,
  { name, script }: { readonly name: string; readonly script: string },
): void {
  if (disk.status(folder)?.type !== "directory") removeTree(disk, folder);
  makeDirectories(disk, folder);
  removeTree(disk, `${folder}/${name}`);
  disk.createFile(`${folder}/${name}`, script);
}
