/** What a recipe, a workspace and a lock file say, after validation. */
import type { About, Digest, Sha1 } from "../core/index.ts";
import type { PublicKey } from "../signing/index.ts";
import type { Companion } from "./companion.ts";

/**
 * How files come from the store into the prefix: as copies that share blocks where the file system
 * can, as second names of the same files, or as copies that share nothing.
 */
export const linkModes = ["reflink", "hardlink", "copy"] as const;
export type LinkMode = (typeof linkModes)[number];

/** What becomes of a package that needs a library of the machine's, or one that it will not find. */
export const hostLibraryModes = ["warn", "refuse", "allow"] as const;
export type HostLibraryMode = (typeof hostLibraryModes)[number];

export interface Workspace {
  /** `tenon.toml`, absolute. */
  readonly file: string;
  /** The folder that holds it, absolute. */
  readonly directory: string;
  /** Absolute. */
  readonly prefix: string;
  /** Where artifacts and sources are kept, absolute; the machine's own place when absent. */
  readonly store?: string;
  /** The interpreter that `python-venv` puts into the prefix: a name on PATH or an absolute path. */
  readonly python: string;
  /** Where builds find the machine's programs, absolute; the system's folders when absent. */
  readonly path?: readonly string[];
  readonly link: LinkMode;
  /** Of recipes that say nothing else. */
  readonly hostLibraries: HostLibraryMode;
  /** Libraries, by name, that are the machine's by right, besides the C library and the compilers'. */
  readonly systemLibraries: readonly string[];
  /** Do without RENAME_EXCHANGE where the prefix's file system has none. */
  readonly weakRenames?: boolean;
  /** Packages that no recipe wants any more stay in the prefix. */
  readonly keep?: boolean;
  /** Where others' results are taken from. */
  readonly cache?: CacheSettings;
  /** The folder with the recipes, absolute; undefined when it is the default and is not there. */
  readonly recipesFolder?: string;
  /** Set for every build. */
  readonly env: Readonly<Record<string, string>>;
  /** By name, sorted by name. */
  readonly recipes: ReadonlyMap<string, Recipe>;
  readonly lock: Lockfile;
  readonly knownFailures: readonly KnownFailure[];
  /** What the recipes' files say, by package name: only to show where a mistake is. */
  readonly texts?: ReadonlyMap<string, string>;
  /** The build system whose packages these are, where they are not tenon's own recipes. */
  readonly companion?: Companion;
  /** Where packages are built besides here. */
  readonly execution?: Execution;
}

/** Workers that build packages: by way of a folder that all of them see at the same path, or of a server. */
export interface Execution {
  readonly system: "slurm" | "command" | "reapi";
  /** Absolute; the address of the server for `reapi`. */
  readonly place: string;
  /** How many jobs each build has there. */
  readonly jobs: number;
  /** How many builds there are at once. */
  readonly atOnce: number;
  /** More arguments of sbatch. */
  readonly arguments: readonly string[];
  /** What starts a worker, whose own command line follows; the worker runs here when it is empty. */
  readonly command: readonly string[];
  /** Which workers of a server are meant. */
  readonly platform: Readonly<Record<string, string>>;
  /** The address of the server's blobs, where it is another one. */
  readonly storage?: string;
  /** How long a build may take on a worker of a server; as long as the server lets it when absent. */
  readonly timeoutMs?: number;
  /** Node.js, as a name on the workers' PATH or an absolute path. */
  readonly node: string;
  /** Where a worker keeps what it has unpacked, absolute; its own place when absent. */
  readonly workerStore?: string;
  /** What is expected to take less is built here. */
  readonly shortestMs: number;
}

/** A shared cache. Places are addresses, or absolute folders. */
export interface CacheSettings {
  readonly url: string;
  /** Where `tenon push` writes to; nothing of the workspace is pushed when absent. */
  readonly push?: string;
  /** Whose signatures count. */
  readonly keys: readonly PublicKey[];
  /** How many of them a result needs; none when 0. */
  readonly require: number;
}

/** A failure that the team knows; of all packages when none is named. A note or a link is there. */
export interface KnownFailure {
  readonly fingerprint: string;
  readonly package?: string;
  readonly note?: string;
  readonly link?: string;
}

export const buildSystems = [
  "autotools",
  "cmake",
  "make",
  "meson",
  "python",
  "python-venv",
  "script",
  "wheel",
] as const;
export type BuildSystem = (typeof buildSystems)[number];

