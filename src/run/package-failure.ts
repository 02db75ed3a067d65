/** What is told of a package whose build or check has failed. */
import type { StepFailure } from "../builder/index.ts";
import { type FailureFacts, TenonError } from "../core/index.ts";
import { type FailureKind, fingerprintOf } from "../failure/index.ts";
import type { Recipe } from "../recipe/index.ts";
import { isDiskError, makeDirectories } from "../world/index.ts";
import type { Session } from "../workspace/index.ts";
import type { Recall } from "./recall-failures.ts";

export interface PackageFailure extends FailureFacts {
  readonly package: string;
  readonly version: string;
  readonly step: string;
  readonly hints: readonly string[];
  readonly logTail: readonly string[];
  readonly errorAt?: number;
  readonly cause: FailureKind;
}

/** Why: from a step, or from what was thrown. */
export type Cause = Pick<
  StepFailure,
  | "step"
  | "reason"
  | "hints"
  | "askAgain"
  | "logTail"
  | "errorAt"
  | "logFile"
  | "cause"
  | "fingerprint"
>;

interface Failing {
  readonly session: Session;
  readonly name: string;
  readonly logFolder: string;
  readonly recall: Recall;
}

/** As it looks while others are still built. What failed before any step has its reason for a log. */
export function describeFailure(task: Failing, { version }: Recipe, cause: Cause): PackageFailure {
  const { step, reason, hints, logTail, errorAt, cause: kind = "unknown" } = cause;
  const { fingerprint = fingerprintOf([task.name, step, reason]) } = cause;
  const logFile = cause.logFile ?? logReason(task, cause);
  const what = { package: task.name, version, step, reason, fingerprint, logFile };
  const shown = { logTail, ...(errorAt === undefined ? {} : { errorAt }) };
  const own = inItsWords(task, hints);
  return { ...what, hints: own, ...shown, cause: kind, ...task.recall(what) };
}

/** Where a companion has the recipes, nobody can add to the list that a hint names. */
function inItsWords(
  { session, name }: Pick<Failing, "session" | "name">,
  hints: readonly string[],
): readonly string[] {
  const { companion } = session.workspace;
  if (companion === undefined) return hints;
  const list =
    /depends\.(?:run|build)(?:,? or (?:to )?depends\.build(?: if only the build needs it)?)?/g;
  const { list: own, next } = companion.listOfNeeds(name);
  return hints.map((hint) => {
    const said = hint.replaceAll(list, own);
    return said === hint ? hint : `${said} ${next}`;
  });
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
export function askAgainLater(
  { session, name }: Failing,
  failure: PackageFailure,
  cause: Cause,
): () => PackageFailure {
  return () => {
    const asked = cause.askAgain?.();
    const hints = asked === undefined ? failure.hints : inItsWords({ session, name }, asked);
    if (hints.join("\n") !== failure.hints.join("\n")) {
      session.options.emit({ kind: "hints", package: failure.package, hints });
    }
    return { ...failure, hints };
  };
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
