/** What a prefix holds: records, ownership, its lock, and whether it is as recorded. */
export {
  isStatePath,
  layoutOf,
  makeLayout,
  makeLock,
  modeBelow,
  unmakeLayout,
  resolvePrefix,
  statePath,
  type PrefixLayout,
} from "./layout.ts";
export {
  lastHolding,
  lockPrefix,
  tryLockPrefix,
  type LockHolder,
  type LockOptions,
} from "./lock.ts";
export { type Installed, openInstalled } from "./ownership/installed.ts";
export { transactionIds } from "./ownership/catalogue.ts";
export { refreshOwnership } from "./ownership/refresh.ts";
export {
  foundBefore,
  parseRecord,
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
export { findForeign, holdsForeign, listForeign, verifyRecords, type Finding } from "./verify.ts";
