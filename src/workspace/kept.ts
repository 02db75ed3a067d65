/**
 * The scratch folder of a package's last failed build or check is kept, for `tenon shell`: until the next build
 * of the package, or `tenon gc`. The workspace remembers its name (`.tenon/kept/PACKAGE`), and the
 * folder where that is remembered; one that is remembered nowhere is abandoned.
 */
import { readEntry, type StepEntry } from "../builder/index.ts";
import {
  exists,
  type Lock,
  makeDirectories,
  readTextIfAny,
  type World,
  writeAtomically,
} from "../world/index.ts";
import { locateWorkspace, stateFolderOf, storeOf, type WorkspacePlace } from "./open-workspace.ts";
import type { Session, SessionOptions } from "./session.ts";
import { openTrustedStore } from "../trust/index.ts";
import { openWorkspaceState, readRemembered } from "./workspace-state.ts";

type Keeping = Pick<Session, "world" | "store" | "state">;

/** False when there is nothing that a person could go to. The caller holds the lock of its key. */
export function keepFailed(session: Keeping, name: string, scratch: string): boolean {
  const { disk, clock } = session.world;
  const folder = scratchFolder(session, scratch);
  releaseKept(session, name);
  if (readEntry(disk, folder) === undefined) return false;
  const record = recordFile(session, name);
  disk.createFile(`${folder}/keeper`, record);
  makeDirectories(disk, session.state.kept);
  const temporary = `${session.state.kept}/.${clock.uniqueId()}`;
  writeAtomically(disk, record, scratch, { temporary, durable: false });
  return true;
}

/** Gives up what is kept of a package. */
export function releaseKept(session: Keeping, name: string): void {
  const { disk } = session.world;
  const scratch = readScratchName(session, name);
  if (scratch === undefined) return;
  disk.removeFile(recordFile(session, name));
  if (!exists(disk, scratchFolder(session, scratch))) return;
  const lock = session.store.tryLock(lockName(scratch));
  if (lock === undefined) return; // somebody is in it; what is remembered nowhere goes later
  try {
    session.store.removeScratch(scratch);
  } finally {
    lock.release();
  }
}

/** Gives up all that is kept of the workspace that a folder lies in; the names of the packages. */
export function releaseAllKept(
  world: World,
  options: WorkspacePlace & Pick<SessionOptions, "store">,
): string[] {
  if (locateWorkspace(world, options) === undefined) return [];
  const root = storeOf(world, options);
  const state = openWorkspaceState(world, stateFolderOf(world, options));
  if (!exists(world.disk, state.kept)) return [];
  const store = openTrustedStore(world, options, root ?? options.store, { sync: false });
  const names = world.disk.list(state.kept).map(({ name }) => name);
  for (const name of names) releaseKept({ world, store, state }, name);
  return names;
}

/** Whether a scratch folder that nobody has locked is one that is kept. */
export function isKept(session: Keeping, scratch: string): boolean {
  const { disk } = session.world;
  const record = readTextIfAny(disk, `${scratchFolder(session, scratch)}/keeper`);
  return record !== undefined && readTextIfAny(disk, record) === scratch;
}

export interface Kept {
  readonly entry: StepEntry;
  /** Nobody builds the same meanwhile. */
  readonly lock: Lock;
}

/** Undefined when nothing is kept, or somebody has it. */
export function openKept(session: Keeping, name: string): Kept | undefined {
  const { disk } = session.world;
  const scratch = readScratchName(session, name);
  if (scratch === undefined) return undefined;
  const lock = session.store.tryLock(lockName(scratch));
  const entry = readEntry(disk, scratchFolder(session, scratch));
  if (lock !== undefined && entry !== undefined) return { entry, lock };
  lock?.release();
  return undefined;
}

/** One name of a path, as it was given to the scratch folder. */
function readScratchName(session: Keeping, name: string): string | undefined {
  const text = readRemembered(session.world.disk, recordFile(session, name));
  return text !== undefined && /^[0-9a-f]{16}-[\w.+-]+$/.test(text) ? text : undefined;
}

function recordFile({ state }: Keeping, name: string): string {
  return `${state.kept}/${name}`;
}

function scratchFolder({ store }: Keeping, scratch: string): string {
  return `${store.layout.scratch}/${scratch}`;
}

function lockName(scratch: string): string {
  return scratch.slice(0, scratch.indexOf("-"));
}
