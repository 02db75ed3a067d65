/** What a person changed in a package's files is kept when the files are replaced or leave. */
import { ancestorsOf, type FileEntry, type LinkEntry } from "../core/index.ts";
import type { PackageRecord } from "../prefix/index.ts";
import { differenceFrom, type Disk, exists } from "../world/index.ts";
import { bringBack } from "./carry-over.ts";
import { tryTwice } from "./lasting-errors.ts";
import { linkOrCopy } from "./link-or-copy.ts";
import type { JournalStep } from "./journal.ts";
import { saveName } from "./save-name.ts";
import type { Workplace } from "./workplace.ts";

/** A kernel's time stamps lag behind its clock by up to one tick of 10 ms. */
const clockLagMs = 20;

/**
 * Among what the steps displaced, each file or link that is not as its record says is linked beside its
 * place as `NAME.tenon-save`; the displaced tree stays whole for a rollback. `records` are those of
 * what was displaced, and `because` is why it is kept. May be repeated. Gives notes for the person.
 */
export function saveEdits(
  disk: Disk,
  workplace: Workplace,
  steps: readonly JournalStep[],
  records: readonly PackageRecord[],
  because = "had been changed by hand",
): string[] {
  const sides = new Map<string, string>();
  for (const { kind, path } of steps) {
    if (kind === "graft" || kind === "vacate") continue;
    sides.set(path, kind === "exchange" ? workplace.incoming : workplace.retired);
  }
  const notes: string[] = [];
  for (const { manifest, installedAtMs } of records) {
    for (const entry of manifest) {
      if (entry.type === "directory") continue;
      const step = [entry.path, ...ancestorsOf(entry.path)].find((path) => sides.has(path));
      const side = step === undefined ? undefined : sides.get(step);
      const edit =
        side === undefined
          ? undefined
          : editOf(disk, `${side}/${entry.path}`, entry, { installedAtMs, because });
      if (side === undefined || edit === undefined) continue;
      notes.push(...save(disk, side, workplace.layout.prefix, { path: entry.path, edit }));
    }
  }
  return notes;
}

/** What is to be said of a file that is to be kept: its content is judged where its inode was changed since. */
function editOf(
  disk: Disk,
  place: string,
  entry: FileEntry | LinkEntry,
  { installedAtMs, because }: { readonly installedAtMs: number; readonly because: string },
): string | undefined {
  const difference = differenceFrom(
    disk,
    place,
    entry,
    ({ type, changedMs }) => type === "file" && changedMs < installedAtMs - clockLagMs,
  );
  switch (difference?.kind) {
    case undefined:
    case "missing":
    case "wrong-mode":
      return undefined;
    case "unreadable":
      return "could not be read";
    case "wrong-type":
      return difference.found === "directory" ? undefined : because;
    case "changed":
    case "wrong-target":
      return because;
  }
}

interface Edit {
  readonly path: string;
  /** What it is kept for, as the rest of a sentence that begins with the path. */
  readonly edit: string;
}

function save(disk: Disk, side: string, prefix: string, { path, edit }: Edit): string[] {
  return tryTwice(
    () => keepBeside(disk, side, prefix, { path, edit }),
    ({ message }) => [
      `${prefix}/${path} ${edit} and is kept as ${side}/${path} alone (${message}): copy it before \`tenon gc\``,
    ],
  );
}

function keepBeside(disk: Disk, side: string, prefix: string, { path, edit }: Edit): string[] {
  const displaced = `${side}/${path}`;
  const inode = disk.status(displaced)?.inode;
  for (let count = 0; ; count += 1) {
    const saved = saveName(path, count);
    const there = disk.status(`${prefix}/${saved}`);
    if (there !== undefined && there.inode === inode) return []; // saved before a crash
    if (there !== undefined) continue;
    // Never moved away: by what is on our side, recovery tells that the step was done.
    if (!exists(disk, `${side}/${saved}`)) linkOrCopy(disk, displaced, `${side}/${saved}`);
    return [
      `${prefix}/${path} ${edit} and is kept as ${prefix}/${saved}`,
      ...bringBack(disk, side, prefix, saved),
    ];
  }
}
