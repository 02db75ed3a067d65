/** What a compressed file holds where only programs of the machine can tell, in memory. */
import { containerOf } from "../relocation/index.ts";
import { type CompressedFile, decompress } from "./decompress.ts";

const mostBytes = 1 << 28;

/**
 * `content` is the file's own. Undefined for what is compressed in no way, or in one that needs no program, and for what
 * cannot be unpacked: a relocation names that as what cannot be looked into.
 */
export async function unpackForeign(
  file: Omit<CompressedFile, "limitBytes">,
  content: Uint8Array,
): Promise<Uint8Array | undefined> {
  const container = containerOf(content);
  if (container === undefined || container === "gzip" || container === "zip") return undefined;
  const pieces: Uint8Array[] = [];
  try {
    for await (const piece of decompress({ ...file, limitBytes: mostBytes }, container))
      pieces.push(piece);
    return Buffer.concat(pieces);
  } catch {
    return undefined;
  }
}
