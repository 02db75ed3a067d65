/** Writing new files into a stage without touching what is there. */
import { ancestorsOf, parentOf, TenonError } from "../core/index.ts";
import { type Disk, makeDirectories, removeTree } from "../world/index.ts";

export interface StageWriter {
  /** Refuses before anything is written when one of the paths is taken. */
  claim(paths: readonly string[]): void;
  /** Removes what came of claimed paths, and of the folders that were not there before. */
  undo(paths: readonly string[]): void;
  /** Makes the folders above a file that was claimed; where it is to be, absolute. */
  prepare(path: string): string;
  /** Writes a file that was claimed, and makes the folders above it. */
  write(path: string, content: Uint8Array, mode: number): void;
}

/** Paths are relative to the stage; `owner` is named in errors. */
export function openStageWriter(disk: Disk, stage: string, owner: string): StageWriter {
  const present = new Map<string, boolean>();
  const made = new Set<string>();

  /** Whether a folder is there already. */
  const isPresent = (folder: string): boolean => {
    const known = present.get(folder);
    if (known !== undefined) return known;
    const type = disk.status(`${stage}/${folder}`)?.type;
    if (type !== undefined && type !== "directory") throw occupied(owner, folder, type);
    present.set(folder, type !== undefined);
    return type !== undefined;
  };

  const prepare = (path: string): string => {
    const folder = parentOf(path);
    if (!made.has(folder)) makeDirectories(disk, folder === "" ? stage : `${stage}/${folder}`);
    made.add(folder);
    return `${stage}/${path}`;
  };

  return {
    claim: (paths) => {
      for (const path of paths) {
        const isNew = ancestorsOf(path).some((folder) => !isPresent(folder));
        const type = isNew ? undefined : disk.status(`${stage}/${path}`)?.type;
        if (type !== undefined) throw occupied(owner, path, type);
      }
    },
    undo: (paths) => {
      const folders = [...present].flatMap(([folder, wasThere]) => (wasThere ? [] : [folder]));
      for (const path of [...paths, ...folders]) removeTree(disk, `${stage}/${path}`);
    },
    prepare,
    write: (path, content, mode) => disk.createFile(prepare(path), content, mode),
  };
}

function occupied(owner: string, path: string, type: string): TenonError {
  return new TenonError({
    kind: "conflict",
    code: "STAGE_OCCUPIED",
    message: `${owner} needs ${path}, and the stage has a ${type} there already`,
  });
}
