/** The rows of RECORD that are not the same for every prefix: those of files that are relocated. */
import type { Place } from "./map.ts";

/**
 * `isRelocated` is asked for the path as a row says it. A row without digest, as of RECORD itself, has nothing to be
 * made anew. Offsets are in bytes.
 */
export function findRows(record: string, isRelocated: (path: string) => boolean): Place[] {
  const places: Place[] = [];
  let offset = 0;
  for (const line of record.split("\n")) {
    const [, field, path] =
      /^((?:"((?:[^"]|"")*)"|[^",]*),)sha256=[\w-]{43},\d+\r?$/.exec(line) ?? [];
    if (field !== undefined) {
      const plain = path?.replaceAll('""', '"') ?? field.slice(0, -1);
      if (isRelocated(plain))
        places.push({ kind: "row", offset: offset + Buffer.byteLength(field), path: plain });
    }
    offset += Buffer.byteLength(line) + 1;
  }
  return places;
}
