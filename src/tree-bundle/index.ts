/** A whole built tree, such as a SageMath checkout, as one archive that comes to name the place where it is unpacked. */
export { namedSet, type SetName, setNames } from "./named-sets.ts";
export { choose, type Pattern } from "./patterns.ts";
export { planRelocation, type RelocationPlan } from "./plan-relocation.ts";
export { programName, placesFile, relocationFolder, renderRelocateOnce } from "./relocate-once.ts";
export { type Staged, stageTree } from "./stage-tree.ts";
export { type AddedFile, treeArchive, treeMembers, type TreeToPack } from "./tree-members.ts";
export { type ArchiveForm, writeCompressed } from "./compress.ts";
