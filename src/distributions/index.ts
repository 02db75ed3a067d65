/** The Python distributions in a prefix, whoever has installed them. */
export {
  type Distribution,
  distributionsIn,
  filesOf,
  isListed,
  pythonSites,
  distributionsOf,
} from "./distributions.ts";
export { findGone } from "./find-gone.ts";
export { refuseOutside } from "./refuse-outside.ts";
export { type OutsideChange, findOutsideChanges } from "./outside-changes.ts";
export { compileBytecode } from "./compile-bytecode.ts";
export { findPython, type FoundPython } from "./find-python.ts";
export { describeUnmet, type UnmetRequirement } from "./unmet-requirements.ts";
export { projectsNeeded, unmetAfter } from "./wheel-requirements.ts";
