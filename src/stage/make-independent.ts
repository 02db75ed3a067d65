/**
 * Making a sealed stage say where it is in terms of itself: rpaths by `$ORIGIN`, links relative. What is said
 * so is right wherever the prefix is, so that it need not be changed when a package joins one.
 */
import { posix } from "node:path";
import {
  digestOf,
  type FileEntry,
  joinPath,
  type LinkEntry,
  type Manifest,
  parentOf,
} from "../core/index.ts";
import {
  insideOf,
  type Patch,
  patchRunPaths,
  readElf,
  segmentInterpreter,
  type Surroundings,
  wayBetween,
} from "../relocation/index.ts";
import { type Disk, isDiskError } from "../world/index.ts";
import { mayBeLoaded } from "./needed-libraries.ts";
import { inWritable } from "./writable-folder.ts";

/** The entries that are others now; the stage holds what they say. */
export function makeIndependent(
  disk: Disk,
  stage: string,
  { manifest, ...surroundings }: Surroundings & { readonly manifest: Manifest },
): (FileEntry | LinkEntry)[] {
  const links = manifest.filter((entry) => entry.type === "link");
  const related = links.flatMap((entry) => {
    const target = relatedTarget(entry, surroundings);
    if (target === undefined) return [];
    replaceEntry(disk, stage, entry.path, (place) => disk.makeLink(place, target));
    return [{ ...entry, target }];
  });
  const elsewhere = reachedFromElsewhere([...links, ...related]);
  const files = manifest.flatMap((entry) => {
    if (entry.type !== "file" || !mayBeLoaded(entry)) return [];
    const read = sliceReader(disk, `${stage}/${entry.path}`);
    const elf = readElf(read);
    if (elf === undefined) return [];
    // A program is told its real place by the kernel; of a library, the loader takes the name that it was asked for.
    const isProgram = elf.segments.some(({ type }) => type === segmentInterpreter);
    if (!isProgram && elsewhere.has(entry.path)) return [];
    const patches = patchRunPaths(read, elf, { path: entry.path, ...surroundings });
    return patches.length === 0 ? [] : [patchFile(disk, stage, entry, patches)];
  });
  return [...related, ...files];
}

/** Undefined for a link that is relative, or leads out of the prefix. */
export function relatedTarget(
  { path, target }: Pick<LinkEntry, "path" | "target">,
  surroundings: Pick<Surroundings, "prefixes">,
): string | undefined {
  const inside = target.startsWith("/") ? insideOf(target, surroundings.prefixes) : undefined;
  if (inside === undefined) return undefined;
  return wayBetween(parentOf(path), inside) || ".";
}

/** The files that have another name in another folder, by which a `$ORIGIN` in them would mean that folder. */
export function reachedFromElsewhere(links: readonly LinkEntry[]): Set<string> {
  const targets = new Map(links.map(({ path, target }) => [path, target]));
  const found = new Set<string>();
  for (const { path } of links) {
    const real = followLinks(targets, path);
    if (real !== undefined && parentOf(real) !== parentOf(path)) found.add(real);
  }
  return found;
}

const mostLinks = 40;

/** Where a link leads to in the end, as the kernel follows it; undefined for what leads out of the prefix. */
function followLinks(targets: ReadonlyMap<string, string>, path: string): string | undefined {
  let [real, rest, count] = ["", path.split("/"), 0];
  while (rest.length > 0) {
    const [name = "", ...others] = rest;
    rest = others;
    if (name === "..") {
      if (real === "") return undefined;
      real = parentOf(real);
    } else if (name !== "" && name !== ".") {
      const place = joinPath(real, name);
      const target = targets.get(place);
      count += target === undefined ? 0 : 1;
      if (count > mostLinks || target?.startsWith("/") === true) return undefined;
      if (target === undefined) real = place;
      else rest = [...target.split("/"), ...rest];
    }
  }
  return real;
}

function patchFile(
  disk: Disk,
  stage: string,
  entry: FileEntry,
  patches: readonly Patch[],
): FileEntry {
  const place = `${stage}/${entry.path}`;
  const content = Uint8Array.from(disk.readFile(place));
  for (const { offset, bytes } of patches) content.set(bytes, offset);
  return replaceContent(disk, stage, { entry, content });
}

/**
 * Gives a file of a stage another content, with its mode and time. It is a new file, for one that has several names
 * would be right for one of them only.
 */
export function replaceContent(
  disk: Disk,
  stage: string,
  { entry, content }: { readonly entry: FileEntry; readonly content: Uint8Array },
): FileEntry {
  const modifiedMs = disk.status(`${stage}/${entry.path}`)?.modifiedMs ?? 0;
  replaceEntry(disk, stage, entry.path, (place) => {
    disk.createFile(place, content, entry.mode);
    disk.setTimes(place, modifiedMs);
  });
  return { ...entry, sizeBytes: content.length, sha256: digestOf(content) };
}

/** Makes the new entry beside the old one. */
function replaceEntry(
  disk: Disk,
  stage: string,
  path: string,
  make: (place: string) => void,
): void {
  const folder = posix.dirname(`${stage}/${path}`);
  const mode = disk.status(folder)?.mode ?? 0o755;
  const act = (): void => {
    const place = `${folder}/.tenon-sealed`;
    make(place);
    disk.rename(place, `${stage}/${path}`);
  };
  inWritable(disk, folder, { mode, act });
}

/** What may not be read has nothing to be changed: sealing has refused it. */
function sliceReader(disk: Disk, file: string): (offset: number, length: number) => Uint8Array {
  return (offset, length) => {
    try {
      return disk.readSlice(file, offset, length);
    } catch (error) {
      if (isDiskError(error)) return new Uint8Array();
      throw error;
    }
  };
}
