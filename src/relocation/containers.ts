/** Files that hold others compressed: in them the placeholder cannot be seen from outside. */
import { gunzipSync, inflateRawSync } from "node:zlib";

type Container = "gzip" | "xz" | "bzip2" | "zstd" | "zip";

/** What the machine's programs unpack; undefined where they cannot. */
export type Decompress = (container: Container, content: Uint8Array) => Uint8Array | undefined;

const starts: readonly (readonly [Container, readonly number[]])[] = [
  ["gzip", [0x1f, 0x8b, 8]],
  ["xz", [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0]],
  ["bzip2", [0x42, 0x5a, 0x68]],
  ["zstd", [0x28, 0xb5, 0x2f, 0xfd]],
  ["zip", [0x50, 0x4b, 3, 4]],
];

/** More than this is not held in memory; what is packed tighter cannot be looked into. */
const mostBytes = 1 << 28;

/** By the first bytes; undefined for all that is not a container. */
export function containerOf(content: Uint8Array): Container | undefined {
  return starts.find(([, bytes]) => bytes.every((byte, at) => content[at] === byte))?.[0];
}

/** Everything that is in it, by itself; undefined where some of it cannot be unpacked. */
export function openContainer(
  content: Uint8Array,
  container: Container,
  decompress: Decompress,
): Uint8Array[] | undefined {
  if (container === "zip") return openZip(content);
  const unpacked =
    container === "gzip"
      ? attempt(() => gunzipSync(content, { maxOutputLength: mostBytes }))
      : decompress(container, content);
  return unpacked && [unpacked];
}

/**
 * The members as their own headers tell them, one after another; what lies between them, and stored ones, are part of
 * the file's own bytes, which are looked at as well.
 */
function openZip(content: Uint8Array): Uint8Array[] | undefined {
  const bytes = Buffer.from(content.buffer, content.byteOffset, content.byteLength);
  const members: Uint8Array[] = [content];
  let rest = mostBytes;
  const mark = Buffer.from([0x50, 0x4b, 3, 4]);
  for (let at = 0; at >= 0; at = bytes.indexOf(mark, at + 4)) {
    if (at + 30 > bytes.length) break;
    const method = bytes.readUInt16LE(at + 8);
    const start = at + 30 + bytes.readUInt16LE(at + 26) + bytes.readUInt16LE(at + 28);
    if (method === 0) continue;
    const packed = bytes.subarray(start);
    const member =
      method === 8 ? attempt(() => inflateRawSync(packed, { maxOutputLength: rest })) : undefined;
    if (member === undefined) return undefined;
    rest -= member.length;
    if (rest <= 0) return undefined;
    members.push(member);
  }
  return members;
}

/** Damaged ones throw, and those that are larger than they may be. */
export function attempt(unpack: () => Uint8Array): Uint8Array | undefined {
  try {
    return unpack();
  } catch {
    return undefined;
  }
}
