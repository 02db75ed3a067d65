/** What was found out about a machine before anything is said about it. */
import type { Isolation } from "../view/index.ts";

export interface MachineState {
  /** Of tenon and of the Node.js that runs it. */
  readonly versions: { readonly tenon: string; readonly node: string };
  /** As the distribution calls itself: `Debian GNU/Linux 12 (bookworm)`. */
  readonly system?: string;
  /** `6.1.0-18-amd64` */
  readonly kernel?: string;
  /** As Node names it: `x64`. */
  readonly architecture: string;
  readonly isRoot: boolean;
  readonly processors: number;
  readonly availableBytes: number;
  /** The soft limits on what one process may have; undefined where there is none. */
  readonly limits: { readonly openFiles?: number; readonly processes?: number };
  readonly namespaces: NamespaceSettings;
  /** Undefined where it could not be tried. */
  readonly isolation?: Isolation;
  readonly store: PlaceFacts | Problem;
  /** Absent where no workspace and no prefix was named. */
  readonly prefix?: PlaceFacts | Problem;
  /** Whether the store and the prefix are on one file system. */
  readonly together?: boolean;
  /** Whether a make started this command, and whether its jobs can be had. */
  readonly make: "none" | "reachable" | "unreachable";
  /** The programs that were looked for and are not there. */
  readonly missing: readonly string[];
}

/** What the kernel is set to; undefined where it has no such setting. */
export interface NamespaceSettings {
  readonly userLimit?: number;
  readonly unprivileged?: boolean;
  readonly restrictedByAppArmor?: boolean;
}

export interface PlaceFacts {
  readonly path: string;
  /** `ext4`; undefined where it is not known. */
  readonly fileSystem?: string;
  readonly freeBytes?: number;
  readonly isWritable: boolean;
  /** Undefined where it was not tried. */
  readonly reflinks?: boolean;
  readonly renameFlags?: boolean;
}

/** Why a place cannot be used, in tenon's own words. */
export interface Problem {
  readonly problem: string;
  readonly cures: readonly string[];
}
