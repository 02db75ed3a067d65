/** Build system `make`: a Makefile that honours PREFIX and DESTDIR. */
import { type MakeSteps, programStep } from "../step.ts";

export const makeSystem: MakeSteps = (setting) => {
  const { prefix, destdir } = setting.places;
  const variables = [`PREFIX=${prefix}`, ...setting.args];
  return [
    programStep(setting, "build", ["make", ...variables]),
    programStep(setting, "install", ["make", "install", `DESTDIR=${destdir}`, ...variables]),
  ];
};