export interface Recipe {
  readonly name: string;
  readonly version: string;
  /** The recipe's file, absolute; where errors point to. Empty for a built-in recipe. */
  readonly file: string;
  /**
   * For whom `tenon add` or `tenon import` has written it: `add`, the file that was imported, or
   * `dependents`. Absent for what a person has written.
   */
  readonly wantedBy?: string;
  readonly source?: Source;
  /** Applied in order with `-p1`, absolute. */
  readonly patches: readonly string[];
  /** The Cargo.lock whose crates are fetched with the source, relative to its root. */
  readonly crates?: string;
  readonly depends: Dependencies;
  readonly build: BuildPlan;
  /** A shell script that is run after the build, in the view. */
  readonly check?: string;
  /** Instead of what the workspace says. */
  readonly hostLibraries?: HostLibraryMode;
  readonly stage: StageRules;
  /** Has no part in how it is built. */
  readonly about?: About;
}

export interface Dependencies {
  /** In the view while building. */
  readonly build: readonly string[];
  /** In the view while building, and wherever the package is used. */
  readonly run: readonly string[];
  /** In the view of the check besides. These may lead in a circle: a check comes after its build. */
  readonly check?: readonly string[];
}

export interface BuildPlan {
  readonly system: BuildSystem;
  /** A POSIX shell script, only with system `script`. */
  readonly script?: string;
  /** Given to configure, cmake, meson setup or make; for `python`: config settings `key=value`. */
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** The folder below the source's root in which to build. */
  readonly directory?: string;
  /** False: it is built at the prefix's own path, and so is what is built with it. */
  readonly relocatable?: false;
  /** Its pip chooses from the index what it installs: the only build that has a network. */
  readonly online?: true;
  /** A script does no more than unpack it: what it needs at run time has no part in its build. */
  readonly unpacked?: true;
  /** What it uses outside of the prefix and its own folders, absolute. No file can say so of itself. */
  readonly outside?: {
    readonly shown: readonly string[];
    readonly writable: readonly string[];
    /** Writable, too, and made where they are not there: objects that the next build goes on with. */
    readonly own?: readonly string[];
  };
}

export interface StageRules {
  /** Paths of the stage that are left out, relative to the prefix; a folder means all below it. */
  readonly drop: readonly string[];
  /** Paths that this package may take over from another. */
  readonly takesOver: readonly string[];
  /** Links of other packages to folders that this package may install through. */
  readonly throughLinks?: readonly string[];
}

export type Source = PathSource | UrlSource | GitSource | PypiSource;

export interface PathSource {
  readonly kind: "path";
  /** Absolute. */
  readonly path: string;
}

export interface UrlSource {
  readonly kind: "url";
  /** The same file at several places, tried in order; at least one. */
  readonly urls: readonly string[];
  readonly sha256?: Digest;
  /** Where there is no sha256: a source is pinned only when it has this sha1. */
  readonly sha1?: Sha1;
  /** Given to the build under this name, as it is: nothing unpacks it. */
  readonly fileName?: string;
  /** All places are asked at once, and the first that answers gives it. */
  readonly raced?: boolean;
  /** Lists of mirrors, by their addresses, and where the file lies below each mirror. */
  readonly mirrorLists?: readonly { readonly url: string; readonly path: string }[];
  /** A project on the package index, in the index's own form, that has the same file. */
  readonly project?: string;
}

export interface GitSource {
  readonly kind: "git";
  readonly repository: string;
  /** A commit, tag or branch; only a full commit id needs no lock. */
  readonly revision: string;
  /** Of the exported tree. */
  readonly sha256?: Digest;
}

export interface PypiSource {
  readonly kind: "pypi";
  /** In the index's own form (PEP 503): lower case, one `-` for every run of `-`, `_` and `.`. */
  readonly project: string;
  readonly version: string;
  readonly distribution: "sdist" | "wheel";
  readonly sha256?: Digest;
}

/** `tenon.lock`: what was pinned, by package name. */
export type Lockfile = ReadonlyMap<string, Pin>;

export interface Pin {
  readonly package: string;
  /** One line that says which source was pinned: a pin for another source is out of date. */
  readonly source: string;
  readonly sha256: Digest;
  /** The file's name on the index, for `pypi`. */
  readonly file?: string;
  /** The full commit id, for `git`. */
  readonly commit?: string;
}
