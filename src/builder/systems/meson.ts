/** Build system `meson`: a release build in a folder of its own. */
import { type MakeSteps, programStep } from "../step.ts";

export const mesonSystem: MakeSteps = (setting) => {
  const { prefix, sourceInside, workInside } = setting.places;
  const output = `${workInside}/out`;
  const options = [`--prefix=${prefix}`, "--libdir=lib", "--buildtype=release", ...setting.args];
  const { jobs, tokens } = setting.job;
  const parallelism = tokens === undefined ? ["-j", String(jobs)] : [];
  return [
    programStep(setting, "setup", ["meson", "setup", output, sourceInside, ...options]),
    programStep(setting, "build", ["meson", "compile", "-C", output, ...parallelism]),
    programStep(setting, "install", ["meson", "install", "-C", output, "--no-rebuild"]),
  ];
};
