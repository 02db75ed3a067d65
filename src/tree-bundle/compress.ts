/** Archives as compressed files, by the machine's own programs. */
import { TenonError } from "../core/index.ts";
import { removeTree, type World } from "../world/index.ts";
import { inLargePieces } from "../bundle/index.ts";

const programs = {
  "tar.zst": { program: "zstd", options: "-q -T0 -12", debian: "zstd" },
  "tar.bz2": { program: "bzip2", options: "-9", debian: "bzip2" },
} as const;

export type ArchiveForm = keyof typeof programs;

/** `file` is absolute, and replaced when all is written. */
export async function writeCompressed(
  { disk, clock, processes }: World,
  { file, form, chunks }: { file: string; form: ArchiveForm; chunks: Iterable<Uint8Array> },
): Promise<void> {
  const fresh = `${file}.${clock.uniqueId()}`;
  const plain = `${fresh}-tar`;
  const packed = `${fresh}-new`;
  const { program, options, debian } = programs[form];
  try {
    const writer = disk.openWriter(plain);
    try {
      for (const chunk of inLargePieces(chunks)) writer.write(chunk);
    } finally {
      writer.close();
    }
    const script = `exec ${program} ${options} <"$1" >"$2"`;
    const args = ["-c", script, "sh", plain, packed];
    const { outcome, stderr } = await processes.capture({ program: "/bin/sh", args });
    if (outcome.kind !== "exited" || outcome.code !== 0)
      throw new TenonError({
        kind: "machine",
        code: "ARCHIVE_PROGRAM_FAILED",
        message: `${file} could not be compressed: ${stderr.trim() || `${program} ended with ${outcome.kind}`}`,
        hints: [`If ${program} is missing: apt-get install ${debian}.`],
      });
    disk.rename(packed, file);
  } finally {
    for (const each of [plain, packed]) removeTree(disk, each);
  }
}
