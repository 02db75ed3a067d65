/** One file that an index or a folder has of a Python project. */
import type { Digest } from "../core/index.ts";
import type { Address } from "./address.ts";

export interface ProjectFile {
  readonly name: string;
  readonly address: Address;
  readonly sha256?: Digest;
  readonly sizeBytes?: number;
  /** The simple index that lists it; absent for a file of a folder or of a page with links. */
  readonly index?: string;
  readonly requiresPython?: string;
  /** Why the file was taken back, possibly empty; absent when it was not. */
  readonly yanked?: string;
}
