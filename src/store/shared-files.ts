/**
 * Artifacts whose files share inodes with a prefix, where they can be edited at any moment.
 *
 * `links.json` lies beside an artifact's tree from before the first hard link on, for as long as the
 * artifact is there, for nobody knows when the last link is gone. It lists where the files were
 * joined; of what any number of prefixes may share, the first one alone, for the users of the store are
 * asked, too. Where two processes write it at once, one loses its place, which only notes name.
 */
import type { Digest } from "../core/index.ts";
import { type Disk, exists, readTextIfAny, type World, writeAtomically } from "../world/index.ts";
import type { StoreLayout } from "./layout.ts";
import { readUsers } from "./users.ts";

/** A prefix that may hold hard links to an artifact's files, and the package that they are of. */
export interface Sharer {
  readonly prefix: string;
  readonly package: string;
}

export function isShared(disk: Disk, layout: StoreLayout, id: Digest): boolean {
  return exists(disk, layout.artifactLinks(id));
}

/** Whoever is not listed is not named when a file was edited; it is found out all the same. */
const mostSharers = 8;

/**
 * Not synced: the links are in the prefix only after a sync of the file system that holds both, else
 * there could be no links.
 */
export function addSharer(world: World, layout: StoreLayout, id: Digest, sharer: Sharer): void {
  const sharers = readSharers(world.disk, layout, id);
  const isKnown = ({ prefix, package: name }: Sharer): boolean =>
    prefix === sharer.prefix && name === sharer.package;
  if (sharers.length >= mostSharers || sharers.some(isKnown)) return;
  const text = `${JSON.stringify({ sharers: [...sharers, sharer] })}\n`;
  writeAtomically(world.disk, layout.artifactLinks(id), text, {
    temporary: `${layout.scratch}/${world.clock.uniqueId()}`,
    durable: false,
  });
}

/** The one whose file at this path is the store's. */
export function findSharer(
  disk: Disk,
  layout: StoreLayout,
  id: Digest,
  path: string,
): { readonly prefix: string; readonly package?: string } | undefined {
  const stored = disk.status(`${layout.artifactTree(id)}/${path}`);
  if (stored === undefined) return undefined;
  return [...readSharers(disk, layout, id), ...readUsers(disk, layout)].find(({ prefix }) => {
    const there = disk.status(`${prefix}/${path}`);
    return there?.inode === stored.inode && there.device === stored.device;
  });
}

/** What is damaged names nobody. */
function readSharers(disk: Disk, layout: StoreLayout, id: Digest): readonly Sharer[] {
  try {
    const text = readTextIfAny(disk, layout.artifactLinks(id)) ?? "";
    const { sharers } = JSON.parse(text) as { readonly sharers?: unknown };
    return Array.isArray(sharers) ? sharers.filter(isSharer) : [];
  } catch {
    return [];
  }
}

function isSharer(value: unknown): value is Sharer {
  const { prefix, package: name } = (value ?? {}) as Partial<Sharer>;
  return typeof prefix === "string" && typeof name === "string";
}
