/**
 * What can join although something else has failed: packages that are whole. One is whole if all that it needs at
 * run time is there as it was built with, and if no package that stays in its old version was built with its old one.
 */
import type { Records } from "./leaving.ts";

interface WholeQuestion {
  /** What would join if nothing had failed, sorted. */
  readonly missing: readonly string[];
  /** What has failed, was blocked by that, or may not join for another reason. */
  readonly broken: ReadonlySet<string>;
  /** What a package needs at run time, by its recipe. */
  readonly needsOf: (name: string) => readonly string[];
  /** What the prefix holds, by name. */
  readonly records: Records;
}

export interface Whole {
  /** What can join. */
  readonly names: readonly string[];
  /** What is built and sound, but has to wait for what has failed. */
  readonly heldBack: readonly string[];
}

export function decideWhole({ missing, broken, needsOf, records }: WholeQuestion): Whole {
  const held = new Set(broken);
  const sound = missing.filter((name) => !broken.has(name));
  for (let before = -1; before !== held.size;) {
    before = held.size;
    const used = usedByOld(records, held);
    for (const name of sound) {
      if (needsOf(name).some((need) => held.has(need)) || used.has(name)) held.add(name);
    }
  }
  return {
    names: sound.filter((name) => !held.has(name)),
    heldBack: sound.filter((name) => held.has(name)),
  };
}

/** What the installed versions of these packages need at run time, directly or not. */
function usedByOld(records: Records, names: ReadonlySet<string>): Set<string> {
  const used = new Set([...names].flatMap((name) => records.get(name)?.depends ?? []));
  for (const name of used) for (const need of records.get(name)?.depends ?? []) used.add(need);
  return used;
}
