/** Reading zip files (APPNOTE 6.3): every claim is checked against the other before it is used. */
import * as zlib from "node:zlib";
import { TenonError } from "../core/index.ts";
import type { Disk, FileType } from "../world/index.ts";
import { FileView } from "./file-view.ts";
import { refusal, type ArchiveSubject } from "./refusal.ts";
import { readDirectory, type ZipEntry } from "./zip-directory.ts";
import { checkLayout } from "./zip-layout.ts";

export interface ZipReader {
  /** In the order of the central directory. Names are UTF-8, not empty, and else unchecked. */
  readonly entries: readonly ZipEntry[];
  /** The content, its size and CRC-32 checked. */
  read(entry: ZipEntry): Uint8Array;
  /** Where in the file the content lies, for who reads it by pieces. */
  startOf(entry: ZipEntry): number;
}

/**
 * Of the file, no more is held in memory than the directory. Throws a TenonError of kind `source`
 * when anything is encrypted, split over volumes, overlapping, contradictory, or more than the
 * compression can give. `name` is how errors name the archive.
 */
export function readZip(disk: Disk, file: string, name: string): ZipReader {
  checkZipFile(disk, file);
  const data = new FileView(disk, file);
  const { entries, directoryStart } = readDirectory(data, name);
  const starts = checkLayout(data, name, entries, directoryStart);
  checkRatio(data.length, name, entries);
  const startOf = (entry: ZipEntry): number => {
    const start = starts.get(entry);
    if (start === undefined)
      throw refusal("DAMAGED", { archive: name, member: entry.name }, "is not here");
    return start;
  };
  return {
    entries,
    startOf,
    read: (entry) => {
      const subject = { archive: name, member: entry.name };
      const start = startOf(entry);
      if (Math.max(entry.sizeBytes, entry.compressedBytes) > memberLimitBytes)
        throw refusal("UNSUPPORTED", subject, "is larger than the 2 GiB that tenon reads at once");
      const stored = data.subarray(start, start + entry.compressedBytes);
      const content = entry.method === 0 ? stored : inflate(subject, entry, stored);
      if (content.length !== entry.sizeBytes)
        throw refusal("DAMAGED", subject, "has another size than declared");
      if (zlib.crc32(content) !== entry.crc32)
        throw refusal("DAMAGED", subject, "is damaged: its CRC-32 is wrong");
      return content;
    },
  };
}

const memberLimitBytes = 2 ** 31 - 1; // what Node reads at once
const totalRatioLimit = 200;
const harmlessTotalBytes = 1 << 28;
// A run of 258 equal bytes takes no less than two bits.
const deflateRatioLimit = 1032;
const largestChunkBytes = 1 << 26;

/** Whether it is a file; to be called before anything of it is read. */
export function checkZipFile(disk: Disk, file: string): void {
  const status = disk.statusOfTarget(file);
  if (status === undefined)
    throw new TenonError({
      kind: "usage",
      code: "ARCHIVE_FILE",
      message: `there is no file ${file}`,
    });
  const { type } = status;
  if (type !== "file")
    throw new TenonError({
      kind: "usage",
      code: "ARCHIVE_FILE",
      message: `${file} is a ${names[type]}, and tenon reads regular files only`,
      hints: [
        type === "directory"
          ? "Name the file itself; a folder is joined with --name N --version V --stage DIR."
          : "Copy it into a file, and give the path of that.",
      ],
    });
}

const names: Readonly<Record<FileType, string>> = {
  file: "file",
  directory: "folder",
  link: "symbolic link",
  fifo: "FIFO",
  socket: "socket",
  device: "device",
};

function checkRatio(fileBytes: number, name: string, entries: readonly ZipEntry[]): void {
  let total = 0;
  for (const entry of entries) {
    total += entry.sizeBytes;
    const most =
      entry.method === 0 ? entry.compressedBytes : entry.compressedBytes * deflateRatioLimit;
    const subject = { archive: name, member: entry.name };
    if (entry.sizeBytes > most)
      throw refusal("BOMB", subject, "declares a size that it cannot have");
  }
  if (total > harmlessTotalBytes && total > fileBytes * totalRatioLimit)
    throw refusal("BOMB", { archive: name }, `would grow more than ${totalRatioLimit}-fold`);
}

/** Gives up as soon as there is more than the declared size. */
function inflate(subject: ArchiveSubject, entry: ZipEntry, stored: Uint8Array): Uint8Array {
  const { sizeBytes } = entry;
  try {
    const result = zlib.inflateRawSync(stored, {
      chunkSize: Math.min(Math.max(sizeBytes, 64), largestChunkBytes),
      maxOutputLength: Math.max(sizeBytes, 1),
      info: true,
    }) as unknown as { buffer: Uint8Array; engine: { bytesWritten: number } };
    if (result.engine.bytesWritten === stored.length) return result.buffer;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ERR_BUFFER_TOO_LARGE")
      throw refusal("BOMB", subject, "holds more than its declared size");
    const reason = error instanceof Error ? error.message : String(error);
    throw refusal("DAMAGED", subject, `is damaged: ${reason}`);
  }
  throw refusal("DAMAGED", subject, "ends before its declared compressed size");
}
