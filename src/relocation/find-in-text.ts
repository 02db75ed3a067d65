/** Where a text names the placeholder: whole, it can be any prefix; in parts, nobody knows what is meant. */
import type { MapPlace } from "./map.ts";
import { type PinnedSpot, pinFor } from "./pins.ts";
import { lastName, placeholder, placeholderLength } from "./placeholder.ts";
import { findRuns, type Stretch } from "./runs.ts";
import { findShebang } from "./shebang.ts";

/** Encoded data that is text has short runs by chance; what people and programs write has longer ones. */
const shortestInText = 8;
/** Line ends, tabs, form feeds, and what terminals are told with: all other control characters are of binary files. */
const textControls: ReadonlySet<number> = new Set([8, 9, 10, 11, 12, 13, 27]);

/** A PDF is one in its looks only: it has a table of where everything in it begins. */
export function isText(content: Uint8Array): boolean {
  if (Buffer.from(content.subarray(0, 5)).toString("latin1") === "%PDF-") return false;
  return content.every((byte) => byte >= 32 || textControls.has(byte));
}

export function findInText(content: Uint8Array): { places: MapPlace[]; pins: PinnedSpot[] } {
  const places: MapPlace[] = [];
  const pins: PinnedSpot[] = [];
  for (const run of findRuns(content, shortestInText)) {
    const isWhole = run.length === placeholderLength;
    if (isLastName(run)) places.push({ kind: "name", offset: run.offset });
    else if (!isWhole) pins.push(pinFor("part", run.offset, "text"));
    else if (isCounted(content, run.offset)) pins.push(pinFor("counted", run.offset, "text"));
    else places.push({ kind: "path", offset: run.offset });
  }
  const first = places[0];
  const line = first === undefined ? undefined : shebangOf(content);
  if (line !== undefined) places[0] = { kind: "shebang", offset: 0, ...line };
  return { places, pins };
}

function shebangOf(content: Uint8Array): ReturnType<typeof findShebang> {
  const line = Buffer.from(content.subarray(0, 4096)).toString("latin1");
  // In another encoding the line would not come back as it was.
  return /^[\n\x20-\x7e\t]*$/.test(line.slice(0, line.indexOf("\n") + 1))
    ? findShebang(line)
    : undefined;
}

function isLastName({ start, length }: Stretch): boolean {
  return start >= placeholder.length - lastName.length && length === lastName.length;
}

/** As PHP writes strings: `s:96:"/…"`. */
export function isCounted(content: Uint8Array, offset: number): boolean {
  const before = Buffer.from(content.subarray(Math.max(0, offset - 12), offset)).toString("latin1");
  return /s:\d+:"$/i.test(before);
}
