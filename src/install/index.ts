/** Changing a prefix: decide, journal, apply, recover, roll back. */
export { isDamage } from "./bring-file.ts";
export type {
  Change,
  Conflict,
  Incoming,
  Recovery,
  RewrittenFile,
  TransactionOptions,
  TransactionOutcome,
  Wishes,
} from "./change.ts";
export { resolveClaims, type Claimant, type Claims } from "./claims.ts";
export { collectDisplaced, type Collected } from "./collect.ts";
export { findContent } from "./find-content.ts";
export { readHistory, type HistoryChange, type HistoryEntry } from "./history.ts";
export { linkOrCopy } from "./link-or-copy.ts";
export { journalDamage } from "./journal.ts";
export { hasLeftovers, isRecoveryDue } from "./leftovers.ts";
export { recover, removeAbandoned } from "./recover.ts";
export { carriedOf } from "./carried.ts";
export { restore } from "./restore.ts";
export { displacedTrees, workplaceOf } from "./workplace.ts";
export { previewConflicts } from "./preview.ts";
export { planRollback } from "./rollback.ts";
export { changePrefix } from "./transaction.ts";
