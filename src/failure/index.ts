/** Why a build failed, read from its log, and how to know the failure again. Pure. */
export { explainLog } from "./explain.ts";
export type { Explanation, FailedLog, FailureKind, Missing, ProvidedKind } from "./explanation.ts";
export { fingerprintOf } from "./fingerprint.ts";
