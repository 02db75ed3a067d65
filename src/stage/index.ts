/** Stages: a built tree becomes a manifest; wheels are unpacked into one. */
export { sealStage, type SealedStage, type SealRules } from "./seal-stage.ts";
export { checkWheelFile, readWheel, type Wheel } from "./wheel.ts";
export { neededLibraries, type NeededLibraries } from "./needed-libraries.ts";
export { checkPython, checkTags } from "./wheel-tags.ts";
export { parseWheelName, type WheelName } from "./wheel-name.ts";
export { type EntryPoint, parseHeaders } from "./wheel-metadata.ts";
export type { InstallScheme } from "./wheel-plan.ts";
export {
  type DirectUrl,
  unpackWheel,
  type UnpackedWheel,
  type UnpackWheelOptions,
} from "./unpack-wheel.ts";
