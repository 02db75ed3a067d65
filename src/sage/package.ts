/** What build/pkgs/NAME of a SageMath checkout says about one package. */
import type { Digest, Sha1 } from "../core/index.ts";

export const packageTypes = ["base", "standard", "optional", "experimental"] as const;
export type PackageType = (typeof packageTypes)[number];

/** How a package is made: from an archive, a wheel, by pip, by its own script, or not at all. */
export type SourceType = "normal" | "wheel" | "pip" | "script" | "none";

export interface SagePackage {
  readonly name: string;
  /** Absolute. */
  readonly directory: string;
  readonly type: PackageType;
  readonly source: SourceType;
  /** With the patch level, as in the names of stamps: `1.2.p3`; undefined where no file says one. */
  readonly version: string | undefined;
  /** The name on the package index; undefined for what is no Python package. */
  readonly distribution: string | undefined;
  /** Its package URL: the other name by which packages ask for it. */
  readonly purl: string;
  /** The variables that name the prefixes it goes to: `SAGE_LOCAL`, `SAGE_VENV`. */
  readonly trees: readonly string[];
  /** In the order of checksums.ini; of several, each is for other machines. */
  readonly archives: readonly Archive[];
  /** What its files say of dependencies, not yet resolved. */
  readonly written: WrittenDependencies;
  /** The folder that its `src` leads to, absolute. */
  readonly sourceFolder: string | undefined;
}

export interface Archive {
  readonly fileName: string;
  readonly sha256: Digest | undefined;
  /** All that checkouts before 10.4 have. */
  readonly sha1: Sha1 | undefined;
  readonly upstreamUrl: string | undefined;
}

/** Words of the files as they stand there: names, make variables and functions, paths. */
export interface WrittenDependencies {
  readonly build: readonly string[];
  readonly orderOnly: readonly string[];
  readonly run: readonly string[];
  readonly check: readonly string[];
  readonly optional: readonly string[];
  /** Package names and PURLs by the name of the list in src/pyproject.toml.m4. */
  readonly project: ReadonlyMap<string, readonly string[]>;
}
