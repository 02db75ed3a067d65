/** An OCI image layout as one tar archive, which `docker load`, `podman load` and skopeo read. */
import { archiveEnd, inLargePieces, memberHead, memberTail } from "../bundle/index.ts";
import type { World } from "../world/index.ts";

/** `file` must not exist. */
export function writeTar({ disk }: World, folder: string, file: string): void {
  const writer = disk.openWriter(file);
  try {
    for (const piece of inLargePieces(membersOf({ disk }, folder))) writer.write(piece);
  } finally {
    writer.close();
  }
}

function* membersOf({ disk }: Pick<World, "disk">, folder: string): Generator<Uint8Array> {
  const blobs = disk.list(`${folder}/blobs/sha256`).map(({ name }) => `blobs/sha256/${name}`);
  for (const path of ["blobs", "blobs/sha256"])
    yield memberHead({ type: "directory", path, mode: 0o755 });
  for (const path of [...blobs, "index.json", "oci-layout"]) {
    const sizeBytes = disk.status(`${folder}/${path}`)?.sizeBytes ?? 0;
    yield memberHead({ type: "file", path, mode: 0o644, sizeBytes });
    yield* disk.readChunks(`${folder}/${path}`);
    yield memberTail(sizeBytes);
  }
  yield archiveEnd;
}
