/** Another path in a binary file: whole strings, filled up with slashes; rpaths also by where the file is. */
import { type ElfFile, readElf } from "./elf.ts";
import { sectionFlags } from "./elf-sections.ts";
import type { ReadSlice } from "./elf-words.ts";
import {
  isInSymbol,
  membersOf,
  nameOfSection,
  pinsOfPacked,
  sectionAt,
  sectionsOf,
} from "./find-in-binary.ts";
import { type PinnedSpot, pinFor } from "./pins.ts";
import { type Patch, patchRunPaths } from "./run-paths.ts";
import { findWholePaths } from "./whole-paths.ts";

interface BinaryRenaming {
  readonly from: string;
  readonly to: string;
  /** Of the file, where rpaths may be said by it. */
  readonly path?: string | undefined;
  readonly isNamedIn: (bytes: Uint8Array) => boolean;
}

export interface PlacesInBinary {
  /** The path, and slashes behind it that are room for a longer one. */
  readonly places: readonly { readonly offset: number; readonly roomBytes: number }[];
  /** Run paths said by where the file is, for a path that has no room in them. */
  readonly ways: readonly Patch[];
  readonly left: readonly PinnedSpot[];
}

/** Where a binary file names a path, so that another one can be put there later. */
export function placesInBinary(
  content: Uint8Array,
  search: Omit<BinaryRenaming, "to">,
): PlacesInBinary {
  const places: { offset: number; roomBytes: number }[] = [];
  const ways: Patch[] = [];
  const left: PinnedSpot[] = [];
  for (const { offset: start, size } of membersOf(content) ?? [
    { offset: 0, size: content.length },
  ]) {
    const member = content.subarray(start, start + size);
    const read: ReadSlice = (offset, length) => member.subarray(offset, offset + length);
    const elf = readElf(read);
    const renaming = { ...search, to: search.from };
    const found = renameInMember(member, renaming);
    for (const { offset, bytes } of found.patches)
      places.push({ offset: offset + start, roomBytes: bytes.length });
    if (elf !== undefined)
      for (const way of runPathsAnew(read, elf, renaming))
        ways.push({ ...way, offset: way.offset + start });
    left.push(...found.left.map((pin) => ({ ...pin, offset: pin.offset + start })));
  }
  return { places, ways, left };
}

interface Changes {
  readonly patches: readonly Patch[];
  readonly left: readonly PinnedSpot[];
}

export function renameInBinary(
  content: Uint8Array,
  renaming: BinaryRenaming,
): { content?: Uint8Array; left: PinnedSpot[] } {
  const members = membersOf(content) ?? [{ offset: 0, size: content.length }];
  const patches: Patch[] = [];
  const left: PinnedSpot[] = [];
  for (const { offset, size } of members) {
    const changes = renameInMember(content.subarray(offset, offset + size), renaming);
    patches.push(...changes.patches.map((each) => ({ ...each, offset: each.offset + offset })));
    left.push(...changes.left.map((pin) => ({ ...pin, offset: pin.offset + offset })));
  }
  if (patches.length === 0) return { left };
  const renamed = Uint8Array.from(content);
  for (const { offset, bytes } of patches) renamed.set(bytes, offset);
  return { content: renamed, left };
}

function renameInMember(content: Uint8Array, renaming: BinaryRenaming): Changes {
  const { from } = renaming;
  const read: ReadSlice = (offset, length) => content.subarray(offset, offset + length);
  const elf = readElf(read);
  const offsets = findWholePaths(content, Buffer.from(from));
  if (elf === undefined) {
    const changes = offsets.map((at) => rename(content, at, renaming, "data"));
    return merge(changes);
  }
  const sections = sectionsOf(read, elf);
  const ways = runPathsAnew(read, elf, renaming);
  const changes = offsets.flatMap((offset): Changes[] => {
    const where = nameOfSection(sections, offset);
    const whole = rename(content, offset, renaming, where);
    if (isInSymbol(read, elf, { offset, length: from.length }))
      return [{ patches: [], left: [pinFor("symbol", offset, where)] }];
    const isSaid = ways.some(
      (way) => way.offset <= offset && offset < way.offset + way.bytes.length,
    );
    return whole.patches.length > 0 || !isSaid ? [whole] : [];
  });
  const { patches, left } = merge(changes);
  // An rpath whose every path has room stays what it is: that is right wherever the file is reached from.
  const needed = ways.filter(({ offset, bytes }) => {
    const inside = offsets.filter((at) => at >= offset && at < offset + bytes.length);
    return inside.some((at) => !patches.some((patch) => patch.offset === at));
  });
  const isKept = ({ offset }: Patch): boolean =>
    !needed.some((way) => way.offset <= offset && offset < way.offset + way.bytes.length);
  return {
    patches: [...patches.filter(isKept), ...needed],
    left: [
      ...left,
      ...piecesIn(content, sections, { from, offsets }),
      ...pinsOfPacked(content, elf, renaming.isNamedIn),
    ],
  };
}

