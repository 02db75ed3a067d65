/** Where a program looks for its libraries (DT_RPATH, DT_RUNPATH), said by where the program itself is. Pure. */
import { posix } from "node:path";
import { isWithin, parentOf } from "../core/index.ts";
import { type ElfFile, elfTags } from "./elf.ts";
import { sharesBytes } from "./elf-names.ts";
import type { ReadSlice } from "./elf-words.ts";

export interface Surroundings {
  /** The names of the prefix, absolute: its real path can be another than the one that builds are told. */
  readonly prefixes: readonly string[];
  /** Folders that are gone when the package is used, absolute. */
  readonly gone: readonly string[];
}

/** Bytes that replace as many others of a file. */
export interface Patch {
  readonly offset: number;
  readonly bytes: Uint8Array;
}

/** Changes in place, which keep every length; none where nothing can or need be said otherwise. */
export function patchRunPaths(
  read: ReadSlice,
  elf: ElfFile,
  { path, ...surroundings }: Surroundings & { readonly path: string },
): Patch[] {
  const starts = elf.dynamic
    .filter(({ tag }) => tag === elfTags.rpath || tag === elfTags.runpath)
    .map(({ value }) => value);
  return [...new Set(starts)].flatMap((start) => {
    const text = elf.text(start);
    if (text === undefined || text.includes("\uFFFD")) return [];
    const length = Buffer.byteLength(text);
    const better = relateRunPath(text, parentOf(path), surroundings).find(
      (each) => each !== text && Buffer.byteLength(each) <= length,
    );
    if (better === undefined || sharesBytes(read, elf, start)) return [];
    const bytes = new Uint8Array(length); // zeros behind it: no rest of the old text stays
    bytes.set(Buffer.from(better));
    return [{ offset: elf.strings.offset + start, bytes }];
  });
}

/** The best first: with `$ORIGIN`, or, where that would be too long, at least without what is gone. */
function relateRunPath(text: string, folder: string, { prefixes, gone }: Surroundings): string[] {
  const kept = text.split(":").filter((entry) => !gone.some((each) => isWithin(entry, each)));
  const related = kept.map((entry) => {
    const inside = insideOf(entry, prefixes);
    if (inside === undefined) return entry;
    const way = wayBetween(folder, inside);
    return way === "" ? "$ORIGIN" : `$ORIGIN/${way}`;
  });
  return [related, kept].map((entries) => [...new Set(entries)].join(":"));
}

/** Relative to the prefix, or undefined for what is outside of it. */
export function insideOf(place: string, prefixes: readonly string[]): string | undefined {
  const plain = place.replaceAll(/\/+/g, "/").replace(/(?<=.)\/$/, "");
  const prefix = prefixes.find((each) => isWithin(plain, each));
  return prefix === undefined ? undefined : plain.slice(prefix.length + 1);
}

/** From one folder of the prefix to a place in it. What has `..` is not shortened: a name before it may be a link. */
export function wayBetween(folder: string, inside: string): string {
  if (!inside.split("/").includes("..")) return posix.relative(`/${folder}`, `/${inside}`);
  const up = folder === "" ? [] : folder.split("/").map(() => "..");
  return [...up, inside].join("/");
}
