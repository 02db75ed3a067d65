/**
 * gzip files whose content is stored as it is (RFC 1952, RFC 1951 section 3.2.4). What compressors make of one content
 * differs by program, version and processor; this is the same everywhere, so that it can be undone.
 */
import { crc32 } from "node:zlib";

/** No name, no time, an unknown system. */
const head = Uint8Array.of(0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff);
const largestBlock = 0xffff;

export function packStored(content: Uint8Array): Uint8Array {
  const pieces: Uint8Array[] = [head];
  for (let at = 0; at === 0 || at < content.length; at += largestBlock) {
    const block = content.subarray(at, at + largestBlock);
    const start = Buffer.alloc(5);
    start.writeUInt8(at + largestBlock >= content.length ? 1 : 0, 0);
    start.writeUInt16LE(block.length, 1);
    start.writeUInt16LE(~block.length & 0xffff, 3);
    pieces.push(start, block);
  }
  const end = Buffer.alloc(8);
  end.writeUInt32LE(crc32(content), 0);
  end.writeUInt32LE(content.length % 2 ** 32, 4);
  return Buffer.concat([...pieces, end]);
}

/** Undefined for what is not exactly as `packStored` writes it. */
export function unpackStored(packed: Uint8Array): Uint8Array | undefined {
  const bytes = Buffer.from(packed.buffer, packed.byteOffset, packed.byteLength);
  const blocks: Uint8Array[] = [];
  for (let at = head.length, isLast = false; !isLast;) {
    if (at + 5 > bytes.length) return undefined;
    isLast = bytes[at] === 1;
    const length = bytes.readUInt16LE(at + 1);
    blocks.push(bytes.subarray(at + 5, at + 5 + length));
    at += 5 + length;
  }
  const content = Buffer.concat(blocks);
  return bytes.equals(packStored(content)) ? content : undefined;
}
