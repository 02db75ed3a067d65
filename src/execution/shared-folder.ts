/**
 * The folder that the client and all workers see at the same path: `program/`, the program itself; `blobs/`, sources and
 * packed artifacts; `actions/DIGEST/`, an action and, in `attempts/`, what came of it each time.
 *
 * What is there is remembered until nobody has used it for a month.
 */
import { type Digest, TenonError } from "../core/index.ts";
import {
  exists,
  isDiskError,
  listIfAny,
  makeDirectories,
  readTextIfAny,
  removeTree,
  type World,
  writeAtomically,
} from "../world/index.ts";
import { type Action, actionFile, actionText, blobPath, digestOfAction, packOf } from "./action.ts";

export interface SharedFolder {
  readonly root: string;
  readonly blobs: string;
  readonly programs: string;
  /** Writes the action down, if it is not there, and gives its folder. */
  putAction(action: Action): string;
  /** A copy of a file, if there is none. */
  putFile(sha256: Digest, file: string): void;
  /** Whether the packed artifact is there; it counts as used then. */
  hasPack(artifact: Digest): boolean;
  /** The attempts at an action, the oldest first. */
  attemptsAt(action: string): ActionAttempt[];
  newAttempt(action: string): ActionAttempt;
  /** Removes what nobody has used for a month. */
  sweep(): void;
}

/** One try to have an action done. */
export interface ActionAttempt {
  /** Where its results are. */
  readonly folder: string;
  /** What the launcher called it; undefined while it is not known. */
  id(): string | undefined;
  setId(id: string): void;
}

const keptMs = 30 * 24 * 3_600_000;

/** Throws a TenonError of kind `machine` where it cannot be made, or others may write in it. */
export function openSharedFolder(world: World, root: string): SharedFolder {
  const { disk, clock, machine } = world;
  try {
    for (const name of ["program", "blobs", "actions"])
      makeDirectories(disk, `${root}/${name}`, 0o700);
  } catch (error) {
    if (!isDiskError(error)) throw error;
    throw unusable(root, error.message);
  }
  const status = disk.statusOfTarget(root);
  if (status !== undefined && (status.ownerId !== machine.userId || (status.mode & 0o022) !== 0))
    throw unusable(root, "it is another user's, or others may write in it");
  const blobs = `${root}/blobs`;
  const touch = (path: string): boolean => {
    if (!exists(disk, path)) return false;
    disk.setTimes(path, clock.now());
    return true;
  };
  return {
    root,
    blobs,
    programs: `${root}/program`,
    putAction: (action) => {
      const folder = `${root}/actions/${digestOfAction(action)}`;
      makeDirectories(disk, `${folder}/attempts`);
      if (!touch(`${folder}/${actionFile}`)) {
        const temporary = `${folder}/.${clock.uniqueId()}`;
        writeAtomically(disk, `${folder}/${actionFile}`, actionText(action), {
          temporary,
          durable: false,
        });
      }
      return folder;
    },
    putFile: (sha256, file) => {
      if (touch(blobPath(blobs, sha256))) return;
      const temporary = `${blobs}/.${clock.uniqueId()}`;
      disk.copyFile(file, temporary);
      disk.rename(temporary, blobPath(blobs, sha256));
    },
    hasPack: (artifact) => touch(packOf(blobs, artifact)),
    attemptsAt: (action) =>
      listIfAny(disk, `${action}/attempts`).map(({ name }) =>
        attemptIn(world, `${action}/attempts/${name}`),
      ),
    newAttempt: (action) => {
      const start = String(clock.now()).padStart(15, "0");
      const folder = `${action}/attempts/${start}-${clock.uniqueId()}`;
      makeDirectories(disk, folder);
      return attemptIn(world, folder);
    },
    sweep: () => sweep(world, [`${root}/actions`, blobs]),
  };
}

function attemptIn({ disk, clock }: World, folder: string): ActionAttempt {
  const file = `${folder}/id`;
  return {
    folder,
    id: () => readTextIfAny(disk, file),
    setId: (id) =>
      writeAtomically(disk, file, id, {
        temporary: `${folder}/.${clock.uniqueId()}`,
        durable: false,
      }),
  };
}

/** An action's own file says when the action was asked for last. */
function sweep({ disk, clock }: World, folders: readonly string[]): void {
  const before = clock.now() - keptMs;
  for (const folder of folders) {
    for (const { name } of listIfAny(disk, folder)) {
      const path = `${folder}/${name}`;
      const status = disk.status(`${path}/${actionFile}`) ?? disk.status(path);
      if (status !== undefined && status.modifiedMs < before) removeTree(disk, path);
    }
  }
}

function unusable(root: string, why: string): TenonError {
  return new TenonError({
    kind: "machine",
    code: "SHARED_FOLDER",
    message: `the folder ${root}, which [execution] names, cannot be used: ${why}`,
    hints: ["Name a folder of your own that all workers see at the same path."],
  });
}
