/** Random packages for laws; they share few names, so that they often collide. */
import * as fc from "fast-check";
import { expect } from "vitest";
import { ancestorsOf } from "../../src/core/index.ts";
import type { Incoming } from "../../src/install/index.ts";
import { exists } from "../../src/world/index.ts";
import { type SimulatedDisk } from "../../src/world/simulated/index.ts";
import {
  change,
  diskFor,
  type Files,
  type PackageSpec,
  type Place,
  plantForeign,
  plantPackage,
  prefix,
  worldOn,
} from "./stack.ts";

export const path = fc
  .array(fc.constantFrom("lib", "x", "y.py"), { minLength: 1, maxLength: 3 })
  .map((names) => names.join("/"));
const content = fc.constantFrom("1", "2", "-> x", "-> lib");

/** Without what lies below another one. */
function withoutNested<T>(all: Readonly<Record<string, T>>): Record<string, T> {
  return Object.fromEntries(
    Object.entries(all).filter(([each]) => !ancestorsOf(each).some((above) => above in all)),
  );
}

/** Files of which none lies below another one. */
export const files: fc.Arbitrary<Files> = fc
  .dictionary(path, content, { minKeys: 0, maxKeys: 5 })
  .map(withoutNested);

export const names = ["a", "b", "c"] as const;

export const hostile: fc.Arbitrary<PackageSpec> = fc.record({
  name: fc.constantFrom(...names),
  version: fc.constantFrom("1", "2"),
  files,
  takesOver: fc.array(path),
});

/** What one transaction is asked for. */
export interface Deed {
  readonly add: readonly PackageSpec[];
  readonly remove: readonly string[];
}

export const deed: fc.Arbitrary<Deed> = fc.record({
  add: fc.uniqueArray(hostile, { maxLength: 3, selector: ({ name }) => name }),
  remove: fc.subarray([...names], { maxLength: 1 }),
});

/** Files and empty folders. */
export const foreign: fc.Arbitrary<Files> = fc
  .dictionary(path, fc.constantFrom("mine", "mine too", "/"), { maxKeys: 3 })
  .map(withoutNested);

let trees = 0;

/** Each with a tree of its own, since two of one name and version may differ here. */
export function bring(disk: SimulatedDisk, spec: PackageSpec): Incoming {
  return plantPackage(disk, { ...spec, version: `${spec.version ?? "1"}.${trees++}` });
}

export function emptyMachine(on?: Place): SimulatedDisk {
  const disk = diskFor(on);
  disk.plant(prefix, {});
  return disk;
}

/** Two paths of one package may come to one through a link; that is refused by an error. */
export async function outcomeOf(
  disk: SimulatedDisk,
  { add, remove }: Deed,
  on?: Place,
): Promise<string> {
  const incoming = add.map((spec) => bring(disk, spec));
  if (on === "overlay") disk.sink(prefix);
  try {
    return (await change(worldOn(disk), { add: incoming, remove }, on)).kind;
  } catch (error) {
    expect(error).toMatchObject({ code: "LINKED_PATHS_COLLIDE" });
    return "refused";
  }
}

/** Gives the files for which there was a place. */
export function plantWherePossible(disk: SimulatedDisk, all: Files): Files {
  const planted = Object.entries(all).filter(([each, text]) => {
    const isFolder = (place: string): boolean => {
      const type = disk.status(`${prefix}/${place}`)?.type;
      return type === undefined || type === "directory";
    };
    if (!ancestorsOf(each).every(isFolder) || exists(disk, `${prefix}/${each}`)) return false;
    plantForeign(disk, { [each]: text });
    return true;
  });
  return Object.fromEntries(planted);
}
