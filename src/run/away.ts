/** Having packages of a run built on other machines; `choose-away.ts` says which. */
import type { BuildContext, BuildJob, StepTiming } from "../builder/index.ts";
import { assert, shellWord, showCount, TenonError } from "../core/index.ts";
import { type Executor, openExecutor, type OutcomeElsewhere } from "../execution/index.ts";
import { checkViewOf, viewOf, type WorkItem } from "../plan/index.ts";
import type { Execution } from "../recipe/index.ts";
import type { PackageTokens, TokenPool } from "../tokens/index.ts";
import { requireTrustedPrograms } from "../trust/index.ts";
import type { Session } from "../workspace/index.ts";
import type { PlannedStack } from "./planned-work.ts";
import type { Held, RunTask } from "./task.ts";
import { nodeOf } from "./work-items.ts";

export interface Away {
  readonly executor: Executor;
  readonly atOnce: number;
  readonly packages: ReadonlySet<string>;
}

/** Undefined where all is built here. */
export function openAway(stack: PlannedStack, items: readonly WorkItem[]): Away | undefined {
  const { session, options } = stack;
  const { execution } = session.workspace;
  const away = items.filter(({ lane }) => lane === "away").map(({ name }) => nodeOf(name).name);
  if (away.length === 0 || execution === undefined) return undefined;
  if (options.program === undefined) throw noProgram();
  requireTrustedExecution(session, execution);
  const { emit, signal } = options;
  const executor = openExecutor({
    world: session.world,
    settings: execution,
    store: session.store,
    program: options.program,
    emit,
    ...(signal === undefined ? {} : { signal }),
  });
  return { executor, atOnce: execution.atOnce, packages: new Set(away) };
}

function requireTrustedExecution(
  { world, options, workspace }: Session,
  { command, arguments: given, node }: Execution,
): void {
  const programs = [...command, ...given, ...(node === "node" ? [] : [node])].map(shellWord);
  if (programs.length === 0) return;
  requireTrustedPrograms(world, options, {
    folder: workspace.directory,
    programs: `\`${programs.join(" ")}\``,
  });
}

/** Before the first build: throws where workers are not fit for it. */
export async function prepareAway({ facts, options }: PlannedStack, away: Away): Promise<void> {
  const { machine, path, python } = facts;
  const count = showCount(away.packages.size, "package");
  options.emit({ kind: "note", text: `${count} may be built elsewhere, ${away.atOnce} at once` });
  await away.executor.prepare({
    machine,
    path,
    ...(python === undefined ? {} : { python: python.executable }),
  });
}

interface Building {
  readonly context: BuildContext;
  readonly job: BuildJob;
  readonly held: Held;
}

/** Undefined where its source cannot leave this machine. What it needs has been built. */
export async function buildAway(
  executor: Executor,
  task: RunTask,
  { context, job, held }: Building,
): Promise<OutcomeElsewhere | undefined> {
  const { session, resolver, facts, name } = task;
  const { recipes } = session.workspace;
  const layerOf = (other: string) => {
    const artifact = resolver.artifacts.get(other);
    assert(artifact !== undefined, `${other} has no artifact`);
    return { package: other, artifact };
  };
  const built = await executor.build({
    context,
    job,
    machine: facts.machine,
    layers: viewOf(recipes, name).map(layerOf),
    checkLayers: job.check ? checkViewOf(recipes, name).map(layerOf) : [],
  });
  if (built === undefined) return undefined;
  held.push(built.release);
  return built.outcome;
}

/** What runs elsewhere takes no token here; whatever of it has to run here after all waits for one. */
export function borrowedTokens(
  pool: TokenPool,
  name: string,
  most: number | undefined,
): PackageTokens {
  return {
    jobs: most ?? pool.jobs,
    during: async (fifo, run) => {
      const own = await pool.admit(name, most);
      try {
        return await own.during(fifo, run);
      } finally {
        own.leave();
      }
    },
    leave: () => {},
  };
}

/** How long the steps themselves took, without the wait for a worker. */
export function stepsMs(steps: readonly StepTiming[]): number {
  return steps.reduce((sum, { wallMs }) => sum + wallMs, 0);
}

function noProgram(): TenonError {
  return new TenonError({
    kind: "usage",
    code: "NO_PROGRAM",
    message: "builds elsewhere need to know where tenon's own files are",
    hints: ["Give the option `program`, or `local`."],
  });
}
