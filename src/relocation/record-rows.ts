/** The rows of RECORD that are not the same for every prefix: those of files that are relocated. */
import { posix } from "node:path";
import { type FileEntry, joinPath, parentOf } from "../core/index.ts";
import type { MapPlace } from "./map.ts";
import type { ListedFile } from "./relocate.ts";

/** Whether a path is that of a RECORD, the list of what a Python distribution has installed. */
export function isRecordPath(path: string): boolean {
  return path.endsWith(".dist-info/RECORD");
}

/** The path of a row's file, relative to the prefix; its row says it from the folder of the distribution's own. */
export function pathOfRow(record: string, row: string): string {
  return posix.normalize(joinPath(parentOf(parentOf(record)), row));
}

/** For `Relocation.fileOf`: `entryAt` gives what a prefix has, by its path. */
export function listedFiles(
  record: string,
  entryAt: (path: string) => FileEntry | undefined,
): (row: string) => { artifact: ListedFile; relocated: ListedFile } | undefined {
  return (row) => {
    const relocated = entryAt(pathOfRow(record, row));
    const artifact = relocated?.relocation?.original;
    return relocated && artifact && { artifact, relocated };
  };
}

/**
 * `isRelocated` is asked for the path as a row says it. A row without digest, as of RECORD itself, has nothing to be
 * made anew. Offsets are in bytes.
 */
export function findRows(record: string, isRelocated: (path: string) => boolean): MapPlace[] {
  const places: MapPlace[] = [];
  let offset = 0;
  for (const line of record.split("\n")) {
    const [, field, path] =
      /^((?:"((?:[^"]|"")*)"|[^",]*),)sha256=[\w-]{43},\d+\r?$/.exec(line) ?? [];
    if (field !== undefined) {
      const plain = path?.replaceAll('""', '"') ?? field.slice(0, -1);
      if (isRelocated(plain))
        places.push({ kind: "row", offset: offset + Buffer.byteLength(field), path: plain });
    }
    offset += Buffer.byteLength(line) + 1;
  }
  return places;
}
