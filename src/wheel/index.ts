/** Wheels: reading, checking and unpacking them, and the shelf of those that are unpacked. */
export type { InstallScheme } from "./wheel-plan.ts";
export { checkTags, checkPython } from "./wheel-tags.ts";
export { readWheel, type Wheel } from "./wheel.ts";
export { unpackWheel, type UnpackedWheel } from "./unpack-wheel.ts";
export {
  dropDamaged,
  lookUpWheel,
  type ShelvedWheel,
  unpackWheels,
  type WheelTree,
} from "./wheel-shelf.ts";
export { parseHeaders } from "./wheel-metadata.ts";
export { parseWheelName } from "./wheel-name.ts";
export { renewRecord, renewRows } from "./wheel-record.ts";
export type { WheelFacts } from "./wheel-note.ts";
