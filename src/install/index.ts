/** Changing a prefix: decide, journal, apply, recover. */
export type {
  Change,
  Conflict,
  Incoming,
  Recovery,
  TransactionOptions,
  TransactionOutcome,
} from "./change.ts";
export { resolveClaims, type Claimant, type Claims } from "./claims.ts";
export { recover } from "./recover.ts";
export { changePrefix } from "./transaction.ts";
