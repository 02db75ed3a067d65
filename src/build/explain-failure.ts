/** Why a step failed, read from the end of its log. Pure, but for the question who provides what. */
import type { BuildContext, Layer, ProvidedKind, StepFailure } from "./job.ts";
import { howToGet } from "./programs.ts";

export interface FailedStep {
  readonly step: string;
  /** For the reason when the log does not tell: `make ended with exit code 2`. */
  readonly ending: string;
  readonly exitCode?: number;
  /** The step's part of the log, or its end. */
  readonly log: string;
  readonly layers: readonly Layer[];
}

interface Missing {
  readonly kind: ProvidedKind;
  readonly name: string;
  /** Where in the log it is first complained of. */
  readonly at: number;
}

const tailLines = 15;
const linesBefore = 2;
const linesAfter = 4;
const namedAtMost = 5;

/** Each with the missing thing as its first group. */
const complaints: readonly (readonly [ProvidedKind, RegExp])[] = [
  [
    "header",
    /fatal error: '?([^\s:']+\.[A-Za-z+]+)'?(?:: No such file or directory| file not found)/g,
  ],
  ["library", /cannot find -l:?([^\s:]+)/g],
  ["library", /unable to find library -l:?(\S+)/g],
  ["module", /ModuleNotFoundError: No module named '([^']+)'/g],
  ["pkgconfig", /Package '?([^\s']+)'? was not found in the pkg-config search path/g],
  ["pkgconfig", /Package '([^']+)', required by '[^']*', not found/g],
  ["pkgconfig", /No package '([^']+)' found/g],
  ["pkgconfig", /Dependency "?([^\s"]+)"? not found, tried pkgconfig/g],
  ["program", /: (?:line )?\d+: ([^\s:/]+): (?:command )?not found$/gm],
  ["program", /: ([^\s:/]+): command not found$/gm],
  ["program", /^make(?:\[\d+\])?: ([^\s:/]+): No such file or directory$/gm],
  ["program", /^env: [‘']([^\s’']+)[’']: No such file or directory$/gm],
  ["program", /Program '([^\s']+)' not found/g],
];

const otherCauses: readonly (readonly [RegExp, string, string])[] = [
  [
    /No space left on device/,
    "there is no space left on the device",
    "Make room where the store lies, or set workspace.store.",
  ],
  [
    /Temporary failure in name resolution|Could not resolve host|Network is unreachable|getaddrinfo failed/,
    "it tried to use the network, which a build does not have",
    "Declare what it downloads as a source, or turn the download off.",
  ],
];

export function explainFailure(
  failed: FailedStep,
  whoProvides: BuildContext["whoProvides"],
): StepFailure {
  const common = {
    step: failed.step,
    ...(failed.exitCode === undefined ? {} : { exitCode: failed.exitCode }),
    logTail: lastLines(failed.log),
  };
  const missing = findMissing(failed.log);
  if (missing.length > 0) {
    const names = missing.map((one) => `${words[one.kind]} ${one.name}`);
    const verb = missing.length === 1 ? "is" : "are";
    const reason = `${names.join(", ")} ${verb} missing`;
    const askAgain = (): string[] => missing.map((one) => hintFor(one, failed, whoProvides));
    const logTail = linesAround(failed.log, Math.min(...missing.map(({ at }) => at)));
    return { ...common, reason, hints: askAgain(), askAgain, logTail };
  }
  for (const [pattern, reason, hint] of otherCauses) {
    const at = failed.log.search(pattern);
    if (at < 0) continue;
    return { ...common, reason, hints: [hint], logTail: linesAround(failed.log, at) };
  }
  const hints =
    failed.exitCode === 137
      ? ["A process was killed, perhaps for want of memory: try fewer jobs with -j."]
      : [];
  return { ...common, reason: failed.ending, hints };
}

function findMissing(log: string): Missing[] {
  const found = new Map<string, Missing>();
  for (const [kind, pattern] of complaints) {
    for (const { 1: name = "", index: at } of log.matchAll(pattern)) {
      const key = `${kind} ${name}`;
      if (name !== "" && !found.has(key)) found.set(key, { kind, name, at });
    }
  }
  return [...found.values()].slice(0, namedAtMost);
}

const words: Readonly<Record<ProvidedKind, string>> = {
  header: "the header",
  library: "the library",
  module: "the Python module",
  program: "the program",
  pkgconfig: "the pkg-config package",
};

function hintFor(
  { kind, name }: Missing,
  failed: FailedStep,
  whoProvides: BuildContext["whoProvides"],
): string {
  const what = `${placeOf[kind]}${name}`;
  const providers = whoProvides?.(kind, name) ?? [];
  const [first] = providers;
  if (first !== undefined) {
    const declared = failed.layers.some((layer) => layer.package === first);
    const others = providers.length > 1 ? ` (or from ${providers.slice(1).join(", ")})` : "";
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
  header: "depends.run, or to depends.build if it is of no use afterwards",
  library: "depends.run",
  module: "depends.build",
  program: "depends.build",
  pkgconfig: "depends.run, or to depends.build if it is of no use afterwards",
};

const placeOf: Readonly<Record<ProvidedKind, string>> = {
  header: "include/",
  library: "-l",
  module: "the module ",
  program: "bin/",
  pkgconfig: "the pkg-config file of ",
};

/** The lines around a place in the log: what is further on follows from it. */
function linesAround(log: string, at: number): string[] {
  const before = log.slice(0, at).split("\n");
  const start = Math.max(0, before.length - 1 - linesBefore);
  const lines = log.split("\n").slice(start, before.length + linesAfter);
  return lines.map((line) => line.trimEnd()).filter((line) => line !== "");
}

function lastLines(log: string): string[] {
  const lines = log.split("\n").map((line) => line.trimEnd());
  return lines.filter((line) => line !== "").slice(-tailLines);
}
