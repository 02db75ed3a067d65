/** What a file of Python requirements asks for, whatever its format. */
import type { Digest } from "../../core/index.ts";
import type { MarkerEnvironment, Requirement } from "../../requirements/index.ts";
import type { Mistake } from "../mistakes.ts";

export interface Wanted {
  /** What applies to this interpreter; from a lock file, each with its one version. */
  readonly requirements: readonly Requirement[];
  /** Bounds on versions of what is needed anyway. */
  readonly constraints: readonly Requirement[];
  /** By project: the only files that may be used, where the file says so. */
  readonly digests: ReadonlyMap<string, ReadonlySet<Digest>>;
  /** `--no-binary` and `--only-binary` of the file: projects, or `:all:`. */
  readonly noBinary: readonly string[];
  readonly onlyBinary: readonly string[];
}

export interface WantedFile {
  /** Absolute. */
  readonly file: string;
  readonly shownAs: string;
  readonly content: Uint8Array;
}

export interface WantedContext {
  readonly environment: MarkerEnvironment;
  /** Of the project that a lock file is for. */
  readonly extras: readonly string[];
  readonly groups: readonly string[];
  readonly mistakes: Mistake[];
}
