/**
 * Nothing to do, found out without a plan.
 *
 * A build that had nothing to do keeps in the user's cache folder what it has looked at. Where the next one is asked for
 * the same, and all of that looks the same, there is nothing to do either. The note names programs that are run
 * again, such as the compiler, so it lies where nobody else can write, and never in a workspace or a store (I15).
 */
import { digestOf, type EventBody, type EventSink } from "../core/index.ts";
import { readOwnFile } from "../prefix/index.ts";
import {
  isDiskError,
  isLooked,
  lookAgain,
  type Looked,
  removeTree,
  watchWorld,
  type World,
  writeAtomically,
} from "../world/index.ts";
import { recordEvents } from "../workspace/index.ts";
import type { BuildResult } from "./build-result.ts";
import type { BuildOptions } from "./planned-work.ts";

/** To be raised when a build comes to look at the machine in another way. */
const format = 1;
/** So that what is used of the store is noted as used, to a day, and that a clock that was wrong does no harm. */
const longestMs = 12 * 60 * 60 * 1000;
/** A file may change twice within one tick of the coarsest clock, and look unchanged after the second time. */
const tickMs = 2_000;
const limitBytes = 64 << 20;

/** How each run begins and ends. */
const frame: ReadonlySet<EventBody["kind"]> = new Set(["opened", "run-finished"]);

type Done = Extract<BuildResult, { kind: "done" }>;

interface Note extends Looked {
  readonly packages: number;
  /** What the build has told: a remark of the workspace's, for one. */
  readonly events: readonly EventBody[];
  readonly atMs: number;
}

/** Builds, unless it is plain without a plan that there is nothing to do. */
export async function buildIfChanged(world: World, options: BuildOptions): Promise<BuildResult> {
  const file = noteFile(world, options);
  const note = file === undefined ? undefined : readNote(world, file);
  const known = note === undefined ? undefined : await endUnchanged(world, options, note);
  if (known !== undefined) return known;
  const { runBuild } = await import("./build.ts"); // which takes longer to load than all this
  if (file === undefined) return runBuild(world, options);
  const startedMs = world.clock.now();
  const watched = watchWorld(world, options.environment);
  watched.world.disk.status(`${options.program}/dist/tenon.js`);
  const events: EventBody[] = [];
  const emit: EventSink = (event) => {
    if (!watched.isSpoilt() && !frame.has(event.kind)) events.push(event);
    options.emit(event);
  };
  const { environment } = watched;
  const result = await runBuild(watched.world, { ...options, environment, emit });
  const looked = watched.looked();
  if (isIdle(result) && looked !== undefined)
    keepNote(world, file, { ...looked, packages: result.packages, events, atMs: startedMs });
  return result;
}

/** Undefined where something may be to be done. */
async function endUnchanged(
  world: World,
  options: BuildOptions,
  note: Note,
): Promise<Done | undefined> {
  const startedMs = world.clock.monotonicMs();
  const found = await lookAgain(world, options.environment, note);
  if (found !== note.digest || options.signal?.aborted) return undefined;
  const durationMs = world.clock.monotonicMs() - startedMs;
  const { emit } = recordEvents(world, options.emit, options.invocation);
  for (const event of note.events) emit(event);
  emit({ kind: "run-finished", result: "done", durationMs });
  const { packages } = note;
  return { kind: "done", packages, built: 0, changed: [], removed: [], durationMs };
}

function isIdle(result: BuildResult): result is Done {
  if (result.kind !== "done") return false;
  return result.built + result.changed.length + result.removed.length === 0;
}

/** Unless some of what it is about was changed just before or meanwhile. */
function keepNote(world: World, file: string, note: Note): void {
  const { disk, clock } = world;
  if (!isAtRest(world, note)) return;
  const folder = file.slice(0, file.lastIndexOf("/"));
  try {
    removeOld(world, folder);
    const temporary = `${folder}/.${clock.uniqueId()}`;
    writeAtomically(disk, file, JSON.stringify(note), { temporary, durable: false });
  } catch (error) {
    if (!isDiskError(error)) throw error; // the next build looks for itself
  }
}

function isAtRest({ disk }: World, { paths, atMs }: Note): boolean {
  return paths.every(([way, path]) => {
    const status = way === "entry" ? disk.status(path) : disk.statusOfTarget(path);
    if (status === undefined || (status.type === "directory" && way !== "content")) return true;
    return Math.max(status.modifiedMs, status.changedMs) + tickMs < atMs;
  });
}

/** Those that serve nobody any more, and what a killed command has left. */
function removeOld({ disk, clock }: World, folder: string): void {
  for (const { name } of disk.list(folder)) {
    const status = disk.status(`${folder}/${name}`);
    if (status !== undefined && status.modifiedMs + longestMs < clock.now())
      removeTree(disk, `${folder}/${name}`);
  }
}

/** By all that a build is asked for, and by the program and the user that do it. */
function noteFile({ machine }: World, options: BuildOptions): string | undefined {
  const { notes, program, dryRun, invocation } = options;
  if (notes === undefined || program === undefined || dryRun) return undefined;
  const own = { emit: undefined, signal: undefined, environment: undefined, invocation: undefined };
  const asked = { ...options, ...own };
  const { userId, groupId, hostName, architecture } = machine;
  const who = [invocation?.version, userId, groupId, hostName, architecture];
  return `${notes}/${digestOf(JSON.stringify([format, asked, who]))}.json`;
}

/** A damaged note means only that the build looks for itself. */
function readNote({ disk, clock }: World, file: string): Note | undefined {
  try {
    const text = readOwnFile(disk, file, { limitBytes })?.toString();
    const note = JSON.parse(text ?? "null") as (Looked & Partial<Note>) | null;
    if (note === null || !isLooked(note)) return undefined;
    const { packages, events, atMs = 0 } = note;
    const ageMs = clock.now() - atMs;
    const isFresh = ageMs >= 0 && ageMs < longestMs;
    const isGood = isFresh && Number.isSafeInteger(packages) && Array.isArray(events);
    return isGood ? (note as Note) : undefined;
  } catch (error) {
    if (error instanceof SyntaxError || isDiskError(error)) return undefined;
    throw error;
  }
}
