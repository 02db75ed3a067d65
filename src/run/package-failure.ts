/** What is told of a package whose build or check has failed. */
import type { StepFailure } from "../builder/index.ts";
import { TenonError } from "../core/index.ts";
import { type FailureKind, fingerprintOf } from "../failure/index.ts";
import type { KnownFailure, Recipe } from "../recipe/index.ts";
import { isDiskError, makeDirectories } from "../world/index.ts";
import type { Recurrence } from "../workspace/index.ts";
import type { Session } from "../workspace/index.ts";

export interface Failure extends FailurePlace {
  readonly step: string;
  readonly reason: string;
  readonly hints: readonly string[];
  readonly logTail: readonly string[];
  readonly cause: FailureKind;
  /** It happened in earlier runs of this workspace too. */
  readonly seen?: Recurrence;
  /** The team has written it down in known-failures.toml. */
  readonly known?: Pick<KnownFailure, "note" | "link">;
}

export interface FailurePlace {
  readonly package: string;
  readonly version: string;
  readonly logFile: string;
  /** The same for the same failure in other places, runs and packages. */
  readonly fingerprint: string;
}

/** Why: from a step, or from what was thrown. */
export type Cause = Pick<
  StepFailure,
  "step" | "reason" | "hints" | "askAgain" | "logTail" | "logFile" | "cause" | "fingerprint"
>;

interface Failing {
  readonly session: Session;
  readonly name: string;
  readonly logFolder: string;
}

/** What failed before any step has its reason for a log. */
export function placeOf(task: Failing, recipe: Recipe, cause: Cause): FailurePlace {
  const logFile = cause.logFile ?? logReason(task, cause);
  const { fingerprint = fingerprintOf([task.name, cause.step, cause.reason]) } = cause;
  return { package: task.name, version: recipe.version, logFile, fingerprint };
}

function logReason({ session, logFolder, name }: Failing, cause: Cause): string {
  const { step, reason, hints } = cause;
  const { disk } = session.world;
  makeDirectories(disk, logFolder);
  const file = `${logFolder}/${disk.list(logFolder).length + 1}-${step}.log`;
  const writer = disk.openWriter(file, { append: true });
  writer.write(Buffer.from([`== ${name}: ${step}: ${reason}`, ...hints, ""].join("\n")));
  writer.close();
  return file;
}

/** To be called when the run is over: what it lacked may have been built meanwhile (I9). */
export function tellFailure(place: FailurePlace, cause: Cause): () => Failure {
  const { step, reason, hints, askAgain, logTail, cause: kind = "unknown" } = cause;
  return () => ({
    ...place,
    step,
    reason,
    hints: askAgain?.() ?? hints,
    logTail,
    cause: kind,
  });
}

/** What is not the person's or the machine's doing is a defect of tenon and travels on. */
export function causeOf(error: unknown): Cause {
  if (error instanceof TenonError && error.kind !== "internal") {
    const step = error.kind === "source" ? "fetch" : "prepare";
    const cause = causes[error.code] ?? "unknown";
    return { step, reason: error.message, hints: error.hints, logTail: [], cause };
  }
  if (isDiskError(error)) {
    const cause = isDiskError(error, "ENOSPC") ? "disk-full" : "unknown";
    return { step: "prepare", reason: error.message, hints: [], logTail: [], cause };
  }
  throw error;
}

/** What has no log of its own has a code. */
const causes: Readonly<Record<string, FailureKind>> = {
  INDEX_UNREACHABLE: "network",
  PATCH_FAILED: "patch",
  SOURCE_DAMAGED: "bad-archive",
  SOURCE_MISMATCH: "checksum",
  SOURCE_MISSING: "missing-file",
  SOURCE_OFFLINE: "network",
  SOURCE_UNREACHABLE: "network",
};
