/** Where bytes of a file are bytes of the placeholder, from five in a row on. */
import { placeholderBytes, placeholderLength } from "./placeholder.ts";

/** A stretch of a file that equals a stretch of the placeholder, as long as it can be. */
export interface Stretch {
  readonly offset: number;
  /** Where in the placeholder it begins. */
  readonly start: number;
  readonly length: number;
}

/** Fewer are found by chance in any large file. */
export const shortestRun = 5;
/**
 * For a quick look, at every eighth byte: of nine bytes in a row, two stand there, and of eight, unless they begin right behind
 * such a place. A path that is in constants of eight has twelve of them, which instructions of several lengths keep apart.
 */
const quick = { stepBytes: 8, shortest: 7 };

/** By two bytes as a number, where in the placeholder they stand, from 1; 0 for all others. */
const pairs = new Uint8Array(1 << 16);
for (let at = 0; at + 1 < placeholderLength; at += 1)
  pairs[(placeholderBytes[at] ?? 0) | ((placeholderBytes[at + 1] ?? 0) << 8)] = at + 1;

const isLittle = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;
/** For processors that read the higher byte first. */
const swapped = pairs.map((_, index) => pairs[((index & 0xff) << 8) | (index >> 8)] ?? 0);

/** In order, from `shortest` bytes on. */
export function findRuns(bytes: Uint8Array, shortest: number = shortestRun): Stretch[] {
  const runs: Stretch[] = [];
  let end = 0;
  eachPair(bytes, shortestRun - 1, (at, start) => {
    if (at < end) return false;
    const run = extend(bytes, at, start);
    if (run.length < shortest) return false;
    runs.push(run);
    end = run.offset + run.length;
    return false;
  });
  return runs;
}

/** Whether the whole placeholder may be there, in one piece or in many. */
export function mayHaveRuns(bytes: Uint8Array): boolean {
  let isFound = false;
  eachPair(bytes, quick.stepBytes, (at, start) => {
    isFound = extend(bytes, at, start).length >= quick.shortest;
    return isFound;
  });
  return isFound;
}

function extend(bytes: Uint8Array, at: number, start: number): Stretch {
  let [before, after] = [0, 2];
  while (before < start && before < at) {
    if (bytes[at - before - 1] !== placeholderBytes[start - before - 1]) break;
    before += 1;
  }
  while (start + after < placeholderLength && bytes[at + after] === placeholderBytes[start + after])
    after += 1;
  return { offset: at - before, start: start - before, length: before + after };
}

/**
 * Visits pairs of neighbours of the placeholder, at every so many bytes (an even number): of one byte more in a row, two
 * stand at such a place. The loop looks at eight pairs before it asks whether there was anything.
 */
function eachPair(
  bytes: Uint8Array,
  stepBytes: number,
  visit: (at: number, start: number) => boolean,
): void {
  const aligned = bytes.byteOffset % 2 === 0 ? bytes : new Uint8Array(bytes);
  const words = new Uint16Array(aligned.buffer, aligned.byteOffset, aligned.length >> 1);
  const table = isLittle ? pairs : swapped;
  const of = (index: number): number => table[words[index] as number] as number;
  const step = stepBytes / 2;
  const [s2, s3, s4, s5, s6, s7] = [2 * step, 3 * step, 4 * step, 5 * step, 6 * step, 7 * step];
  const block = 8 * step;
  const whole = words.length - block;
  for (let at = 0; at < words.length; at += block) {
    if (at <= whole) {
      const firstHalf = of(at) | of(at + step) | of(at + s2) | of(at + s3);
      if ((firstHalf | of(at + s4) | of(at + s5) | of(at + s6) | of(at + s7)) === 0) continue;
    }
    for (let each = at; each < Math.min(at + block, words.length); each += step) {
      const start = of(each);
      if (start > 0 && visit(each * 2, start - 1)) return;
    }
  }
}