function merge(changes: readonly Changes[]): Changes {
  return {
    patches: changes.flatMap(({ patches }) => patches),
    left: changes.flatMap(({ left }) => left),
  };
}

function runPathsAnew(
  read: ReadSlice,
  elf: ElfFile,
  { from, path }: BinaryRenaming,
): readonly Patch[] {
  return path === undefined ? [] : patchRunPaths(read, elf, { path, prefixes: [from], gone: [] });
}

const slash = 0x2f;

/** Slashes behind the path, as an earlier relocation leaves them, are room, but for the last one. */
function rename(
  content: Uint8Array,
  offset: number,
  { from, to }: BinaryRenaming,
  where: string,
): Changes {
  let end = offset + Buffer.byteLength(from);
  while (content[end] === slash && content[end + 1] === slash) end += 1;
  const room = end - offset;
  const needed = Buffer.byteLength(to);
  if (needed > room) return { patches: [], left: [noRoom(offset, where, { room, needed })] };
  const bytes = Buffer.concat([Buffer.from(to), Buffer.alloc(room - needed, slash)]);
  return { patches: [{ offset, bytes }], left: [] };
}

function noRoom(
  offset: number,
  where: string,
  { room, needed }: { readonly room: number; readonly needed: number },
): PinnedSpot {
  return {
    offset,
    where,
    what: `the old path, of ${room} bytes, where the new one has ${needed}`,
    cure: `Choose a path of at most ${room} bytes, or build it for the new one.`,
  };
}

/** By so many bytes compilers copy constant strings: in code, and in data, where they are aligned to 16. */
const pieceInCode = 8;
const piecesInData = [32, 16] as const;

/** Where the path's beginning stands by itself, as a constant: the rest may be anywhere. */
function piecesIn(
  content: Uint8Array,
  sections: ReturnType<typeof sectionsOf>,
  { from, offsets }: { readonly from: string; readonly offsets: readonly number[] },
): PinnedSpot[] {
  if (from.length < pieceInCode) return []; // it is whole in the first piece
  const bytes = Buffer.from(content.buffer, content.byteOffset, content.byteLength);
  const known = new Set(offsets);
  const start = from.slice(0, pieceInCode);
  const found: PinnedSpot[] = [];
  for (let at = bytes.indexOf(start); at >= 0; at = bytes.indexOf(start, at + 1)) {
    const section = known.has(at) ? undefined : sectionAt(sections, at);
    if (section === undefined) continue;
    const isCode = (section.flags & sectionFlags.executable) !== 0;
    if (isCode || isConstant(bytes, at, from)) found.push(pinFor("piece", at, section.name));
  }
  return found;
}

/** Another path that begins alike is none: what would follow is not by itself somewhere. */
function isConstant(bytes: Buffer, at: number, from: string): boolean {
  const isAt = (place: number, text: string): boolean =>
    place >= 0 && bytes.toString("latin1", place, place + text.length) === text;
  const length = piecesInData.find((each) => isAt(at, from.slice(0, each)) && from.length >= each);
  if (length === undefined || at % 16 !== 0) return false;
  const next = String.fromCharCode(bytes[at + length] ?? 0);
  const rest = from.slice(length, 2 * length);
  if (rest === "" || !/[\w.+/-]/.test(next)) return true;
  for (let place = bytes.indexOf(rest); place >= 0; place = bytes.indexOf(rest, place + 1))
    if (!isAt(place - length, from.slice(0, length))) return true;
  return false;
}
