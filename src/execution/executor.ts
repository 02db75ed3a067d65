/** Builds on other machines, for a run: what comes of one is what a build here would have given. */
import {
  type BuildOutcome,
  type CheckOutcome,
  hintsFor,
  type StepFailure,
} from "../builder/index.ts";
import { type Digest, digestOf, type EventSink, parentOf, TenonError } from "../core/index.ts";
import type { MachineFacts } from "../plan/index.ts";
import type { Execution } from "../recipe/index.ts";
import type { Store } from "../store/index.ts";
import { isDiskError, removeTree, type World } from "../world/index.ts";
import { actionFormat, type BuildAction, packOf } from "./action.ts";
import {
  builtPack,
  giveUpOrTell,
  isFinished,
  type Pursuit,
  pursue,
  waitFor,
  type WantedAction,
  type Workers,
} from "./attempts.ts";
import { commandLauncher } from "./by-command.ts";
import { takeResultPack } from "./execute.ts";
import type { Launcher } from "./launcher.ts";
import { type PlainFailure, readCheck, type WorkerOutcome } from "./outcome.ts";
import { type BuildElsewhere, packAction, packOnce } from "./pack-action.ts";
import { copyProgram } from "./program-copy.ts";
import { reapiCommand, reapiLauncher } from "./reapi.ts";
import { openSharedFolder } from "./shared-folder.ts";
import { slurmLauncher } from "./slurm.ts";

interface ExecutorOptions {
  readonly world: World;
  readonly settings: Execution;
  /** Where artifacts come from and go to. */
  readonly store: Store;
  /** The folder of the program's package. */
  readonly program: string;
  readonly emit: EventSink;
  readonly signal?: AbortSignal;
}

/** What the workers must be like. */
interface WorkerFacts {
  readonly machine: MachineFacts;
  readonly path: readonly string[];
  /** The interpreter, absolute, where the workspace uses one. */
  readonly python?: string;
}

type Built = Extract<BuildOutcome, { kind: "built" }>;

/** As of a build here, but what was built is in the store already. */
export type OutcomeElsewhere =
  | Exclude<BuildOutcome, { kind: "built" }>
  | (Omit<Built, "stage" | "bytecode" | "check"> & {
      readonly artifact: Digest;
      readonly check?: () => Promise<CheckOutcome>;
    });

interface BuiltElsewhere {
  readonly outcome: OutcomeElsewhere;
  /** To be called when nothing more is wanted of it: a worker that still runs is ended. */
  readonly release: () => void;
}

export interface Executor {
  readonly jobs: number;
  /** Throws a TenonError of kind `machine` where a worker cannot do what is wanted, or there is none. */
  prepare(facts: WorkerFacts): Promise<void>;
  /** Undefined where it has to be built here, because its source cannot leave this machine. */
  build(wanted: BuildElsewhere): Promise<BuiltElsewhere | undefined>;
}

/** How long a worker counts as fit that was seen to be. */
const fitMs = 12 * 3_600_000;

export function openExecutor(options: ExecutorOptions): Executor {
  const { world, settings, store } = options;
  const workers = openWorkers(options);
  const { shared } = workers;
  const pack = packOnce(world, store, shared);
  return {
    jobs: settings.jobs,
    prepare: async (facts) => {
      shared.sweep();
      await probe(workers, facts);
    },
    build: async (wanted) => {
      const action = packAction(wanted, shared, settings);
      if (action === undefined) return undefined;
      const layers = [...action.layers, ...(action.checkLayers ?? [])];
      await Promise.all(layers.map(({ artifact }) => pack(artifact)));
      return build({ workers, store }, wanted, action);
    },
  };
}

