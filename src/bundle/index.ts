/** Bundles: packages as one file that unpacks itself, and has them name the place, without tenon. */
export type { PortablePackage } from "./payload.ts";
export {
  type Asked,
  type FileNeeds,
  needsOf,
  type Requirements,
  requirementsOf,
} from "./requirements.ts";
export { memberSeconds } from "./tar-writer.ts";
export { billPath, type BundleToWrite, transactionOf, writeBundle } from "./write-bundle.ts";
