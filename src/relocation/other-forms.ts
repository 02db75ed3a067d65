/** The placeholder written in other ways, which no path can be put in place of: they are found, so that they can be named. */
import { placeholder, placeholderBytes } from "./placeholder.ts";

interface OtherForm {
  readonly form: string;
  readonly offset: number;
}

/** A line of base64 breaks it, so not the whole is looked for: so many bytes are certain enough. */
const enoughBytes = 24;
/** Between two looks: of a form that stands in lines of 76 bytes, one line has that many and four more. */
const strideBytes = 60;

export interface PlaceholderForm {
  readonly name: string;
  readonly bytes: Uint8Array;
}

const forms: readonly PlaceholderForm[] = [
  ...encodedForms(placeholder),
  { name: "capital letters", bytes: Buffer.from(placeholder.toUpperCase()) },
  { name: "reverse order", bytes: Buffer.from(placeholderBytes).reverse() },
];

/** Any path as programs encode texts. */
export function encodedForms(path: string): PlaceholderForm[] {
  const hex = Buffer.from(path).toString("hex");
  return [
    { name: "UTF-16", bytes: Buffer.from(path, "utf16le") },
    { name: "UTF-16", bytes: Buffer.from(path, "utf16le").swap16() },
    { name: "hexadecimal digits", bytes: Buffer.from(hex) },
    { name: "hexadecimal digits", bytes: Buffer.from(hex.toUpperCase()) },
    ...[0, 1, 2].map((before) => ({ name: "base64", bytes: inBase64(path, before) })),
  ];
}

/** What stays the same in base64, whatever stands before it and after it. */
function inBase64(path: string, before: number): Uint8Array {
  const bytes = Buffer.concat([Buffer.alloc(before), Buffer.from(path)]);
  const text = bytes.toString("base64");
  const certain = Math.floor((bytes.length * 8) / 6);
  return Buffer.from(text.slice(before === 0 ? 0 : before + 1, certain));
}

interface Spot {
  readonly form: PlaceholderForm;
  readonly at: number;
}

const isLittle = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;
const spots = new Map<number, Spot[]>();
/** One bit for each mixture of four bytes, small enough for the processor's nearest cache: most that stand in no form lack theirs. */
const mayBe = new Int32Array(1 << 12);
for (const form of forms) {
  const view = new DataView(form.bytes.buffer, form.bytes.byteOffset, form.bytes.byteLength);
  for (let at = 0; at + 4 <= form.bytes.length; at += 1) {
    const word = view.getInt32(at, isLittle);
    const known = spots.get(word);
    if (known === undefined) spots.set(word, [{ form, at }]);
    else known.push({ form, at });
    const mixture = mixed(word);
    mayBe[mixture >>> 5] = (mayBe[mixture >>> 5] ?? 0) | (1 << (mixture & 31));
  }
}

function mixed(word: number): number {
  return Math.imul(word, 0x9e3779b1) >>> 15;
}

/** In order, each form once a place; stops after `most`. */
export function findOtherForms(bytes: Uint8Array, most: number): OtherForm[] {
  const aligned = bytes.byteOffset % 4 === 0 ? bytes : new Uint8Array(bytes);
  const words = new Int32Array(aligned.buffer, aligned.byteOffset, aligned.length >> 2);
  const found: OtherForm[] = [];
  let end = 0;
  for (let index = 0; index < words.length; index += strideBytes / 4) {
    const word = words[index] as number;
    const mixture = mixed(word);
    if ((((mayBe[mixture >>> 5] as number) >>> (mixture & 31)) & 1) === 0) continue;
    const at = index * 4;
    if (at < end) continue;
    for (const spot of spots.get(word) ?? []) {
      const { offset, length } = extend(bytes, at, spot);
      if (length < enoughBytes) continue;
      found.push({ form: spot.form.name, offset });
      end = offset + length;
      if (found.length === most) return found;
      break;
    }
  }
  return found;
}

function extend(
  bytes: Uint8Array,
  at: number,
  { form, at: start }: Spot,
): { offset: number; length: number } {
  let [before, after] = [0, 4];
  while (before < start && before < at) {
    if (bytes[at - before - 1] !== form.bytes[start - before - 1]) break;
    before += 1;
  }
  while (start + after < form.bytes.length && bytes[at + after] === form.bytes[start + after])
    after += 1;
  return { offset: at - before, length: before + after };
}
