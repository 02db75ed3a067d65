/**
 * Having an action done: a worker is started, followed and, if it is lost, started again; what an earlier run has had
 * done, or has under way, is taken instead.
 */
import { type EventSink, TenonError } from "../core/index.ts";
import { exists, readTextIfAny, removeTree, type World } from "../world/index.ts";
import { type Action, packOf } from "./action.ts";
import { followAttempt } from "./follow.ts";
import type { Launcher, WorkState } from "./launcher.ts";
import { packFile, readCheck, readOutcome, type WorkerOutcome } from "./outcome.ts";
import type { ActionAttempt, SharedFolder } from "./shared-folder.ts";

export interface Workers {
  readonly world: World;
  readonly shared: SharedFolder;
  readonly launcher: Launcher;
  /** The command line of a worker that does an action. */
  readonly commandOf: (action: string, results: string) => readonly string[];
  readonly emit: EventSink;
  readonly signal?: AbortSignal;
}

export interface WantedAction {
  readonly action: Action;
  /** For messages and lists of jobs. */
  readonly name: string;
  readonly jobs: number;
  /** The client's, of the package. */
  readonly logFolder: string;
  /** Undefined where nothing of the worker's events is wanted. */
  readonly emit?: EventSink;
  /** Whether what has been done before serves. */
  readonly mayReuse: (outcome: WorkerOutcome, attempt: ActionAttempt) => boolean;
}

/** A worker at an action, or what it has left. */
export interface Pursuit {
  readonly attempt: ActionAttempt;
  /** Takes over what it has told since the last time. */
  readonly follow: () => void;
  readonly outcome: WorkerOutcome;
}

/** How often a worker may be lost for one action. */
const mostLost = 5;
const quickMs = 50;
const slowMs = 500;
/** How long a file may take to be seen that another machine has written. */
const graceMs = 15_000;

/** Undefined when it was interrupted. Throws a TenonError of kind `machine` where no worker does it. */
export async function pursue(workers: Workers, wanted: WantedAction): Promise<Pursuit | undefined> {
  const folder = workers.shared.putAction(wanted.action);
  for (let lost = 0; ; lost += 1) {
    const attempt =
      (await findUsable(workers, wanted, folder)) ?? (await launch(workers, wanted, folder));
    const follow = followerOf(workers, wanted, attempt);
    const end = await waitFor(workers, attempt, { follow, read: readOutcome });
    if (end === undefined) return undefined;
    if (!("how" in end)) return { attempt, follow, outcome: end };
    giveUpOrTell(workers, wanted, { attempt, end, lost });
  }
}

/** Waits for what the worker leaves in a file, or for its end; cancels it when the run is interrupted. */
export async function waitFor<Result>(
  { world, launcher, signal }: Workers,
  attempt: ActionAttempt,
  {
    follow,
    read,
  }: {
    readonly follow: () => void;
    readonly read: (disk: World["disk"], folder: string) => Result | undefined;
  },
): Promise<Result | (WorkState & { kind: "ended" }) | undefined> {
  const { clock, disk } = world;
  const id = attempt.id() ?? "";
  let endedAtMs: number | undefined;
  for (let pauseMs = quickMs; ; pauseMs = Math.min(pauseMs * 1.2, slowMs)) {
    const result = read(disk, attempt.folder);
    follow();
    if (result !== undefined) return result;
    if (signal?.aborted) {
      await launcher.cancel(id);
      return undefined;
    }
    const state = await launcher.stateOf(id);
    if (state.kind === "ended") {
      endedAtMs ??= clock.monotonicMs();
      const waitedMs = clock.monotonicMs() - endedAtMs;
      if (waitedMs > (state.how === "done" ? graceMs : slowMs)) return state;
    }
    await clock.sleep(pauseMs);
  }
}

