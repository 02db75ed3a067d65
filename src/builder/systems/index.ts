/** The build systems: each makes the ordered steps of one package. */
import type { BuildSystem } from "../../recipe/index.ts";
import type { MakeSteps } from "../step.ts";
import { autotoolsSystem } from "./autotools.ts";
import { cmakeSystem } from "./cmake.ts";
import { makeSystem } from "./make.ts";
import { mesonSystem } from "./meson.ts";
import { pythonVenvSystem } from "./python-venv.ts";
import { pythonSystem } from "./python.ts";
import { scriptSystem } from "./script.ts";
import { wheelSystem } from "./wheel.ts";

export { scriptStep } from "./script.ts";

export const systems: Readonly<Record<BuildSystem, MakeSteps>> = {
  autotools: autotoolsSystem,
  cmake: cmakeSystem,
  make: makeSystem,
  meson: mesonSystem,
  python: pythonSystem,
  "python-venv": pythonVenvSystem,
  script: scriptSystem,
  wheel: wheelSystem,
};
