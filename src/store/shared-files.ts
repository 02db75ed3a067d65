/**
 * Artifacts whose files share inodes with a prefix: an edit there is noticed before it is used again.
 *
 * `links.json` lies beside an artifact's tree from before the first hard link on, for as long as the
 * artifact is there, for nobody knows when the last link is gone. Without it, there is nothing to
 * check. It lists where the files were joined, and the times of each file that was found to be as
 * built. A file with the same times needs no second look: no edit leaves the time of the inode's last
 * change (ctime) as it is, and no program can set it. With other times, or with none on record, its
 * digest decides; a link that is made or removed elsewhere costs only that. Where two processes write
 * `links.json` at once, one loses its times, which costs a digest, or its place, which only notes name.
 */
import type { Digest, FileEntry, Manifest } from "../core/index.ts";
import {
  type Disk,
  exists,
  isDiskError,
  readTextIfAny,
  type Status,
  type World,
  writeAtomically,
} from "../world/index.ts";
import type { StoreLayout } from "./layout.ts";

/** A prefix that may hold hard links to an artifact's files, and the package that they are of. */
export interface Sharer {
  readonly prefix: string;
  readonly package: string;
}

export interface EditedFile extends Sharer {
  /** Relative to the prefix. */
  readonly path: string;
}

interface Links {
  readonly sharers: readonly Sharer[];
  /** By path: when a file that is as built was last modified and changed, in milliseconds. */
  readonly known: Readonly<Record<string, readonly [number, number]>>;
}

/**
 * A file that was changed so lately can be changed once more without a difference in its times: a
 * kernel's time stamps come in ticks, and those of some file systems every two seconds.
 */
const restlessMs = 2_000;

export function isShared(disk: Disk, layout: StoreLayout, id: Digest): boolean {
  return exists(disk, layout.artifactLinks(id));
}

/**
 * Not synced: the links are in the prefix only after a sync of the file system that holds both, else
 * there could be no links.
 */
export function addSharer(world: World, layout: StoreLayout, id: Digest, sharer: Sharer): void {
  const { sharers, known } = readLinks(world.disk, layout, id);
  const isKnown = ({ prefix, package: name }: Sharer): boolean =>
    prefix === sharer.prefix && name === sharer.package;
  if (sharers.some(isKnown)) return;
  writeLinks(world, layout, id, { sharers: [...sharers, sharer], known });
}

/** The files that are not as the manifest says; none for an artifact that is not shared. */
export function findEdits(
  world: World,
  layout: StoreLayout,
  id: Digest,
  manifest: Manifest,
): EditedFile[] {
  const { disk } = world;
  const links = readLinks(disk, layout, id);
  const known: Record<string, readonly [number, number]> = {};
  const edits: EditedFile[] = [];
  let isNew = false;
  for (const entry of manifest) {
    if (entry.type !== "file") continue;
    const place = `${layout.artifactTree(id)}/${entry.path}`;
    const status = disk.status(place);
    const before = links.known[entry.path];
    if (status !== undefined && hasShape(status, entry) && hasTimes(status, before)) {
      known[entry.path] = before;
    } else if (
      status === undefined ||
      !hasShape(status, entry) ||
      !hasContent(disk, place, entry)
    ) {
      edits.push({ ...findSharer(disk, links.sharers, entry.path, status), path: entry.path });
    } else if (status.changedMs < world.clock.now() - restlessMs) {
      known[entry.path] = [status.modifiedMs, status.changedMs];
      isNew = true;
    }
  }
  if (isNew && edits.length === 0) writeLinks(world, layout, id, { ...links, known });
  return edits;
}

function hasShape(status: Status, { mode, sizeBytes }: FileEntry): boolean {
  return status.type === "file" && status.mode === mode && status.sizeBytes === sizeBytes;
}

function hasTimes(
  { modifiedMs, changedMs }: Status,
  known: readonly [number, number] | undefined,
): known is readonly [number, number] {
  return known?.[0] === modifiedMs && known[1] === changedMs;
}

function hasContent(disk: Disk, place: string, { sha256 }: FileEntry): boolean {
  try {
    return disk.digestFile(place) === sha256;
  } catch (error) {
    if (isDiskError(error, "ENOENT", "EACCES", "EPERM", "EIO")) return false;
    throw error;
  }
}

/** The one that has this inode; any that had it, where its name is gone since. */
function findSharer(
  disk: Disk,
  sharers: readonly Sharer[],
  path: string,
  status: Status | undefined,
): Sharer {
  const holder = sharers.find(({ prefix }) => {
    const there = disk.status(`${prefix}/${path}`);
    return there?.inode === status?.inode && there?.device === status?.device;
  });
  return holder ?? sharers[0] ?? { prefix: "", package: "" };
}

/** What is damaged only means that each file's digest is asked for. */
function readLinks(disk: Disk, layout: StoreLayout, id: Digest): Links {
  try {
    const text = readTextIfAny(disk, layout.artifactLinks(id)) ?? "";
    const { sharers = [], known = {} } = JSON.parse(text) as Partial<Links>;
    return { sharers, known };
  } catch {
    return { sharers: [], known: {} };
  }
}

function writeLinks(world: World, layout: StoreLayout, id: Digest, links: Links): void {
  writeAtomically(world.disk, layout.artifactLinks(id), `${JSON.stringify(links)}\n`, {
    temporary: `${layout.scratch}/${world.clock.uniqueId()}`,
    durable: false,
  });
}
