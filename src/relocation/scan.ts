/** Whether a file may name the placeholder at all: quick enough to be asked of every file, while it is hashed. */
import { containerOf } from "./containers.ts";
import { findOtherForms } from "./other-forms.ts";
import { placeholderLength } from "./placeholder.ts";
import { mayHaveRuns } from "./runs.ts";

interface Scan {
  /** The next bytes of the file; they may be overwritten afterwards. */
  update(chunk: Uint8Array): void;
  /** Whether the file has to be looked at as a whole: it is compressed, or names the placeholder in some form, or by chance seems to. */
  readonly isFound: boolean;
}

/** Longer than any form that is looked for, so that none is lost where one piece of a file ends. */
const overlapBytes = 4 * placeholderLength;

export function startScan(): Scan {
  let isFound = false;
  let tail: Uint8Array | undefined;
  return {
    update(chunk) {
      if (isFound) return;
      if (tail === undefined) isFound = containerOf(chunk) !== undefined;
      else isFound = isNamedIn(joined(tail, chunk.subarray(0, overlapBytes)));
      isFound ||= isNamedIn(chunk);
      const rest = chunk.length < overlapBytes ? joined(tail ?? new Uint8Array(), chunk) : chunk;
      tail = new Uint8Array(rest.subarray(-overlapBytes));
    },
    get isFound() {
      return isFound;
    },
  };
}

function isNamedIn(bytes: Uint8Array): boolean {
  return mayHaveRuns(bytes) || findOtherForms(bytes, 1).length > 0;
}

function joined(a: Uint8Array, b: Uint8Array): Uint8Array {
  const both = new Uint8Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}
