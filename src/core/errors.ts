/** The one class that tenon throws, with a kind, a stable code and hints for the person. */

/**
 * What went wrong, as far as the exit code is concerned:
 * `usage` wrong command line; `recipe` wrong recipe, workspace or lock file; `source` a source that
 * cannot be had or has the wrong digest; `conflict` two claims on one path; `machine` the machine
 * or file system refuses; `interrupted` the person said stop; `internal` a defect of tenon.
 */
export type ErrorKind =
  | "usage"
  | "recipe"
  | "source"
  | "conflict"
  | "machine"
  | "interrupted"
  | "internal";

interface ErrorDetails {
  readonly kind: ErrorKind;
  /** Stable, upper-case, for machines: `RECIPE_UNKNOWN_KEY`. */
  readonly code: string;
  /**
   * One sentence that names the package, file or path; or several lines. What came from outside may
   * hold an end of line, which then does not end ours.
   */
  readonly message: string | readonly string[];
  /** What the person can do about it, one sentence each. */
  readonly hints?: readonly string[];
  readonly cause?: unknown;
}

export class TenonError extends Error {
  readonly kind: ErrorKind;
  readonly code: string;
  /** The message as it is shown: each of these is one line. */
  readonly lines: readonly string[];
  readonly hints: readonly string[];

  constructor(details: ErrorDetails) {
    const lines = [details.message].flat();
    super(lines.join("\n"), details.cause === undefined ? undefined : { cause: details.cause });
    this.name = "TenonError";
    this.kind = details.kind;
    this.code = details.code;
    this.lines = lines;
    this.hints = details.hints ?? [];
  }
}

/** A condition that holds unless tenon itself is wrong; checked in production too. */
export function assert(condition: unknown, message: string): asserts condition {
  if (!condition) {
    throw new TenonError({ kind: "internal", code: "ASSERTION", message });
  }
}

/** Ends an exhaustive `switch`: does not compile while a case is missing. */
export function unreachable(value: never): never {
  throw new TenonError({
    kind: "internal",
    code: "UNREACHABLE",
    message: `unexpected value ${JSON.stringify(value)}`,
  });
}
