/** What this machine allows, and what that means for builds: the answers of `tenon doctor`. */
export { canBuild, type Finding, judge } from "./judge.ts";
export type { MachineState } from "./facts.ts";
export { look, type LookOptions } from "./look.ts";
