/** Whether a source is an archive to unpack, or a file to take as it is. */
import { nameOf } from "../core/index.ts";
import type { Disk } from "../world/index.ts";

const archiveName = /\.(tar|tar\.[a-z0-9]+|tgz|tbz2?|txz|tzst|tlz|zip)$/i;
const otherName = /\.[a-z][a-z0-9]*$/i;

/** How archives begin: gzip, xz, bzip2, zstandard, lzip, zip. */
const beginnings = ["1f8b", "fd377a585a00", "425a68", "28b52ffd", "4c5a4950", "504b0304"];

/**
 * The name decides. One without an ending, such as `download` or `v1.0`, leaves it to the content.
 */
export function isArchive(disk: Disk, file: string, name = nameOf(file)): boolean {
  if (archiveName.test(name)) return true;
  if (otherName.test(name)) return false;
  for (const chunk of disk.readChunks(file)) {
    const start = Buffer.from(chunk.subarray(0, 300));
    const isTar = start.subarray(257, 262).toString("latin1") === "ustar";
    return isTar || beginnings.some((beginning) => start.toString("hex").startsWith(beginning));
  }
  return false;
}

/** Of an archive or a wheel. */
export function hasArchiveName(name: string): boolean {
  return archiveName.test(name) || /\.whl$/i.test(name);
}
