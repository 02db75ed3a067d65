/** What a recipe says of its package for those who use it; a build's result does not depend on it. */
import { type Digest, isDigest } from "./digest.ts";

export interface About {
  /** One SPDX expression. */
  readonly license?: string;
  readonly homepage?: string;
  /**
   * Variables of whoever uses the package. In a value `${PREFIX}` stands for the prefix, and at its end
   * `:${NAME}`, the variable's own name, for what it was before.
   */
  readonly env?: Readonly<Record<string, string>>;
  /** Absent for a folder of the workspace, and for what was built from no source. */
  readonly source?: PublishedSource;
}

/** Where others find what a package was built from; a type, and no interface, so that it is a value of JSON. */
export type PublishedSource = {
  /** An address without credentials, `git+ADDRESS@COMMIT`, or for a package index `pkg:pypi/NAME@VERSION`. */
  readonly place: string;
  readonly sha256?: Digest;
  /** The file's name on the index. */
  readonly file?: string;
};

/** Whether a value that somebody else may have written has this form. */
export function isAbout(value: unknown): value is About {
  if (!isTable(value)) return false;
  const { license, homepage, env, source } = value;
  if (!isTextIfAny(license) || !isTextIfAny(homepage)) return false;
  if (source !== undefined && !isPublishedSource(source)) return false;
  return env === undefined || (isTable(env) && Object.entries(env).every(isVariable));
}

function isPublishedSource(value: unknown): boolean {
  if (!isTable(value)) return false;
  const { place, sha256, file } = value;
  return (
    typeof place === "string" && isTextIfAny(file) && (sha256 === undefined || isDigest(sha256))
  );
}

function isTextIfAny(value: unknown): boolean {
  return value === undefined || typeof value === "string";
}

/** A name that shells take, and a value of one line. */
function isVariable([name, value]: [name: string, value: unknown]): boolean {
  return isVariableName(name) && typeof value === "string" && !/\p{Cc}/u.test(value);
}

export function isVariableName(name: string): boolean {
  return /^[A-Za-z_][A-Za-z0-9_]*$/.test(name);
}

function isTable(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
