/** Filling a transaction's folder with what comes in, before the lock is taken. */
import { type Entry, parentOf, unreachable } from "../core/index.ts";
import {
  lockModeBelow,
  makeLayout,
  modeBelow,
  type PrefixLayout,
  readRecord,
  readState,
  recordLimitBytes,
} from "../prefix/index.ts";
import {
  type Disk,
  exists,
  isDiskError,
  type Lock,
  makeDirectories,
  removeTree,
  type World,
} from "../world/index.ts";
import { bringFile } from "./bring-file.ts";
import type { Change } from "./change.ts";
import { placePackages, type PlacedPackage } from "./linked-directories.ts";
import { refuseTooLong } from "./path-lengths.ts";
import { discard, giveUp } from "./recover.ts";
import { type Arrival, bringTrees, comesWhole } from "./bring-trees.ts";
import { sharedDirectories, sharedModes } from "./shared-directories.ts";
import { type Workplace, workplaceOf } from "./workplace.ts";

export interface Prepared {
  readonly workplace: Workplace;
  readonly packages: readonly PlacedPackage[];
  /** The one tree that is to come in as it is, once it is sure that it may. */
  readonly toMove: string | undefined;
  /** Gives the folder up, unless a journal, open or closed, says that it is of use. */
  readonly finish: () => void;
}

export function prepare(world: World, layout: PrefixLayout, change: Change): Prepared {
  const { disk } = world;
  const leaving = [...change.remove, ...change.add.map(({ name }) => name)];
  const records = leaving.flatMap((name) => readRecord(disk, layout, name) ?? []);
  const packages = placePackages(disk, layout, change, records);
  refuseTooLong(layout, packages);
  const { workplace, lock } = openWorkplace(world, layout);
  const finish = (): void => finishWorkplace(disk, workplace, lock);
  const toMove = movableTree(world, layout, packages);
  try {
    const only = change.adopt === true ? new Set<string>() : change.repair;
    if (toMove === undefined) bringIncoming(disk, workplace, packages, only);
  } catch (error) {
    finish();
    throw error;
  }
  return { workplace, packages, toMove, finish };
}

/** Only a tree that lies in the prefix as it lies in itself, and whose owner is the caller. */
function movableTree(
  { disk, machine }: World,
  layout: PrefixLayout,
  packages: readonly PlacedPackage[],
): string | undefined {
  const [only, second] = packages;
  if (only === undefined || second !== undefined) return undefined;
  const { tree, transfer } = only.incoming;
  if (transfer !== "move" || only.origins.size > 0) return undefined;
  const status = disk.status(tree);
  const isCallers = machine.userId === 0 || status?.ownerId === machine.userId;
  const isNear = status?.device === disk.status(layout.transactions)?.device;
  return status?.type === "directory" && isCallers && isNear ? disk.realPath(tree) : undefined;
}

/** As many of our folders in a row nobody removes by chance. */
const openLimit = 100;

/** Our folder, locked; a new one when another process has just removed it as abandoned. */
function openWorkplace(world: World, layout: PrefixLayout): { workplace: Workplace; lock: Lock } {
  const { disk } = world;
  for (let count = 1; ; count += 1) {
    const workplace = workplaceOf(layout, makeId(world));
    try {
      disk.makeDirectory(workplace.root, modeBelow(disk, layout.transactions)); // removed between its mkdir and chmod: ENOENT
      const lock = disk.tryLock(workplace.lock, lockModeBelow(disk, workplace.root));
      if (lock !== undefined) return { workplace, lock };
    } catch (error) {
      if (isDiskError(error, "ENOENT") && count < openLimit) {
        makeLayout(disk, layout); // a refused transaction may have taken it away
        continue;
      }
      discard(disk, workplace.root);
      throw error;
    }
  }
}

/** Sorts by time; unique without a look at the disk. */
function makeId(world: World): string {
  const time = new Date(world.clock.now()).toISOString().replace(/[-:]|\.\d+/g, "");
  return `${time}-${world.clock.uniqueId()}`;
}

