/** Where and how a step runs, written down so that a person can go there later (`tenon shell`). */
import { type Disk, readTextIfAny, type World } from "../world/index.ts";
import { ownLayerName } from "./places.ts";
import {
  type ProgramCall,
  type Environment,
  findProgram,
  systemPath,
  viewCommand,
  type ViewMount,
} from "../view/index.ts";
import { sightsOf } from "./sights.ts";
import type { PackageBuild } from "./package-build.ts";
import type { Step } from "./step.ts";
import { titleOf } from "./step-log.ts";

export interface StepEntry {
  readonly step: string;
  /** What it runs, for a shell; absent for what tenon does itself. */
  readonly commandLine?: string;
  /** As the build sees it. */
  readonly directory: string;
  readonly environment: Environment;
  /** Absent without a view. */
  readonly mount?: ViewMount;
}

export function entryOf(build: PackageBuild, step: Step, onStage: boolean): StepEntry {
  const { places, environment } = build;
  const mount = mountOf(build, onStage);
  return {
    step: step.name,
    ...(step.kind === "program" ? { commandLine: titleOf(step) } : {}),
    directory: step.kind === "program" ? step.directory : `${places.workInside}/src`,
    environment,
    ...(mount === undefined ? {} : { mount }),
  };
}

/** `onStage`: what is written into the prefix is thrown away, and the stage is seen. */
export function mountOf({ job, places }: PackageBuild, onStage: boolean): ViewMount | undefined {
  const { isolation } = job;
  if (isolation.kind === "none") return undefined;
  const { prefix, scratch, workInside, layerNames } = places;
  return {
    isolation,
    scratch,
    prefix,
    workInside,
    layerNames: onStage ? [ownLayerName, ...layerNames] : layerNames,
    upper: onStage ? "check-upper" : "upper",
    overlayWork: onStage ? "check-overlay" : "overlay",
    sights: sightsOf(job),
  };
}

export function writeEntry(disk: Disk, scratch: string, entry: StepEntry): void {
  disk.createFile(entryFile(scratch), JSON.stringify(entry));
}

/** Undefined when nothing was written, or not all of it. */
export function readEntry(disk: Disk, scratch: string): StepEntry | undefined {
  try {
    return JSON.parse(readTextIfAny(disk, entryFile(scratch)) ?? "") as StepEntry;
  } catch {
    return undefined;
  }
}

function entryFile(scratch: string): string {
  return `${scratch}/entry.json`;
}

/**
 * A person's shell, or another command, in the step's place. Its make gets its own jobs: those that
 * tenon had given to the step have ended with it.
 */
export function enterCommand(
  world: World,
  entry: StepEntry,
  options: {
    readonly argv: readonly string[];
    readonly terminal: string;
    readonly title: string;
    /** As in the step's job; it is not written down. */
    readonly online?: Environment | undefined;
  },
): ProgramCall {
  const { CARGO_MAKEFLAGS: _cargo, TENON_TOKENS: _tokens, ...kept } = entry.environment;
  const environment = {
    ...kept,
    MAKEFLAGS: `-j${entry.environment["JOBS"] ?? "1"}`,
    TERM: options.terminal,
    PS1: `(${options.title}) \\w\\$ `,
  };
  const argv = options.argv.length > 0 ? options.argv : shellOf(world.disk);
  const { directory, mount } = entry;
  const { online } = options;
  if (mount !== undefined)
    return viewCommand(world, mount, { argv, directory, environment, online });
  const settings = Object.entries(environment).map(([name, value]) => `${name}=${value}`);
  return {
    program: "env",
    args: ["-i", ...settings, ...argv],
    workingDirectory: directory,
    environment: { PATH: systemPath.join(":") },
  };
}

function shellOf(disk: Disk): readonly string[] {
  const bash = findProgram(disk, "bash", systemPath);
  return bash === undefined ? ["sh", "-i"] : [bash, "--noprofile", "--norc", "-i"];
}
