/** The marks by which recovery recognises what comes in, wherever it is by then. */
import { ancestorsOf, joinPath } from "../core/index.ts";
import { type Disk, removeTree, type Status } from "../world/index.ts";
import type { EntryStep } from "./decide.ts";
import type { Ground } from "./ground.ts";
import type { JournalStep } from "./journal.ts";
import { copyEntry } from "./link-or-copy.ts";
import { endsOf, type Workplace } from "./workplace.ts";

/** What comes in is marked by its inode; for a directory to be removed its mode is noted. */
export function withMark(
  disk: Disk,
  workplace: Workplace,
  ground: Ground,
  step: EntryStep,
): JournalStep {
  const { own, shared } = endsOf(workplace, step);
  if (step.kind === "retire") return step;
  if (step.kind === "vacate") return { ...step, mode: disk.status(shared)?.mode ?? 0o755 };
  const at = ground.keepsInodes ? undefined : firstFileIn(disk, own);
  if (!ground.keepsInodes) tellApart(disk, workplace, step, at);
  const mark = { inode: String(marked(disk, own, at)?.inode) };
  return { ...step, ...mark, ...(at === undefined ? {} : { at }) };
}

/** Whether what is at a place is what the step brings. */
export function bearsMark(disk: Disk, place: string, { inode, at }: JournalStep): boolean {
  const status = marked(disk, place, at);
  return status !== undefined && String(status.inode) === inode;
}

/** What the mark is looked for at; never through a link, which could lead in a circle. */
function marked(disk: Disk, place: string, at: string | undefined): Status | undefined {
  if (at === undefined) return disk.status(place);
  const folders = [place, ...ancestorsOf(at).map((above) => `${place}/${above}`)];
  const isThere = folders.every((folder) => disk.status(folder)?.type === "directory");
  return isThere ? disk.status(`${place}/${at}`) : undefined;
}

/** Where directories have no lasting numbers, the first file in one stands for it. */
function firstFileIn(disk: Disk, directory: string): string | undefined {
  if (disk.status(directory)?.type !== "directory") return undefined;
  for (const { name, type } of disk.list(directory)) {
    const inner = type === "directory" ? firstFileIn(disk, joinPath(directory, name)) : "";
    if (inner !== undefined) return inner === "" ? name : `${name}/${inner}`;
  }
  return undefined;
}

/** Files of two layers of an overlay can have the same number: then ours becomes another inode. */
function tellApart(
  disk: Disk,
  workplace: Workplace,
  step: EntryStep,
  at: string | undefined,
): void {
  const { own, shared } = endsOf(workplace, step);
  const [mine, there] = [marked(disk, own, at), marked(disk, shared, at)];
  if (mine?.inode !== there?.inode || mine?.device === there?.device) return;
  if (mine === undefined || mine.type === "directory") return;
  const place = at === undefined ? own : `${own}/${at}`;
  const renewed = `${workplace.root}/renewed`;
  removeTree(disk, renewed);
  copyEntry(disk, place, renewed);
  disk.rename(renewed, place);
}
