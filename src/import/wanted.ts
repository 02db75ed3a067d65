/** What a file of Python requirements asks for, whatever its format. */
import type { Digest } from "../core/index.ts";
import type { MarkerEnvironment, Requirement } from "../requirements/index.ts";
import type { GitSource, Mistake, PathSource, UrlSource } from "../recipe/index.ts";

export interface Requested {
  /** What applies to this interpreter; from a lock file, each with its one version or address. */
  readonly requirements: readonly Requirement[];
  /** Of these, by name, what was asked for and is not only needed; all where the file does not say. */
  readonly asked?: ReadonlySet<string>;
  /** Bounds on versions of what is needed anyway. */
  readonly constraints: readonly Requirement[];
  /** By project: the only files that may be used, where the file says so. */
  readonly digests: ReadonlyMap<string, ReadonlySet<Digest>>;
  /** By project: what comes from a repository, a folder or an address instead of the index. */
  readonly direct: ReadonlyMap<string, DirectProject>;
  /** `--no-binary` and `--only-binary` of the file: projects, or `:all:`. */
  readonly noBinary: readonly string[];
  readonly onlyBinary: readonly string[];
  /** `--pre`: versions before a release will do. */
  readonly allowsPreviews: boolean;
}

/** A project with its own source, and the version that it has there. */
export interface DirectProject {
  readonly version: string;
  readonly source: PathSource | GitSource | UrlSource;
  /** The folder below the source's root that is the project. */
  readonly directory?: string;
  /** What it needs at run time, by name, where the file says so: nobody has to look into its source. */
  readonly needs?: readonly string[];
}

/** Of a TOML document. */
export type Table = Readonly<Record<string, unknown>>;

export const emptyWanted: Requested = {
  requirements: [],
  constraints: [],
  digests: new Map(),
  direct: new Map(),
  noBinary: [],
  onlyBinary: [],
  allowsPreviews: false,
};

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
  /** The caller's environment, for `${NAME}` in requirements. */
  readonly variables: Readonly<Record<string, string>>;
  readonly mistakes: Mistake[];
}
