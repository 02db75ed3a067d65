/** What a prefix holds: records, ownership, its lock, and whether it is as recorded. */
export {
  isStatePath,
  type Guard,
  layoutOf,
  resolvePrefix,
  statePath,
  type PrefixLayout,
} from "./layout.ts";
export {
  holderOf,
  isPrefixLocked,
  lastHolding,
  lockPrefix,
  parseHolder,
  tryLockPrefix,
  type LockOptions,
} from "./lock.ts";
export { type InstalledPackages, openInstalled } from "./ownership/installed.ts";
export { parseCatalogue } from "./ownership/catalogue.ts";
export { openTable, readTable } from "./ownership/table.ts";
export {
  isTime,
  isTransactionId,
  parseHistoryEntry,
  type RecordedChange,
  type RecordedTransaction,
  readHistoryEntry,
  transactionIds,
} from "./history-entry.ts";
export {
  checkStateFolders,
  checkFolder,
  listState,
  listStateItems,
  readOwnFile,
  readState,
  recordLimitBytes,
  smallLimitBytes,
} from "./state-files.ts";
export { lockModeBelow, makeLayout, modeBelow, unmakeLayout } from "./make-layout.ts";
export { refreshOwnership } from "./ownership/refresh.ts";
export {
  foundBefore,
  parseRecord,
  parseRecordHead,
  renderRecord,
  type PackageRecord,
  type RecordHead,
} from "./record.ts";
export {
  entriesOf,
  ownersOf,
  readRecord,
  readRecordHeads,
  readRecords,
  readRecordsIn,
  recordFile,
  type Owned,
} from "./records.ts";
export { findStaleBytecode, isStaleBytecode } from "./stale-bytecode.ts";
export { findForeign, holdsForeign, listForeign, verifyRecords, type Deviation } from "./verify.ts";