/** What fails here is cleaned up by the next transaction; it must not hide how this one ended. */
function finishWorkplace(disk: Disk, workplace: Workplace, lock: Lock): void {
  try {
    const { layout } = workplace;
    const journal = readState(disk, layout, layout.journal, recordLimitBytes);
    if (journal?.includes(`"id":"${workplace.id}"`) === true) return;
    if (exists(disk, workplace.closedJournal)) discard(disk, workplace.lock);
    else giveUp(disk, workplace);
  } catch (error) {
    if (!isDiskError(error)) throw error;
  } finally {
    lock.release();
  }
}

/**
 * Merges the incoming trees into one that is shaped like the prefix, so that a directory which
 * several packages bring is still one graft. Only what a manifest lists is brought. Where two
 * packages bring one path, the claims decide later; the first one's content is brought until then,
 * and nothing below it unless it is a directory (a link could lead out of our folder).
 * Directories are writable for their owner, whatever the manifest says: else nobody but root could
 * move them.
 */
export function bringIncoming(
  disk: Disk,
  workplace: Workplace,
  packages: readonly PlacedPackage[],
  only?: ReadonlySet<string>,
): void {
  disk.makeDirectory(workplace.incoming);
  const manifests = packages.map(({ manifest }) => manifest);
  const shared = sharedDirectories(manifests);
  const modes = sharedModes(manifests, shared);
  const arrivals = selectArrivals(packages, shared, modes);
  if (only === undefined && arrivals.every(comesWhole)) {
    const others = bringTrees(disk, workplace.incoming, { arrivals, shared });
    for (const { each, entry } of others) bringEntry(disk, workplace.incoming, each, entry);
    return;
  }
  for (const { each, entries } of arrivals) {
    for (const entry of entries) {
      if (only !== undefined && entry.type !== "directory" && !only.has(entry.path)) continue;
      bringEntry(disk, workplace.incoming, each, entry);
    }
  }
}

/** What each package brings. */
function selectArrivals(
  packages: readonly PlacedPackage[],
  shared: ReadonlySet<string>,
  modes: ReadonlyMap<string, number>,
): Arrival[] {
  const brought = new Map<string, Entry["type"]>();
  return packages.map((each) => ({
    each,
    entries: each.manifest
      .filter(({ type, path }) => {
        const parent = parentOf(path);
        if (parent !== "" && brought.get(parent) !== "directory") return false;
        const isAlone = type !== "directory" && parent !== "" && !shared.has(parent);
        if (isAlone) return true;
        if (brought.has(path)) return false;
        brought.set(path, type);
        return true;
      })
      .map((entry) => {
        const mode = entry.type === "directory" ? modes.get(entry.path) : undefined;
        return mode === undefined ? entry : { ...entry, mode };
      }),
  }));
}

/** Brings one entry, whose parent folders are there, into a tree in which nothing is at its path. */
export function bringEntry(
  disk: Disk,
  tree: string,
  { incoming, origins }: PlacedPackage,
  entry: Entry,
): void {
  const to = `${tree}/${entry.path}`;
  const origin = origins.get(entry.path) ?? entry.path;
  const made = incoming.made?.paths.has(origin) === true ? incoming.made : undefined;
  const from = incoming.locate?.(origin) ?? `${(made ?? incoming).tree}/${origin}`;
  switch (entry.type) {
    case "directory":
      return disk.makeDirectory(to, entry.mode | 0o700);
    case "link":
      return disk.makeLink(to, entry.target);
    case "file": {
      const rewritten = incoming.rewritten?.get(origin);
      if (rewritten !== undefined) {
        disk.createFile(to, rewritten.content(), entry.mode);
        return disk.setTimes(to, rewritten.modifiedMs);
      }
      return bringFile(disk, made === undefined ? incoming : { ...incoming, ...made }, {
        from,
        to,
        entry,
      });
    }
    default:
      unreachable(entry);
  }
}

/** Makes the folders into which the steps will retire what leaves, and no others. */
export function makeRetirementFolders(
  disk: Disk,
  workplace: Workplace,
  paths: readonly string[],
): void {
  removeTree(disk, workplace.retired); // empty folders of an attempt that was taken back
  for (const path of paths) makeDirectories(disk, `${workplace.retired}/${parentOf(path)}`);
}
