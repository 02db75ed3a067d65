/** Running a step's program in the view, or without one, and explaining its failure. */
import { type Outcome, readTextIfAny } from "../world/index.ts";
import { mountOf } from "./entry.ts";
import { explainFailure, hintsFor } from "./explain-failure.ts";
import type { StepFailure } from "./job.ts";
import { asKilledForMemory, wasKilledForMemory } from "./killed-for-memory.ts";
import { hasProgram, howToGet } from "./programs.ts";
import type { PackageBuild, StepEnd } from "./package-build.ts";
import { readLogEnd } from "./step-log.ts";
import type { ProgramStep } from "./step.ts";
import { tokenFifo } from "../tokens/index.ts";
import {
  type ProgramCall,
  plainCommand,
  readUsage,
  refusalIn,
  viewCommand,
} from "../view/index.ts";

/** `loggedBytes`: how much is in the log already. */
export async function runProgram(
  build: PackageBuild,
  step: ProgramStep,
  options: { onStage: boolean; logFile: string; loggedBytes: number },
): Promise<StepEnd> {
  const { world } = build.context;
  const missing = missingProgram(build, step);
  if (missing !== undefined) return missing;
  const { scratch } = build.places;
  for (const file of ["started", "usage"]) {
    if (world.disk.status(`${scratch}/${file}`) !== undefined)
      world.disk.removeFile(`${scratch}/${file}`);
  }
  const { signal, tokens } = build.job;
  const killsBefore = world.machine.memory().oomKills;
  const command = {
    ...enclose(build, step, options.onStage),
    logFile: options.logFile,
    ...(signal === undefined ? {} : { signal }),
  };
  const outcome = await (tokens === undefined
    ? world.processes.run(command)
    : tokens.during(tokenFifo(build.places), (jobserver) =>
        world.processes.run({ ...command, jobserver }),
      ));
  const used = readUsage(readTextIfAny(world.disk, `${scratch}/usage`));
  if (outcome.kind === "exited" && outcome.code === 0) return { words: "exit code 0", used };
  const words = wordsFor(outcome);
  const log = readLogEnd(world.disk, options.logFile, options.loggedBytes);
  const started = world.disk.status(`${scratch}/started`) !== undefined;
  const oomKills = world.machine.memory().oomKills - killsBefore;
  const told = started
    ? explainProgram(build, step, { outcome, words, log })
    : viewFailure(step, log, words);
  const forMemory = wasKilledForMemory({ outcome, log, oomKills });
  const failure = forMemory ? asKilledForMemory(told, log) : told;
  return { words, failure, used };
}

function explainProgram(
  build: PackageBuild,
  step: ProgramStep,
  ended: { outcome: Outcome; words: string; log: string },
): StepFailure {
  const { outcome, log } = ended;
  const failure = explainFailure(
    {
      package: build.job.recipe.name,
      step: step.name,
      log,
      layers: build.job.layers,
      isOnline: build.job.online !== undefined,
      ending: `${step.argv[0]?.split("/").at(-1)} ended with ${ended.words}`,
      ...(outcome.kind === "exited" ? { exitCode: outcome.code } : {}),
    },
    build.context.whoProvides,
  );
  const own = step.explain?.();
  if (own === undefined) return failure;
  const { whoProvides } = build.context;
  const { missing } = own;
  const askAgain = (): string[] => hintsFor(missing, build.job.layers, whoProvides);
  return { ...failure, reason: own.reason, hints: askAgain(), askAgain, missing };
}

function viewFailure(step: ProgramStep, log: string, words: string): StepFailure {
  const logTail = log.trimEnd().split("\n").slice(-5);
  const reason = `its view could not be made: ${log.trim() === "" ? words : refusalIn(log)}`;
  return { step: step.name, reason, hints: [], logTail };
}

/** The command line that runs a program where the build runs, or on its sealed stage. */
export function enclose(
  build: PackageBuild,
  { argv, directory }: Pick<ProgramStep, "argv" | "directory">,
  onStage: boolean,
): ProgramCall {
  const { places, environment } = build;
  const { world } = build.context;
  const { online } = build.job;
  const enclosed = { argv, directory, environment, online };
  const mount = mountOf(build, onStage);
  return mount === undefined
    ? plainCommand(world, places.scratch, enclosed)
    : viewCommand(world, mount, enclosed);
}

/** Said before the step, since an exit code of 127 deep in a log says little. */
function missingProgram(build: PackageBuild, step: ProgramStep): StepEnd | undefined {
  const [program = ""] = step.argv;
  if (program.includes("/")) return undefined;
  const inView = build.job.isolation.kind === "view";
  const folders = (build.environment["PATH"] ?? "")
    .split(":")
    .filter((folder) => !inView || folder !== `${build.places.prefix}/bin`);
  const { disk } = build.context.world;
  if (hasProgram(disk, program, { layers: build.job.layers, folders })) return undefined;
  const reason = `the program ${program} is missing`;
  const failure = { step: step.name, reason, hints: [howToGet(program)], logTail: [] };
  return { words: reason, failure };
}

function wordsFor(outcome: Outcome): string {
  switch (outcome.kind) {
    case "exited":
      return `exit code ${outcome.code}`;
    case "killed":
      return `signal ${outcome.signal}`;
    case "timed-out":
      return "a time-out";
    case "missing":
      return `${outcome.program} could not be started (${outcome.reason})`;
  }
}