/** Tells that another worker is started, or throws. */
export function giveUpOrTell(
  { world, launcher, emit }: Workers,
  { name }: Pick<WantedAction, "name">,
  {
    attempt,
    end,
    lost,
  }: {
    readonly attempt: ActionAttempt;
    readonly end: WorkState & { kind: "ended" };
    readonly lost: number;
  },
): void {
  const what = `${launcher.describe(attempt.id() ?? "")} ${end.words}`;
  const said = lastLines(world, attempt);
  removeTree(world.disk, attempt.folder);
  if (end.how !== "given-up" && lost + 1 < mostLost) {
    const without = end.how === "done" ? " without a result" : "";
    emit({ kind: "note", package: name, text: `${what}${without}; another one is started` });
    return;
  }
  const times = lost === 0 ? "" : `, and so did ${lost} before it`;
  throw new TenonError({
    kind: "machine",
    code: "WORKER_LOST",
    message: `${what}${times}`,
    hints: [...end.hints, ...said],
  });
}

/** What the worker itself has printed: why it could not even begin, for one. */
function lastLines({ disk }: World, attempt: ActionAttempt): string[] {
  const text = readTextIfAny(disk, workerLog(attempt)) ?? "";
  const lines = text.trim().split("\n").filter(Boolean).slice(-4);
  return lines.map((line) => `It printed: ${line}`);
}

function workerLog({ folder }: ActionAttempt): string {
  return `${folder}/worker.log`;
}

function followerOf(
  { world }: Workers,
  { name, logFolder, emit }: WantedAction,
  { folder }: ActionAttempt,
): () => void {
  return followAttempt({
    disk: world.disk,
    folder,
    logFolder,
    package: name,
    ...(emit === undefined ? {} : { emit }),
  });
}

/** Removes what is of no use. */
async function findUsable(
  workers: Workers,
  { mayReuse }: WantedAction,
  folder: string,
): Promise<ActionAttempt | undefined> {
  const { world, shared, launcher } = workers;
  let usable: ActionAttempt | undefined;
  for (const attempt of shared.attemptsAt(folder)) {
    const outcome = readOutcome(world.disk, attempt.folder);
    const id = attempt.id();
    const isUnderWay = async () =>
      id !== undefined && (await launcher.stateOf(id)).kind !== "ended";
    const isGood =
      outcome === undefined
        ? await isUnderWay()
        : mayReuse(outcome, attempt) || (await isUnderWay());
    if (isGood && usable === undefined) usable = attempt;
    else if (!isGood) removeTree(world.disk, attempt.folder);
  }
  return usable;
}

async function launch(
  workers: Workers,
  wanted: WantedAction,
  folder: string,
): Promise<ActionAttempt> {
  const { shared, launcher, commandOf } = workers;
  const attempt = shared.newAttempt(folder);
  const id = await launcher.launch({
    name: wanted.name,
    argv: commandOf(folder, attempt.folder),
    action: folder,
    results: attempt.folder,
    logFile: workerLog(attempt),
    jobs: wanted.jobs,
  });
  attempt.setId(id);
  return attempt;
}

/** Where the built artifact is: with the attempt, or with the blobs since it was taken. */
export function builtPack(
  { world, shared }: Pick<Workers, "world" | "shared">,
  outcome: WorkerOutcome,
  { folder }: ActionAttempt,
): string | undefined {
  if (outcome.kind !== "built") return undefined;
  const places = [`${folder}/${packFile}`, packOf(shared.blobs, outcome.artifact)];
  return places.find((file) => exists(world.disk, file));
}

/** Whether an earlier run's outcome serves: it is whole, and its check has passed where one is wanted. */
export function isFinished(
  workers: Pick<Workers, "world" | "shared">,
  outcome: WorkerOutcome,
  { attempt, isChecked }: { readonly attempt: ActionAttempt; readonly isChecked: boolean },
): boolean {
  if (builtPack(workers, outcome, attempt) === undefined) return false;
  return !isChecked || readCheck(workers.world.disk, attempt.folder)?.kind === "passed";
}
