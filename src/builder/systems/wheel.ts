/** Build system `wheel`: the source is a wheel, which is unpacked; no program is run. */
import { unpackStep } from "../python/unpack.ts";
import type { MakeSteps } from "../step.ts";

export const wheelSystem: MakeSteps = (setting) => {
  const { source } = setting.places;
  const wheels = setting.world.disk
    .list(source)
    .filter((item) => item.type === "file" && item.name.endsWith(".whl"));
  const [wheel, second] = wheels;
  if (wheel === undefined || second !== undefined) {
    return {
      reason: `the source holds ${wheels.length} wheels, and one is needed`,
      hints: ["Name a .whl file as the source."],
    };
  }
  return [unpackStep(setting, () => `${source}/${wheel.name}`)];
};
