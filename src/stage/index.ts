/** Stages: a built tree becomes a manifest; wheels are unpacked into one. */
export { sealStage, type SealedStage, type SealRules } from "./seal-stage.ts";
export { mayBeLoaded, neededLibraries, type NeededLibraries } from "./needed-libraries.ts";
export { isInterpreterFile } from "./interpreter-files.ts";
export {
  makeIndependent,
  reachedFromElsewhere,
  relatedTarget,
  replaceContent,
} from "./make-independent.ts";
