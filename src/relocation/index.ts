/** Relocation: where a file names the prefix, and how it comes to name another one; pure. */
export { type ElfFile, elfTags, readElf, segmentInterpreter } from "./elf.ts";
export { insideOf, type Patch, patchRunPaths, type Surroundings, wayBetween } from "./run-paths.ts";
export { placeholder, placeholderVersion, sayPrefix, targetDefect, twin } from "./placeholder.ts";
export { startScan } from "./scan.ts";
export { findInName, findPlaces, type Mentions } from "./find.ts";
export { containerOf } from "./containers.ts";
export { fromMapRow, type MapPlace, type RelocationMap, toMapRow } from "./map.ts";
export {
  artifactEntry,
  type EntryAt,
  originalOf,
  relocateFile,
  relocateFiles,
} from "./relocate-files.ts";
export { describePin, type FilePin, filePinFor, isFilePin, type PinnedSpot } from "./pins.ts";
export { findRows, isRecordPath, listedFiles, pathOfRow } from "./record-rows.ts";
export { type ListedFile, relocate, type Relocation, undoRelocation } from "./relocate.ts";
export { unpackStored } from "./gzip-stored.ts";
export { hasPackedSections } from "./find-in-binary.ts";
export { type Renamed, renamer, type Renaming } from "./rename-path.ts";
export { compareTwins, type TwinComparison } from "./compare-twins.ts";
export { placeFinder } from "./places-of-path.ts";
