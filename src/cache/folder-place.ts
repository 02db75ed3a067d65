/**
 * A cache in a folder: `names/NAME`, and `blobs/sha256/ab/abcd…`. Whoever serves the folder with any server of files, such as
 * nginx, has the same cache on the network.
 */
import { digestOf } from "../core/index.ts";
import {
  type Disk,
  exists,
  isDiskError,
  makeDirectories,
  waitForLock,
  type World,
  writeAtomically,
} from "../world/index.ts";
import { type Blob, CacheTrouble, type PushPlace } from "./place.ts";

export const namePath = (name: string): string => `names/${name}`;

export const blobPath = ({ sha256 }: Blob): string =>
  `blobs/sha256/${sha256.slice(0, 2)}/${sha256}`;

export function folderPlace(world: World, folder: string): PushPlace {
  const { disk, clock } = world;
  const at = (path: string): string => `${folder}/${path}`;
  const temporary = (path: string): string => `${at(path)}.${clock.uniqueId()}.tmp`;
  return {
    name: folder,
    readName: async (name, limitBytes) => readFile(disk, at(namePath(name)), limitBytes),
    readBlob: (blob) => readBlob(disk, at(blobPath(blob))),
    hasBlob: async (blob) => disk.statusOfTarget(at(blobPath(blob)))?.sizeBytes === blob.sizeBytes,
    writeBlob: async (blob, file) => {
      const path = blobPath(blob);
      makeFolderOf(disk, at(path));
      const incoming = temporary(path);
      disk.copyFile(file, incoming);
      disk.setMode(incoming, 0o644);
      disk.syncFile(incoming);
      disk.rename(incoming, at(path));
    },
    writeName: async (name, content) => {
      makeFolderOf(disk, at(namePath(name)));
      const how = { temporary: temporary(namePath(name)), durable: true };
      writeAtomically(disk, at(namePath(name)), content, how);
    },
    bind: () => Promise.resolve(),
    alone: async (name, action) => {
      const path = at(`${namePath(name)}.lock`);
      makeFolderOf(disk, path);
      const lock = await waitForLock(
        clock,
        { take: () => disk.tryLock(path), holder: () => undefined, doing: "pushing" },
        {},
      );
      try {
        return await action();
      } finally {
        lock.release();
      }
    },
  };
}

function makeFolderOf(disk: Disk, path: string): void {
  const folder = path.slice(0, path.lastIndexOf("/"));
  if (!exists(disk, folder)) makeDirectories(disk, folder);
}

function readFile(disk: Disk, path: string, limitBytes: number): Uint8Array | undefined {
  try {
    return disk.readFile(path, limitBytes);
  } catch (error) {
    if (isDiskError(error, "ENOENT")) return undefined;
    throw troubleOf(error);
  }
}

async function* readBlob(disk: Disk, path: string): AsyncGenerator<Uint8Array> {
  try {
    yield* disk.readChunks(path);
  } catch (error) {
    throw troubleOf(error);
  }
}

function troubleOf(error: unknown): unknown {
  if (!isDiskError(error)) return error;
  const kind = error.code === "ENOENT" ? "missing" : "unreachable";
  return new CacheTrouble(kind, error.message, error);
}

/** Of something small that is to be pushed. */
export function blobOf(content: Uint8Array): Blob {
  return { sha256: digestOf(content), sizeBytes: content.length };
}
