/** What a failed step's log says, and what is made of it. */

export type FailureKind =
  | "missing-header"
  | "missing-library"
  | "missing-module"
  | "missing-program"
  | "missing-pkgconfig"
  | "missing-package"
  | "missing-file"
  | "missing-crate"
  | "compile-error"
  | "link-error"
  | "configure-error"
  | "make-error"
  | "python-error"
  | "python-requirement"
  | "python-project"
  | "script-error"
  | "test-failure"
  | "not-found"
  | "network"
  | "checksum"
  | "bad-archive"
  | "patch"
  | "permission"
  | "disk-full"
  | "out-of-memory"
  | "killed"
  | "crash"
  | "unknown";

/** What a package can provide to a build. */
export type ProvidedKind =
  | "header"
  | "library"
  | "module"
  | "program"
  | "pkgconfig"
  | "cmake-package"
  | "distribution";

export interface Missing {
  readonly kind: ProvidedKind;
  readonly name: string;
}

export interface FailedLog extends FailedCommand {
  /** The step's part of the log, or its end. */
  readonly log: string;
}

export interface FailedCommand {
  readonly package: string;
  readonly step: string;
  /** For the reason when the log does not tell: `make ended with exit code 2`. */
  readonly ending: string;
  readonly exitCode?: number;
  /** It was to use the network. */
  readonly isOnline?: boolean;
  /** Another program than tenon ran it: no recipe can cure it, and it had the network. */
  readonly isForeign?: boolean;
}

/** In a source, a makefile or a script: what an error is about. */
export interface SourcePlace {
  readonly file: string;
  /** From 1. */
  readonly line: number;
  readonly column?: number;
}

export interface Explanation {
  readonly kind: FailureKind;
  /** One sentence without the package's name. */
  readonly reason: string;
  /** The log's line that says it, from 1; undefined when none does. */
  readonly line?: number;
  /** Where the error is, as the log says it. */
  readonly place?: SourcePlace;
  /** That line and those around it, without what wrappers add. */
  readonly context: readonly string[];
  /** Which of `context` says it, from 0. */
  readonly shownAt?: number;
  /** What a dependency could have provided. */
  readonly missing: readonly Missing[];
  /** What can be done about it, where something can be said in general. */
  readonly cure?: string;
  /** Twelve hexadecimal digits: the same for the same failure, wherever and whenever it happens. */
  readonly fingerprint: string;
}