function openWorkers(options: ExecutorOptions): Workers {
  const { world, settings, store, emit, signal } = options;
  const isServer = settings.system === "reapi";
  const folder = isServer ? store.layout.worker(digestOf(settings.place)) : settings.place;
  const shared = openSharedFolder(world, folder);
  let copy: string | undefined;
  const program = (): string => (copy ??= copyProgram(world, options.program, shared.programs));
  return {
    world,
    shared,
    launcher: launcherOf(options, { blobs: shared.blobs, program }),
    emit,
    ...(signal === undefined ? {} : { signal }),
    commandOf: (action, results) =>
      isServer
        ? reapiCommand(settings)
        : [
            settings.node,
            program(),
            "execute",
            action,
            "--blobs",
            shared.blobs,
            "--results",
            results,
            ...(settings.workerStore === undefined ? [] : ["--store", settings.workerStore]),
          ],
  };
}

function launcherOf(
  { world, settings, emit, signal }: ExecutorOptions,
  { blobs, program }: { readonly blobs: string; readonly program: () => string },
): Launcher {
  const silentFor =
    (who: string) =>
    (said: string): void =>
      emit({ kind: "waiting", for: `${who}, which says: ${said}` });
  const own = signal === undefined ? {} : { signal };
  switch (settings.system) {
    case "slurm":
      return slurmLauncher({
        world,
        arguments: settings.arguments,
        onSilent: silentFor("Slurm"),
        ...own,
      });
    case "command":
      return commandLauncher(world, settings.command);
    case "reapi":
      return reapiLauncher({
        world,
        settings,
        blobs,
        program: () => parentOf(parentOf(program())),
        onSilent: silentFor("the server"),
        ...own,
      });
  }
}

async function probe(workers: Workers, { machine, path, python }: WorkerFacts): Promise<void> {
  const { world } = workers;
  const pursuit = await pursue(workers, {
    action: {
      format: actionFormat,
      kind: "probe",
      machine,
      path,
      ...(python === undefined ? {} : { python }),
    },
    name: "probe",
    jobs: 1,
    logFolder: `${workers.shared.root}/no-logs`,
    mayReuse: ({ kind }, { folder }) =>
      kind === "ready" &&
      world.clock.now() - (world.disk.status(`${folder}/outcome.json`)?.modifiedMs ?? 0) < fitMs,
  });
  if (pursuit?.outcome.kind === "refused") throw unfit(pursuit.outcome);
}

function unfit({ host, reasons }: WorkerOutcome & { kind: "refused" }): TenonError {
  return new TenonError({
    kind: "machine",
    code: "WORKER_UNFIT",
    message: [`the worker ${host} cannot build for this machine:`, ...reasons],
    hints: [
      "Name workers that are like this machine in tenon.toml ([execution] arguments or platform), or build here: `tenon build --local`.",
    ],
  });
}

interface Using {
  readonly workers: Workers;
  readonly store: Store;
}

async function build(
  using: Using,
  { context, job }: BuildElsewhere,
  action: BuildAction,
): Promise<BuiltElsewhere> {
  const { workers } = using;
  const isChecked = action.checkLayers !== undefined;
  const wanted: WantedAction = {
    action,
    name: job.recipe.name,
    jobs: action.jobs,
    logFolder: job.logFolder,
    ...(context.emit === undefined ? {} : { emit: context.emit }),
    mayReuse: (outcome, attempt) => isFinished(workers, outcome, { attempt, isChecked }),
  };
  const pursuit = await pursue(workers, wanted);
  if (pursuit === undefined) return { outcome: { kind: "interrupted" }, release: () => {} };
  const { outcome } = pursuit;
  if (outcome.kind === "refused") throw unfit(outcome);
  if (outcome.kind === "failed") {
    const { steps, notes } = outcome;
    const failure = failureHere(outcome.failure, { context, job });
    removeTree(workers.world.disk, pursuit.attempt.folder);
    return { outcome: { kind: "failed", steps, notes, ...failure }, release: () => {} };
  }
  if (outcome.kind === "ready") throw nothingBuilt(workers, pursuit);
  return take(using, { context, job }, { wanted, pursuit, outcome, isChecked });
}

interface Taken {
  readonly wanted: WantedAction;
  readonly pursuit: Pursuit;
  readonly outcome: WorkerOutcome & { kind: "built" };
  readonly isChecked: boolean;
}

