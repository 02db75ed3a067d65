/** Files as a folder of an action: what the server is told, and what it has to be brought for that. */
import { type BlobToBring, messageBlob, wireDigest } from "./blobs.ts";
import { DirectorySchema } from "./protocol/remote-execution_pb.ts";

export interface InputFolder {
  readonly root: BlobToBring["blob"];
  readonly blobs: readonly BlobToBring[];
}

/** `files`: by their paths in the folder, all of which are in order for that. */
export function inputFolder(files: ReadonlyMap<string, BlobToBring>): InputFolder {
  const blobs = [...files.values()];
  const root = folderOf(files, "", blobs);
  return { root, blobs };
}

function folderOf(
  files: ReadonlyMap<string, BlobToBring>,
  prefix: string,
  blobs: BlobToBring[],
): BlobToBring["blob"] {
  const names = new Map<string, "file" | "folder">();
  for (const path of files.keys()) {
    if (!path.startsWith(prefix)) continue;
    const [name = "", ...rest] = path.slice(prefix.length).split("/");
    names.set(name, rest.length === 0 ? "file" : "folder");
  }
  // By their bytes: another order would be another digest.
  const sorted = [...names.keys()].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
  const folder = messageBlob(DirectorySchema, {
    files: sorted
      .filter((name) => names.get(name) === "file")
      .map((name) => {
        const file = files.get(`${prefix}${name}`) as BlobToBring;
        return { name, digest: wireDigest(file.blob) };
      }),
    directories: sorted
      .filter((name) => names.get(name) === "folder")
      .map((name) => ({ name, digest: wireDigest(folderOf(files, `${prefix}${name}/`, blobs)) })),
  });
  blobs.push(folder);
  return folder.blob;
}
