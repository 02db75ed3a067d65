/** Whose folders are believed. */
export {
  openTrustedStore,
  type TrustOptions,
  requireTrusted,
  workspaceGuard,
  openPrefixLayout,
  readConfigurations,
  requireTrustedStore,
} from "./trust.ts";
