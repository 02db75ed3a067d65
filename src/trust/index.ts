/** Whose folders are believed. */
export {
  openTrustedStore,
  type TrustOptions,
  requireTrusted,
  workspaceGuard,
  openPrefixLayout,
} from "./trust.ts";
