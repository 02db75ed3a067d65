/** The relocation map of one file: where it names the placeholder, and in which form. */
import { lastName, placeholderLength } from "./placeholder.ts";
import { shortestRun } from "./runs.ts";

export interface RelocationMap {
  /** Text may grow and shrink; in a binary file every length stays; of gzip, the text in it is meant. */
  readonly form: "text" | "binary" | "gzip";
  /** By offset, at least one; none overlaps another. */
  readonly places: readonly MapPlace[];
}

export type MapPlace =
  /** The whole placeholder: exactly in a text, filled up with slashes in a binary file. */
  | { readonly kind: "path"; readonly offset: number }
  /** Its last name alone, as a prompt has it: only in a text. */
  | { readonly kind: "name"; readonly offset: number }
  /** A part of it, by itself. */
  | {
      readonly kind: "piece";
      readonly offset: number;
      readonly start: number;
      readonly length: number;
    }
  /** The first line of a script for Python; what stands between `#!` and the placeholder, and behind that. */
  | { readonly kind: "shebang"; readonly offset: 0; readonly gap: string; readonly rest: string }
  /** Digest and size of another file, in RECORD; its path as the row says it. */
  | { readonly kind: "row"; readonly offset: number; readonly path: string };

/** Compact, for a manifest: `["text", [12], [40, "bin/x"]]`. */
type MapRow = readonly [RelocationMap["form"], ...PlaceRow[]];
type PlaceRow =
  | readonly [number]
  | readonly [number, 0]
  | readonly [number, string]
  | readonly [number, number, number]
  | readonly [number, string, string];

export function toMapRow({ form, places }: RelocationMap): MapRow {
  return [form, ...places.map(toPlaceRow)];
}

function toPlaceRow(place: MapPlace): PlaceRow {
  switch (place.kind) {
    case "path":
      return [place.offset];
    case "name":
      return [place.offset, 0];
    case "piece":
      return [place.offset, place.start, place.length];
    case "shebang":
      return [0, place.gap, place.rest];
    case "row":
      return [place.offset, place.path];
  }
}

/** Undefined for what is not a map of a file of this size: it points outside of it, overlaps, or is not a map at all. */
export function fromMapRow(row: unknown, sizeBytes: number): RelocationMap | undefined {
  if (!Array.isArray(row) || row.length < 2) return undefined;
  const [form, ...rows] = row as unknown[];
  if (form !== "text" && form !== "binary" && form !== "gzip") return undefined;
  const places: MapPlace[] = [];
  let end = 0;
  for (const each of rows) {
    const place = fromPlaceRow(each, form);
    if (place === undefined || place.offset < end) return undefined;
    end = place.offset + leastBytes(place);
    // What is packed may be larger than the file: relocating it looks.
    if (form !== "gzip" && end > sizeBytes) return undefined;
    places.push(place);
  }
  return { form, places };
}

function fromPlaceRow(row: unknown, form: RelocationMap["form"]): MapPlace | undefined {
  if (!Array.isArray(row)) return undefined;
  const [offset, second, third] = row as unknown[];
  if (!isCount(offset)) return undefined;
  const isBinary = form === "binary";
  if (row.length === 1) return { kind: "path", offset };
  if (row.length === 2 && second === 0 && !isBinary) return { kind: "name", offset };
  if (row.length === 2 && typeof second === "string" && form === "text")
    return { kind: "row", offset, path: second };
  if (row.length !== 3) return undefined;
  if (typeof second === "string" && typeof third === "string") {
    const isLine = offset === 0 && !isBinary && /^[ \t]*$/.test(second) && !/[\r\n]/.test(third);
    return isLine ? { kind: "shebang", offset: 0, gap: second, rest: third } : undefined;
  }
  if (!isCount(second) || !isCount(third) || !isBinary || third < shortestRun) return undefined;
  const isWithin = second + third <= placeholderLength && third < placeholderLength;
  return isWithin ? { kind: "piece", offset, start: second, length: third } : undefined;
}

function isCount(value: unknown): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
}

/** How many bytes of the file a place takes at least; of a row, its digest alone. */
function leastBytes(place: MapPlace): number {
  switch (place.kind) {
    case "path":
      return placeholderLength;
    case "name":
      return lastName.length;
    case "piece":
      return place.length;
    case "shebang":
      return 2 + Buffer.byteLength(place.gap + place.rest) + placeholderLength;
    case "row":
      return "sha256=".length + 43;
  }
}
