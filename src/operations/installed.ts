/** What `tenon install` has done. */
import type { UnmetRequirement } from "../distributions/index.ts";

export interface InstallResult {
  readonly kind: "installed";
  readonly packages: readonly InstalledVersion[];
  /** What Python distributions need and have not; absent for a staged tree. */
  readonly unmet?: readonly UnmetRequirement[];
}

export interface InstalledVersion {
  readonly name: string;
  readonly version: string;
}
