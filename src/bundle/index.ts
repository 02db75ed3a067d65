/** Bundles: packages as one file that unpacks itself, and has them name the place, without tenon. */
export type { PortablePackage } from "./payload.ts";
export { openBundle, type OpenBundle } from "./read-bundle.ts";
export {
  type AskedPath,
  type FileNeeds,
  needsOf,
  type Requirements,
  requirementsOf,
} from "./requirements.ts";
export { archiveEnd, inLargePieces, memberHead, memberSeconds, memberTail } from "./tar-writer.ts";
export { billPath, historyOf, transactionOf, writeBundle, writeUnpacking } from "./write-bundle.ts";
export { type HeadFacts, renderHead } from "./head.ts";
export { secondLook } from "./relocating.ts";
