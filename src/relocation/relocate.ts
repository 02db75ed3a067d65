/**
 * Putting a prefix in the placeholder's place, and the placeholder back. Each is the other's undoing, byte by byte:
 * so a relocated file can be traced to the artifact's digest (I14), and what anybody has edited is found.
 */
import { assert, type Digest, isDigest, nameOf } from "../core/index.ts";
import { packStored, unpackStored } from "./gzip-stored.ts";
import type { MapPlace, RelocationMap } from "./map.ts";
import { lastName, padded, placeholder, placeholderBytes, targetDefect } from "./placeholder.ts";
import { relocatedShebang } from "./shebang.ts";

export interface Relocation {
  /** The prefix; `targetDefect` finds nothing wrong with it. */
  readonly target: string;
  /** For RECORD: a file by the path in its row, in the artifact and relocated. */
  readonly fileOf?: (path: string) => { artifact: ListedFile; relocated: ListedFile } | undefined;
}

export interface ListedFile {
  readonly sha256: Digest;
  readonly sizeBytes: number;
}

/** Undefined where the content is not what the map was made of. */
export function relocate(
  content: Uint8Array,
  map: RelocationMap,
  relocation: Relocation,
): Uint8Array | undefined {
  return change(content, map, { relocation, isUndoing: false });
}

/** Undefined where the content is not what relocating gives. */
export function undoRelocation(
  content: Uint8Array,
  map: RelocationMap,
  relocation: Relocation,
): Uint8Array | undefined {
  return change(content, map, { relocation, isUndoing: true });
}

interface Direction {
  readonly relocation: Relocation;
  readonly isUndoing: boolean;
}

function change(
  content: Uint8Array,
  map: RelocationMap,
  direction: Direction,
): Uint8Array | undefined {
  assert(targetDefect(direction.relocation.target) === undefined, "the prefix cannot be put there");
  const { form, places } = map;
  if (form !== "gzip") return replaceAll(content, map, direction);
  const text = unpackStored(content);
  const changed = text && replaceAll(text, { form: "text", places }, direction);
  return changed && packStored(changed);
}

function replaceAll(
  content: Uint8Array,
  { form, places }: RelocationMap,
  { relocation, isUndoing }: Direction,
): Uint8Array | undefined {
  const pieces: Uint8Array[] = [];
  let end = 0;
  // How much longer the content is, before a place, than that of the artifact.
  let shift = 0;
  for (const place of places) {
    const edit = editOf(place, form, relocation);
    if (edit === undefined) return undefined;
    const [from, to] = isUndoing ? [edit.after, edit.before] : [edit.before, edit.after];
    const at = place.offset + (isUndoing ? shift : 0);
    if (at < end || !hasAt(content, at, from)) return undefined;
    pieces.push(content.subarray(end, at), to);
    end = at + from.length;
    shift += edit.after.length - edit.before.length;
  }
  return Buffer.concat([...pieces, content.subarray(end)]);
}

interface Edit {
  /** In the artifact. */
  readonly before: Uint8Array;
  readonly after: Uint8Array;
}

function editOf(
  place: MapPlace,
  form: RelocationMap["form"],
  { target, fileOf }: Relocation,
): Edit | undefined {
  switch (place.kind) {
    case "path":
      return {
        before: placeholderBytes,
        after: form === "binary" ? padded(target) : Buffer.from(target),
      };
    case "name":
      return { before: Buffer.from(lastName), after: Buffer.from(nameOf(target)) };
    case "piece": {
      const end = place.start + place.length;
      return {
        before: placeholderBytes.subarray(place.start, end),
        after: padded(target).subarray(place.start, end),
      };
    }
    case "shebang":
      return {
        before: Buffer.from(`#!${place.gap}${placeholder}${place.rest}`),
        after: Buffer.from(relocatedShebang(place, target)),
      };
    case "row": {
      const file = fileOf?.(place.path);
      return file && { before: rowOf(file.artifact), after: rowOf(file.relocated) };
    }
  }
}

function rowOf({ sha256, sizeBytes }: ListedFile): Uint8Array {
  assert(isDigest(sha256), "a file in RECORD has no digest");
  return Buffer.from(`sha256=${Buffer.from(sha256, "hex").toString("base64url")},${sizeBytes}`);
}

function hasAt(content: Uint8Array, at: number, bytes: Uint8Array): boolean {
  const there = content.subarray(at, at + bytes.length);
  return there.length === bytes.length && Buffer.compare(there, bytes) === 0;
}
