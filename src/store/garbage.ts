/** What of a store is garbage; pure. */
import { compareText } from "../core/index.ts";
import type { Inventory, Item, NoteFile } from "./inventory.ts";

export interface Rules {
  /** Digests that prefixes and workspaces have on record: what they name stays, whatever its age and size. */
  readonly held: ReadonlySet<string>;
  /** What was used since then stays, milliseconds since 1970. */
  readonly sinceMs: number;
  /** Beyond that, what was used longest ago goes, however lately that was. */
  readonly maxBytes?: number;
}

export interface Garbage {
  readonly items: readonly Item[];
  readonly notes: readonly NoteFile[];
  /** What is left. */
  readonly leftBytes: number;
}

/**
 * An item was used when it was made, or when a note was used that leads to it. What stands on another item keeps
 * that one.
 */
export function findGarbage(
  { items, notes }: Inventory,
  { held, sinceMs, maxBytes }: Rules,
): Garbage {
  const byName = new Map(items.map((item) => [item.name, item]));
  const used = new Map(items.map(({ name, usedMs }) => [name, usedMs]));
  const isHeld = new Set<string>();
  const hold = (name: string): void => {
    if (isHeld.has(name) || !byName.has(name)) return;
    isHeld.add(name);
    for (const each of byName.get(name)?.needs ?? []) hold(each);
  };
  const use = (name: string, usedMs: number): void => {
    used.set(name, Math.max(used.get(name) ?? 0, usedMs));
    for (const each of byName.get(name)?.needs ?? [])
      used.set(each, Math.max(used.get(each) ?? 0, usedMs));
  };
  for (const name of held) hold(name);
  for (const note of notes) {
    for (const name of note.names.filter((each) => byName.has(each))) {
      if (held.has(note.name)) hold(name);
      use(name, note.usedMs);
    }
  }
  for (const { name, needs } of items) for (const each of needs) use(each, used.get(name) ?? 0);

  const byUse = items
    .filter(({ name }) => !isHeld.has(name))
    .toSorted(
      (a, b) => timeOf(a) - timeOf(b) || rankOf(a) - rankOf(b) || compareText(a.name, b.name),
    );
  let leftBytes = items.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  const gone = new Set<Item>();
  for (const item of byUse) {
    if (timeOf(item) >= sinceMs && leftBytes <= (maxBytes ?? Infinity)) break;
    gone.add(item);
    leftBytes -= item.sizeBytes;
  }
  const leadsNowhere = ({ names }: NoteFile): boolean => {
    const led = names.flatMap((name) => byName.get(name) ?? []);
    return led.length > 0 && led.every((item) => gone.has(item));
  };
  return {
    items: [...gone],
    notes: notes.filter(
      (note) => !held.has(note.name) && (note.usedMs < sinceMs || leadsNowhere(note)),
    ),
    leftBytes,
  };

  function timeOf({ name }: Item): number {
    return used.get(name) ?? 0;
  }
}

/** What stands on an artifact goes before it. */
function rankOf({ kind }: Item): number {
  return kind === "made" ? 0 : 1;
}
