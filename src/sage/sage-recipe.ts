/** A package of a checkout as a recipe, with what only Sage knows of it. */
import type { Recipe } from "../recipe/index.ts";
import type { PackageType, SourceType } from "./package.ts";

export interface SageRecipe extends Recipe {
  readonly sage: SageFacts;
  /** Where configure has run. */
  readonly sageStamp?: SageStamp;
  /** Other files that the result depends on, absolute; looked for only when they are wanted. */
  readonly inputFiles?: () => readonly string[];
  /** Why it cannot be built at all, and what to do instead. */
  readonly refusal?: () => { readonly reason: string; readonly hint: string };
}

/** What a checkout says of a package, in its own words. */
interface SageFacts {
  readonly type: PackageType;
  readonly source: SourceType;
  /** `SAGE_LOCAL`, `SAGE_VENV` or another variable of the makefile's. */
  readonly tree: string;
}

/** How Sage's make knows that a package is built, and up to date. */
export interface SageStamp {
  /** Relative to the prefix. */
  readonly path: string;
  /** All files of the package, where the stamp does not list them; relative to the prefix. */
  readonly lists?: readonly string[];
  /** Packages whose newer stamps make it out of date. */
  readonly prerequisites: readonly string[];
  /** Files that do so, absolute. */
  readonly files: () => readonly string[];
}
