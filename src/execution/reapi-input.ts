/** What a worker of a server finds in its folder: `action`, `blobs` and `program`. */
import type { BlobToBring } from "../reapi/index.ts";
import { type Disk, listIfAny, type World } from "../world/index.ts";
import { type Action, actionFile, blobNames } from "./action.ts";

type BlobOf = (file: string) => BlobToBring;

/** Files by their digests, each read once for that: files of these names do not change. */
export function blobReader({ disk }: World): BlobOf {
  const known = new Map<string, BlobToBring>();
  return (file) => {
    const before = known.get(file);
    if (before !== undefined) return before;
    const sizeBytes = disk.statusOfTarget(file)?.sizeBytes ?? 0;
    const blob = { sha256: disk.digestFile(file), sizeBytes };
    const made = { blob, read: () => disk.readChunks(file) };
    known.set(file, made);
    return made;
  };
}

interface Places {
  readonly blobs: string;
  readonly program: () => string;
  readonly blobOf: BlobOf;
}

export function inputOf(
  disk: Disk,
  { blobs, program, blobOf }: Places,
  { action, folder }: { readonly action: Action; readonly folder: string },
): ReadonlyMap<string, BlobToBring> {
  const files = new Map([[`action/${actionFile}`, blobOf(`${folder}/${actionFile}`)]]);
  for (const name of blobNames(action)) files.set(`blobs/${name}`, blobOf(`${blobs}/${name}`));
  const take = (from: string, path: string): void => {
    for (const { name, type } of listIfAny(disk, from)) {
      if (type === "directory") take(`${from}/${name}`, `${path}/${name}`);
      else files.set(`${path}/${name}`, blobOf(`${from}/${name}`));
    }
  };
  take(program(), "program");
  return files;
}
