/** Foreign files that were displaced go back to their places, or beside them (I5). */
import { ancestorsOf, isByProduct, joinPath, parentOf } from "../core/index.ts";
import { entriesOf, listForeign, type PackageRecord } from "../prefix/index.ts";
import { type Disk, isDiskError, makeDirectories } from "../world/index.ts";
import type { JournalStep } from "./journal.ts";
import { tryTwice } from "./lasting-errors.ts";
import { saveName } from "./save-name.ts";
import { endsOf, type Workplace } from "./workplace.ts";

/**
 * A file that somebody made in a directory after it was judged free of foreign files and before
 * it was displaced is now on our side. `records` are those of what was displaced. Whatever the
 * prefix looks like by now, this must come to an end: else no later command could recover.
 */
export function carryOver(
  disk: Disk,
  workplace: Workplace,
  steps: readonly JournalStep[],
  records: readonly PackageRecord[],
): string[] {
  const owned = entriesOf(records);
  const notes: string[] = [];
  for (const step of steps) {
    if (step.kind === "vacate") continue; // what was in it has steps of its own
    const side = step.kind === "retire" ? workplace.retired : workplace.incoming;
    if (disk.status(endsOf(workplace, step).own)?.type !== "directory") continue;
    for (const path of listForeign(disk, side, step.path, (inner) => owned.get(inner))) {
      notes.push(...bringBack(disk, side, workplace.layout.prefix, path));
    }
  }
  return notes;
}

export function bringBack(disk: Disk, from: string, to: string, path: string): string[] {
  return tryTwice(
    () => moveBack(disk, from, to, path),
    ({ message }) => [
      `${from}/${path} could not be moved back to ${to}/${path} (${message}): move it before \`tenon gc\``,
    ],
  );
}

function moveBack(disk: Disk, from: string, to: string, path: string): string[] {
  try {
    makeDirectories(disk, `${to}/${parentOf(path)}`);
    disk.renameNoReplace(`${from}/${path}`, `${to}/${path}`);
    return [];
  } catch (error) {
    if (!isDiskError(error)) throw error;
    const obstacle = obstacleTo(disk, from, to, path);
    if (obstacle !== undefined) {
      const saved = saveBeside(disk, `${from}/${path}`, `${to}/${obstacle}`);
      return [`${to}/${path} has no place any more and is kept as ${saved}`];
    }
    if (!isDiskError(error, "EEXIST")) throw error;
  }
  return disk.list(`${from}/${path}`).flatMap((item) => {
    const inner = joinPath(path, item.name);
    return isByProduct(inner) ? [] : bringBack(disk, from, to, inner);
  });
}

/** The outermost path at or above `path` that is taken; two directories can be merged. */
function obstacleTo(disk: Disk, from: string, to: string, path: string): string | undefined {
  return [...ancestorsOf(path), path].find((each) => {
    const present = disk.status(`${to}/${each}`)?.type;
    if (present === undefined) return false;
    return present !== "directory" || disk.status(`${from}/${each}`)?.type !== "directory";
  });
}

/** Gives somebody's file, now at `from`, a free name beside `place`, which is taken. */
export function saveBeside(disk: Disk, from: string, place: string): string {
  for (let count = 0; ; count += 1) {
    const saved = saveName(place, count);
    try {
      disk.renameNoReplace(from, saved);
      return saved;
    } catch (error) {
      if (!isDiskError(error, "EEXIST")) throw error;
    }
  }
}
