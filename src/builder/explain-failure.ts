/** Why a step failed: its log's own explanation, with who provides what it lacked. */
import { explainLog, type FailedLog, type Missing, type ProvidedKind } from "../failure/index.ts";
import type { BuildContext, Layer, StepFailure } from "./job.ts";
import { howToGet } from "./programs.ts";

interface FailedStep extends FailedLog {
  readonly layers: readonly Layer[];
}

export function explainFailure(
  failed: FailedStep,
  whoProvides: BuildContext["whoProvides"],
): StepFailure {
  const { missing, cure, context, shownAt, line, kind, reason, fingerprint } = explainLog(failed);
  const askAgain = (): string[] =>
    missing.length > 0
      ? hintsFor(missing, failed.layers, whoProvides)
      : cure === undefined
        ? []
        : [cure];
  return {
    step: failed.step,
    ...(failed.exitCode === undefined ? {} : { exitCode: failed.exitCode }),
    cause: kind,
    reason,
    fingerprint,
    hints: askAgain(),
    ...(missing.length > 0 ? { askAgain, missing } : {}),
    ...(line === undefined ? {} : { line }),
    logTail: context,
    ...(shownAt === undefined ? {} : { errorAt: shownAt }),
  };
}

export function hintsFor(
  missing: readonly Missing[],
  layers: readonly Layer[],
  whoProvides: BuildContext["whoProvides"],
): string[] {
  return missing.map((one) => hintFor(one, layers, whoProvides));
}

function hintFor(
  { kind, name }: Missing,
  layers: readonly Layer[],
  whoProvides: BuildContext["whoProvides"],
): string {
  const what = `${placeOf[kind]}${name}`;
  const providers = whoProvides?.(kind, name) ?? [];
  const [first] = providers;
  if (first !== undefined) {
    const declared = layers.some((layer) => layer.package === first);
    const others = providers.length > 1 ? ` (or from ${providers.slice(1).join(", ")})` : "";
    if (declared && kind === "distribution")
      return `${first} is declared, but in a version that does not fit.`;
    return declared
      ? `${what} comes from ${first}, which is declared, but it was not found there.`
      : `${what} comes from ${first}${others}: add it to ${listFor[kind]}.`;
  }
  return kind === "program"
    ? howToGet(name)
    : `No package here is known to provide ${what}: add one that does to depends.build.`;
}

/** Where a dependency of this kind belongs: what is linked is needed at run time too. */
const listFor: Readonly<Record<ProvidedKind, string>> = {
  header: "depends.run, or to depends.build if only the build needs it",
  library: "depends.run",
  module: "depends.build",
  program: "depends.build",
  pkgconfig: "depends.run, or to depends.build if only the build needs it",
  "cmake-package": "depends.run, or to depends.build if only the build needs it",
  distribution: "depends.build",
};

const placeOf: Readonly<Record<ProvidedKind, string>> = {
  header: "include/",
  library: "-l",
  module: "the module ",
  program: "bin/",
  pkgconfig: "the pkg-config file of ",
  "cmake-package": "the CMake package ",
  distribution: "the Python project ",
};
