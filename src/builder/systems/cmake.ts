/**
 * Build system `cmake`: a release build in a folder of its own, which is where its commands run, too:
 * programs of `try_run` write into the folder that they run in, and are looked for in that one.
 */
import { libraryFolders } from "../environment.ts";
import { type MakeSteps, programStep } from "../step.ts";

export const cmakeSystem: MakeSteps = (setting) => {
  const { prefix, sourceInside, workInside } = setting.places;
  const output = `${workInside}/out`;
  const options = [
    "-DCMAKE_BUILD_TYPE=Release",
    `-DCMAKE_INSTALL_PREFIX=${prefix}`,
    "-DCMAKE_INSTALL_LIBDIR=lib",
    `-DCMAKE_INSTALL_RPATH=${libraryFolders(prefix).join(";")}`,
    ...setting.args,
  ];
  return [
    programStep(
      setting,
      "configure",
      ["cmake", "-S", sourceInside, "-B", output, ...options],
      output,
    ),
    programStep(setting, "build", ["cmake", "--build", output], output),
    programStep(setting, "install", ["cmake", "--install", output], output),
  ];
};
