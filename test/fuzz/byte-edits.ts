/** Small changes of bytes, as data, so that a failure prints them. Places are taken modulo the length. */
import * as fc from "fast-check";

export type ByteEdit =
  | { readonly kind: "flip"; readonly at: number; readonly bit: number }
  | { readonly kind: "number"; readonly at: number; readonly bytes: number; readonly value: bigint }
  | { readonly kind: "remove"; readonly at: number; readonly length: number }
  | { readonly kind: "insert"; readonly at: number; readonly text: string }
  | { readonly kind: "copy"; readonly from: number; readonly length: number; readonly to: number }
  | { readonly kind: "cut"; readonly at: number };

const place = fc.nat(0xffff);
const length = fc.oneof(fc.nat(8), fc.constantFrom(30, 46, 512, 1024));
const oddNumbers = [0n, 1n, 0x7fn, 0x80n, 0xffn, 0x7fffn, 0xffffn, 0x7fff_ffffn, 0x8000_0000n];
const value = fc.constantFrom(...oddNumbers, 0xffff_ffffn, (1n << 53n) + 1n, (1n << 63n) - 1n);
const oddTexts = ["\0", "\n", "PK\u0003\u0004", "PK\u0001\u0002", "PK\u0005\u0006", "../", "7777"];

const edit: fc.Arbitrary<ByteEdit> = fc.oneof(
  fc.record({ kind: fc.constant("flip" as const), at: place, bit: fc.nat(7) }),
  fc.record({
    kind: fc.constant("number" as const),
    at: place,
    bytes: fc.constantFrom(1, 2, 4, 8),
    value,
  }),
  fc.record({ kind: fc.constant("remove" as const), at: place, length }),
  fc.record({
    kind: fc.constant("insert" as const),
    at: place,
    text: fc.constantFrom(...oddTexts),
  }),
  fc.record({ kind: fc.constant("copy" as const), from: place, length, to: place }),
  fc.record({ kind: fc.constant("cut" as const), at: place }),
);

/** Often none at all: then what was built is wrong only where it was built so. */
export const byteEdits = fc.oneof(fc.constant([]), fc.array(edit, { maxLength: 4 }));

export function edited(content: Buffer, edits: readonly ByteEdit[]): Buffer {
  return edits.reduce<Buffer>(apply, content);
}

function apply(content: Buffer, edit: ByteEdit): Buffer {
  const at = (where: number): number => (content.length === 0 ? 0 : where % content.length);
  const splice = (start: number, gone: number, put: Uint8Array): Buffer =>
    Buffer.concat([content.subarray(0, start), put, content.subarray(start + gone)]);
  switch (edit.kind) {
    case "flip": {
      const changed = Buffer.from(content);
      if (changed.length > 0) changed[at(edit.at)] = (changed[at(edit.at)] ?? 0) ^ (1 << edit.bit);
      return changed;
    }
    case "number": {
      const number = Buffer.alloc(8);
      number.writeBigUInt64LE(edit.value);
      return splice(at(edit.at), edit.bytes, number.subarray(0, edit.bytes));
    }
    case "remove":
      return splice(at(edit.at), edit.length, Buffer.alloc(0));
    case "insert":
      return splice(at(edit.at), 0, Buffer.from(edit.text));
    case "copy": {
      const start = at(edit.from);
      return splice(at(edit.to), 0, content.subarray(start, start + edit.length));
    }
    case "cut":
      return content.subarray(0, at(edit.at));
  }
}
