/**
 * Finding every place where a file names the placeholder, whole, in pieces or in another form. What cannot be put
 * right for another prefix is a pin; nothing is guessed.
 */
import { findInBinary } from "./find-in-binary.ts";
import { findInText, isText } from "./find-in-text.ts";
import { packStored, unpackStored } from "./gzip-stored.ts";
import type { RelocationMap } from "./map.ts";
import { findOtherForms } from "./other-forms.ts";
import { containerOf, type Decompress, openContainer } from "./containers.ts";
import { type PinnedSpot, pinFor, pinForForm } from "./pins.ts";
import { findRuns } from "./runs.ts";

export interface Mentions {
  /** Absent where the file does not name it. */
  readonly map?: RelocationMap;
  readonly pins: readonly PinnedSpot[];
  /** What the file has to be from now on, so that its map is right. */
  readonly rewritten?: Uint8Array;
}

const mostPins = 20;

export function findPlaces(
  content: Uint8Array,
  decompress: Decompress = () => undefined,
): Mentions {
  const container = containerOf(content);
  if (container === undefined) return findInPlain(content);
  if (container === "zip")
    return { pins: pinsOfPacked(openContainer(content, container, decompress), "zip") };
  const opened = openContainer(content, container, decompress);
  const text = opened?.length === 1 ? opened[0] : undefined;
  if (container === "gzip" && text !== undefined) {
    const inner = findInPlain(text);
    if (inner.map?.form === "text" && inner.pins.length === 0) {
      const map = { form: "gzip", places: inner.map.places } as const;
      return unpackStored(content) === undefined
        ? { map, pins: [], rewritten: packStored(text) }
        : { map, pins: [] };
    }
  }
  return { pins: pinsOfPacked(opened, container) };
}

/** The name of a file, or what a link leads to: nothing is put in the placeholder's place there. */
export function findInName(name: string): PinnedSpot[] {
  const [run] = findRuns(Buffer.from(name), 8);
  return run === undefined ? [] : [pinFor("part", 0, "name")];
}

function findInPlain(content: Uint8Array): Mentions {
  const others = findOtherForms(content, mostPins);
  const isReadable = isText(content);
  const where = isReadable ? "text" : "data";
  const pins = others.map(({ form, offset }) => pinForForm(form, offset, where));
  const found = isReadable ? findInText(content) : findInBinary(content);
  const { places } = found;
  return {
    pins: [...found.pins, ...pins].slice(0, mostPins),
    ...(places.length === 0 ? {} : { map: { form: isReadable ? "text" : "binary", places } }),
  };
}

/** `undefined` for what could not be opened. */
function pinsOfPacked(opened: readonly Uint8Array[] | undefined, container: string): PinnedSpot[] {
  if (opened === undefined) return [pinFor("closed", 0, container)];
  const isNamed = opened.some(
    (bytes) => findRuns(bytes, 8).length > 0 || findOtherForms(bytes, 1).length > 0,
  );
  return isNamed ? [pinFor("packed", 0, container)] : [];
}
