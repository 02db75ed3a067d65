/** Whose folders are believed. */
export {
  openTrustedStore,
  type TrustOptions,
  requireTrusted,
  requireTrustedPrograms,
  workspaceGuard,
  openPrefixLayout,
  readConfigurations,
  requireTrustedStore,
} from "./trust.ts";
