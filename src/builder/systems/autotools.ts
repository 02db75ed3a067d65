/** Build system `autotools`: configure, make, make install. */
import { exists } from "../../world/index.ts";
import { type MakeSteps, programStep } from "../step.ts";

export const autotoolsSystem: MakeSteps = (setting) => {
  const { disk } = setting.world;
  const { source, prefix, destdir } = setting.places;
  const has = (name: string): boolean => exists(disk, `${source}/${name}`);
  const isGenerated = has("configure");
  if (!isGenerated && !has("configure.ac") && !has("configure.in")) {
    return {
      reason: "the source has neither configure nor configure.ac",
      hints: ["Name its folder with build.directory, or choose another build.system."],
    };
  }
  return [
    ...(isGenerated ? [] : [programStep(setting, "autoreconf", ["autoreconf", "-fi"])]),
    programStep(setting, "configure", ["./configure", `--prefix=${prefix}`, ...setting.args]),
    programStep(setting, "build", ["make"]),
    programStep(setting, "install", ["make", "install", `DESTDIR=${destdir}`]),
  ];
};
