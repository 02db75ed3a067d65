/** A file as what stays the same at every prefix, and what takes the prefix's place between. */
import { assert, type NamingFile, nameOf } from "../core/index.ts";
import { fromMapRow, placeholder, type MapPlace, type RelocationMap } from "../relocation/index.ts";

export type Part = { readonly kind: "bytes"; readonly bytes: Uint8Array } | MapPlace;

export interface Template {
  readonly form: RelocationMap["form"];
  /** Those of `gzip` are of the text that is packed in it. */
  readonly parts: readonly Part[];
  /** Of all that stays the same. */
  readonly sizeBytes: number;
}

const rowLength = "sha256=".length + 43;

/** `content` is what the artifact has; of gzip, the text in it. */
export function templateOf(entry: NamingFile, content: Uint8Array): Template {
  const map = fromMapRow(entry.relocation.map, entry.sizeBytes);
  assert(map !== undefined, `${entry.path} has a map that does not fit it`);
  const parts: Part[] = [];
  let end = 0;
  let sizeBytes = 0;
  const keep = (to: number): void => {
    if (to > end) parts.push({ kind: "bytes", bytes: content.subarray(end, to) });
    sizeBytes += to - end;
  };
  for (const place of map.places) {
    keep(place.offset);
    parts.push(place);
    end = place.offset + lengthOf(place, content);
  }
  keep(content.length);
  return { form: map.form, parts, sizeBytes };
}

/** How many bytes of the artifact's content a place takes. */
function lengthOf(place: MapPlace, content: Uint8Array): number {
  switch (place.kind) {
    case "path":
      return placeholder.length;
    case "name":
      return nameOf(placeholder).length;
    case "piece":
      return place.length;
    case "shebang":
      return 2 + Buffer.byteLength(place.gap + place.rest) + placeholder.length;
    case "row": {
      const start = place.offset + rowLength + 1;
      let end = start;
      while (isDigit(content[end])) end += 1;
      return end - place.offset;
    }
  }
}

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= 0x30 && byte <= 0x39;
}
