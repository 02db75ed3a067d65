/** Which kind of archive a file is: its first bytes decide, its name only where they say nothing. */
import { hasTarHeader } from "./tar-header.ts";

export type Compression = "none" | "gzip" | "bzip2" | "xz" | "zstd" | "lzip";
export type ArchiveFormat =
  | { readonly kind: "zip" }
  | { readonly kind: "tar"; readonly compression: Compression };

/** `head` holds the file's first 512 bytes, or all of a shorter file. */
export function detectFormat(head: Uint8Array, name: string): ArchiveFormat | undefined {
  const found = signatures.find(({ bytes }) => bytes.every((byte, at) => head[at] === byte));
  if (found !== undefined) return found.format;
  if (hasTarHeader(head)) return tar("none");
  return head.length === 0 ? undefined : endings.find(({ ending }) => ending.test(name))?.format;
}

function tar(compression: Compression): ArchiveFormat {
  return { kind: "tar", compression };
}

const signatures: readonly { bytes: readonly number[]; format: ArchiveFormat }[] = [
  { bytes: [0x1f, 0x8b], format: tar("gzip") },
  { bytes: [0x42, 0x5a, 0x68], format: tar("bzip2") },
  { bytes: [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00], format: tar("xz") },
  { bytes: [0x28, 0xb5, 0x2f, 0xfd], format: tar("zstd") },
  { bytes: [0x4c, 0x5a, 0x49, 0x50], format: tar("lzip") },
  { bytes: [0x50, 0x4b, 0x03, 0x04], format: { kind: "zip" } },
  { bytes: [0x50, 0x4b, 0x05, 0x06], format: { kind: "zip" } },
];

const endings: readonly { ending: RegExp; format: ArchiveFormat }[] = [
  { ending: /\.tar$/i, format: tar("none") },
  { ending: /\.(tar\.gz|tgz)$/i, format: tar("gzip") },
  { ending: /\.(tar\.bz2|tbz2?)$/i, format: tar("bzip2") },
  { ending: /\.(tar\.xz|txz)$/i, format: tar("xz") },
  { ending: /\.(tar\.zst|tzst)$/i, format: tar("zstd") },
  { ending: /\.(tar\.lz|tlz)$/i, format: tar("lzip") },
  { ending: /\.(zip|whl)$/i, format: { kind: "zip" } },
];