async function take(
  { workers, store }: Using,
  { context, job }: Pick<BuildElsewhere, "context" | "job">,
  { wanted, pursuit, outcome, isChecked }: Taken,
): Promise<BuiltElsewhere> {
  const { world, shared } = workers;
  const { artifact, pins, libraries, steps, notes } = outcome;
  const file = builtPack(workers, outcome, pursuit.attempt);
  if (file === undefined) throw nothingBuilt(workers, pursuit);
  if (!store.isAsBuilt(artifact)) await takeResultPack(world, store, file, artifact);
  moveAside(world, file, packOf(shared.blobs, artifact));
  let isOver = !isChecked;
  const check = async (): Promise<CheckOutcome> => {
    const checked = await awaitCheck(workers, wanted, pursuit, artifact);
    isOver = true;
    if (checked === undefined) return { kind: "interrupted" };
    if (checked.kind === "passed") return checked;
    removeTree(world.disk, pursuit.attempt.folder);
    const failure = failureHere(checked.failure, { context, job });
    return { kind: "failed", steps: checked.steps, ...failure };
  };
  return {
    outcome: {
      kind: "built",
      artifact,
      manifest: store.manifestOf(artifact),
      pins,
      libraries,
      steps,
      notes,
      ...(isChecked ? { check } : {}),
    },
    release: () => {
      if (!isOver) void workers.launcher.cancel(pursuit.attempt.id() ?? "");
    },
  };
}

/** From now on others that need it find it there. */
function moveAside({ disk }: World, from: string, to: string): void {
  if (from === to) return;
  try {
    disk.rename(from, to);
  } catch (error) {
    if (!isDiskError(error)) throw error;
  }
}

/** Who loses the worker while the check runs has to build once more: the check needs what the build has left. */
async function awaitCheck(
  workers: Workers,
  wanted: WantedAction,
  first: Pursuit,
  artifact: Digest,
): Promise<ReturnType<typeof readCheck>> {
  let pursuit: Pursuit | undefined = first;
  for (let lost = 0; ; lost += 1) {
    const { attempt, follow }: Pursuit = pursuit;
    const end = await waitFor(workers, attempt, { follow, read: readCheck });
    if (end === undefined || !("how" in end)) return end;
    giveUpOrTell(workers, wanted, { attempt, end, lost });
    pursuit = await pursue(workers, wanted);
    if (pursuit === undefined) return undefined;
    const { outcome } = pursuit;
    if (outcome.kind !== "built" || outcome.artifact !== artifact) throw otherResult(wanted.name);
  }
}

function failureHere(
  failure: PlainFailure,
  { context, job }: Pick<BuildElsewhere, "context" | "job">,
): StepFailure {
  const { killedForMemory, missing, logFile, ...rest } = failure;
  const askAgain =
    missing === undefined ? undefined : () => hintsFor(missing, job.layers, context.whoProvides);
  const memory =
    'Give its worker more in tenon.toml: [execution] arguments = ["--mem=16G"] for Slurm, and platform for a server.';
  return {
    ...rest,
    hints: killedForMemory === true ? [...rest.hints, memory] : (askAgain?.() ?? rest.hints),
    ...(askAgain === undefined || killedForMemory === true ? {} : { askAgain }),
    ...(logFile === undefined ? {} : { logFile: `${job.logFolder}/${logFile}` }),
  };
}

function nothingBuilt({ launcher }: Workers, { attempt }: Pursuit): TenonError {
  return new TenonError({
    kind: "machine",
    code: "WORKER_LOST",
    message: `${launcher.describe(attempt.id() ?? "")} says that it has built, but its artifact is not there`,
    hints: ["Run the command again."],
  });
}

function otherResult(name: string): TenonError {
  return new TenonError({
    kind: "machine",
    code: "WORKER_LOST",
    message: `the worker of ${name} was lost during its check, and building it again gave something else`,
    hints: ["Run the command again; `tenon prove` says whether a package is built reproducibly."],
  });
}
