/** A simulated machine on which whole commands run: each package's build is a function. */
import { dirname } from "node:path";
import type { EventBody } from "../../src/core/index.ts";
import type { BuildResult } from "../../src/run/build-result.ts";
import type { BuildOptions } from "../../src/run/planned-work.ts";
import { runBuild } from "../../src/run/build.ts";
import { buildIfChanged } from "../../src/run/unchanged.ts";
import type { CapturedOutcome, Command, Outcome, World } from "../../src/world/index.ts";
import {
  createSimulatedDisk,
  createSimulatedWorld,
  type SimulatedDisk,
  type SimulatedWorld,
} from "../../src/world/simulated/index.ts";
import { openWorkspace, optionsFor, type RecipeText } from "../workspace/workspace.ts";

export interface Stage {
  /** Puts files into the stage; with a path that begins with `/`, anywhere else. */
  write(files: Readonly<Record<string, string>>): void;
  /** The variables that the build sees. */
  readonly environment: Readonly<Record<string, string>>;
}

type Answer = Outcome | CapturedOutcome;
export type Build = (stage: Stage) => Answer | void | Promise<Answer | void>;

export interface Machine {
  readonly disk: SimulatedDisk;
  readonly events: EventBody[];
  /** The packages whose builds began, in order. */
  readonly begun: string[];
  /** What was run otherwise, by a person in a shell; each ends with 7. */
  readonly entered: Command[];
  /** What a package's build does, from now on. */
  readonly builds: Record<string, Build>;
  /** That of the next command. */
  nextWorld(): SimulatedWorld;
  build(options?: Partial<BuildOptions>, world?: World): Promise<BuildResult>;
}

export const done: Outcome = { kind: "exited", code: 0 };
export const failed: Outcome = { kind: "exited", code: 1 };

export function says(stdout: string, outcome: Outcome = done): CapturedOutcome {
  return { outcome, stdout, stderr: "" };
}

/** What has no function of its own installs one file that is called by its name. */
export function openMachine(
  recipes: Readonly<Record<string, RecipeText>>,
  builds: Record<string, Build> = {},
): Machine {
  const disk = createSimulatedDisk();
  openWorkspace(recipes, disk);
  disk.plant("/usr/bin", { sh: "" });
  disk.setMode("/usr/bin/sh", 0o755);
  const events: EventBody[] = [];
  const begun: string[] = [];
  const entered: Command[] = [];
  const answer = async (command: Command): Promise<Answer> => {
    if (command.args[0] === "cc") return says("cc 12\n");
    if (command.program !== "sh") {
      entered.push(command);
      return { kind: "exited", code: 7 };
    }
    const environment = variablesOf(command);
    const { PACKAGE_NAME: name = "", DESTDIR: stage = "", PREFIX: prefix = "" } = environment;
    begun.push(name);
    const write = (files: Readonly<Record<string, string>>): void => {
      for (const [path, content] of Object.entries(files)) {
        const file = path.startsWith("/") ? path : `${stage}${prefix}/${path}`;
        disk.plant(dirname(file), { [file.slice(dirname(file).length + 1)]: content });
      }
    };
    const build = builds[name] ?? (({ write }) => write({ [`lib/${name}`]: name }));
    return (await build({ write, environment })) ?? done;
  };
  let commands = 0;
  const nextWorld = (): SimulatedWorld =>
    createSimulatedWorld({ disk, answer, clock: { seed: ++commands } });
  return {
    disk,
    events,
    begun,
    builds,
    entered,
    nextWorld,
    build: (options = {}, world = nextWorld()) => {
      const build = options.notes === undefined ? runBuild : buildIfChanged;
      return build(world, { ...buildOptions(events), ...options });
    },
  };
}

function buildOptions(events: EventBody[]): BuildOptions {
  return {
    ...optionsFor(events),
    packages: [],
    isolation: "none",
    failFast: false,
    dryRun: false,
    check: "no",
    jobs: 2,
  };
}

/** Of `env -i A=1 B=2 program`. */
function variablesOf({ args }: Command): Record<string, string> {
  const pairs = args.flatMap((word) => {
    const [, name, value = ""] = /^([A-Z_]+)=([^]*)$/.exec(word) ?? [];
    return name === undefined ? [] : [[name, value]];
  });
  return Object.fromEntries(pairs);
}
