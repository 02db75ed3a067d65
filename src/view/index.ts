/** A view: the private copy of the prefix that one build sees, in a root in which it can write to nothing else. */
export { removeFuseMarks } from "./fuse-marks.ts";
export type { Isolation } from "./isolation.ts";
export { emptyLayer, linkLayers } from "./layer-links.ts";
export type { ViewSights } from "./make-root.ts";
export { probeIsolation } from "./probe-isolation.ts";
export { findProgram, findSystemProgram, systemPath } from "./programs.ts";
export { readUsage } from "./usage.ts";
export {
  type ProgramCall,
  type Environment,
  plainCommand,
  refusalIn,
  viewCommand,
  type ViewMount,
} from "./view-command.ts";
export { buildFolder, skeletonName, workFolders } from "./work-places.ts";
