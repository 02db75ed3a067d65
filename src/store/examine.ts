/**
 * Whether an artifact is as it was made, by one look at each of its files.
 *
 * Its manifest is written after all its files, and nothing in it is changed afterwards. So a file
 * whose inode was last changed (ctime) before the manifest's time is as it was then: no edit leaves
 * that time as it is, and no program can set it. With a later one, since a link of it was made for a
 * prefix or the store was copied, its digest decides. When all was found to be right, the manifest is
 * given a later time, so that the next look reads nothing.
 *
 * What this look cannot see is content that changes without a change of the inode: a disk that fails.
 * Who reads the content finds that out: what is copied is hashed meanwhile, and `readAll` reads all.
 */
import { type Digest, type Entry, joinPath, type Manifest } from "../core/index.ts";
import {
  type Difference,
  differenceFrom,
  type Disk,
  exists,
  isDiskError,
  removeTree,
  type Status,
  type World,
} from "../world/index.ts";
import type { StoreLayout } from "./layout.ts";
import { readIfSound } from "./manifest-file.ts";
import { findSharer } from "./shared-files.ts";

export interface ExamineOptions {
  readonly readAll?: boolean;
  /** Names the artifact for who is told of its damage. */
  readonly package?: string;
}

export interface SoundArtifact {
  readonly manifest: Manifest;
  /** Between which times its files were last modified, in whole milliseconds since 1970. */
  readonly writtenMs: readonly [number, number];
}

export interface DamagedFile {
  readonly package?: string;
  /** Relative to the tree. */
  readonly path: string;
  /** What is the matter with it, as the rest of a sentence that begins with the path. */
  readonly what: string;
  /** The prefix that has the same file, for it was edited there. */
  readonly editedIn?: string;
}

/**
 * A file that was changed so lately can be changed once more without a difference in its times: a
 * kernel's time stamps come in ticks, and those of some file systems every two seconds.
 */
const restlessMs = 2_000;

/** Also drops bytecode that was changed: it has no digests, and is of use but not needed. */
export function examine(
  world: World,
  layout: StoreLayout,
  id: Digest,
  options: ExamineOptions,
): SoundArtifact | { readonly damages: readonly DamagedFile[] } {
  const { disk } = world;
  const manifest = readIfSound(disk, layout, id);
  if (manifest === undefined) return { damages: [damagedManifest(options)] };
  const sealedMs = disk.status(layout.artifactManifest(id))?.modifiedMs ?? 0;
  const bytecode = layout.artifactBytecode(id);
  if (exists(disk, bytecode) && !isUnchanged(disk, bytecode, sealedMs)) removeTree(disk, bytecode);

  const damages: DamagedFile[] = [];
  let paths: ReadonlySet<string> | undefined;
  const isListed = (path: string): boolean =>
    (paths ??= new Set(manifest.map((entry) => entry.path))).has(path);
  let [first, last, changedMs] = [Infinity, 0, 0];
  const look = (entry: Entry, place: string): void => {
    let [isLate, sizeBytes] = [options.readAll === true, 0];
    const difference = differenceFrom(disk, place, entry, (status) => {
      sizeBytes = status.sizeBytes;
      isLate ||= status.changedMs > sealedMs;
      changedMs = Math.max(changedMs, status.changedMs);
      if (entry.type === "file")
        [first, last] = [Math.min(first, status.modifiedMs), Math.max(last, status.modifiedMs)];
      return !isLate;
    });
    const tell = (what: string): void =>
      void damages.push(describe(disk, layout, id, { entry, what, options }));
    if (difference !== undefined) tell(wordsFor(difference, entry, sizeBytes));
    else if (entry.type === "directory" && isLate) {
      if (holdsMore(disk, place, (name) => isListed(joinPath(entry.path, name))))
        tell("has files of others");
    }
  };
  const tree = layout.artifactTree(id);
  look({ type: "directory", path: "", mode: 0 }, tree);
  for (const entry of manifest) look(entry, `${tree}/${entry.path}`);
  if (damages.length > 0) return { damages };
  if (changedMs > sealedMs && changedMs < world.clock.now() - restlessMs)
    sealAnew(disk, layout.artifactManifest(id), changedMs);
  return { manifest, writtenMs: [Math.floor(Math.min(first, last)), Math.ceil(last)] };
}

function damagedManifest({ package: name }: ExamineOptions): DamagedFile {
  const damage = { path: "the list of its files", what: "is damaged" };
  return name === undefined ? damage : { ...damage, package: name };
}

interface Wrong {
  readonly entry: Entry;
  readonly what: string;
  readonly options: ExamineOptions;
}

function describe(
  disk: Disk,
  layout: StoreLayout,
  id: Digest,
  { entry, what, options }: Wrong,
): DamagedFile {
  const sharer = entry.type === "file" ? findSharer(disk, layout, id, entry.path) : undefined;
  const name = options.package ?? sharer?.package;
  return {
    path: entry.path || "its folder",
    what,
    ...(name === undefined ? {} : { package: name }),
    ...(sharer === undefined ? {} : { editedIn: sharer.prefix }),
  };
}

/** `sizeBytes` is the one that was found. */
function wordsFor(difference: Difference, entry: Entry, sizeBytes: number): string {
  switch (difference.kind) {
    case "missing":
      return "is missing";
    case "unreadable":
      return "cannot be read";
    case "wrong-type":
      return `is a ${typeNames[difference.found]}`;
    case "wrong-target":
      return "leads elsewhere";
    case "wrong-mode":
      return `has the mode ${octal(difference.found)} instead of ${octal(difference.expected)}`;
    case "changed":
      return entry.type === "file" && sizeBytes !== entry.sizeBytes
        ? `has ${sizeBytes} bytes instead of ${entry.sizeBytes}`
        : "has another content";
  }
}

const typeNames: Readonly<Record<Status["type"], string>> = {
  file: "file",
  directory: "folder",
  link: "symlink",
  device: "device",
  fifo: "pipe",
  socket: "socket",
};

/** What is missing is noticed at its own entry. */
function holdsMore(disk: Disk, place: string, isListed: (name: string) => boolean): boolean {
  try {
    return disk.list(place).some(({ name, rawName }) => rawName !== undefined || !isListed(name));
  } catch (error) {
    if (isDiskError(error)) return true;
    throw error;
  }
}

/** A later time than any that was seen; whoever may not set it looks closer the next time, too. */
function sealAnew(disk: Disk, file: string, changedMs: number): void {
  try {
    disk.setTimes(file, Math.ceil(changedMs) + 1);
  } catch (error) {
    if (!isDiskError(error)) throw error;
  }
}

/** What lies beside the tree and has no digests, as `changedMs` tells. */
function isUnchanged(disk: Disk, folder: string, sealedMs: number): boolean {
  const status = disk.status(folder);
  if (status === undefined || status.changedMs > sealedMs) return false;
  return (
    status.type !== "directory" ||
    disk.list(folder).every(({ name }) => isUnchanged(disk, `${folder}/${name}`, sealedMs))
  );
}

function octal(mode: number): string {
  return mode.toString(8).padStart(4, "0");
}
