/** Why a build failed, read from its log, and how to know the failure again. Pure. */
export { explainLines, explainLog } from "./explain.ts";
export type {
  Explanation,
  FailedLog,
  FailureKind,
  Missing,
  SourcePlace,
  ProvidedKind,
} from "./explanation.ts";
export { fingerprintOf } from "./fingerprint.ts";
export { openLogReader } from "./log-reader.ts";
