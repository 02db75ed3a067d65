/** Words that every room shares: errors, digests, paths, manifests, events. */
export { type About, isAbout, isVariableName, type PublishedSource } from "./about.ts";
export { assert, TenonError, unreachable, type ErrorKind } from "./errors.ts";
export {
  canonicalJson,
  digestOf,
  digestOfJson,
  isDigest,
  startDigest,
  startSha1,
  type Digest,
  type Json,
  type Sha1,
} from "./digest.ts";
export {
  ancestorsOf,
  compareText,
  isByProduct,
  isWithin,
  joinPath,
  longestNameBytes,
  longestPathBytes,
  nameOf,
  parentOf,
  pathDefect,
  tooLong,
} from "./paths.ts";
export {
  digestOfManifest,
  fromRows,
  addEntries,
  makeManifest,
  namesPrefix,
  sameEntry,
  summarize,
  toRow,
  type DirectoryEntry,
  type Entry,
  type FileEntry,
  type LinkEntry,
  type Manifest,
  type ManifestSummary,
  type NamingFile,
} from "./manifest.ts";
export { withoutCredentials } from "./credentials.ts";
export { hasNameForm, isPackageName, longestName, packageNameRule } from "./package-name.ts";
export { quoteForFish, quoteForShell, shellWord, typedWord } from "./shell-words.ts";
export {
  eventFormat,
  type Event,
  type EventBody,
  type EventSink,
  type FailureFacts,
  type GraphPackage,
  type Recurrence,
  type StrayLibrary,
  type Usage,
} from "./events.ts";
export { nearestName, nearestOf } from "./nearest-name.ts";
export { pathOfFileUrl } from "./local-url.ts";
export { firstWhere, insertSorted } from "./sorted.ts";
export { showKnown, showSeen } from "./failure-words.ts";
export {
  showCount,
  showMoment,
  showNames,
  showSize,
  showDuration,
  showNumber,
  showRoughly,
  showSeconds,
} from "./figures.ts";
export { lastOverwritten, plainText, colouredLine, withoutEscapes } from "./printed.ts";
export { oneLine, visibleJson, visible, visibleLines } from "./visible.ts";
export { bytesOf, timeSpanOf } from "./quantities.ts";
