/** What is known of a wheel without reading it: a note in the store. */
import { type Digest, isDigest, pathDefect } from "../core/index.ts";
import { noteUsed, type Store } from "../store/index.ts";
import {
  isDiskError,
  readTextIfAny,
  removeTree,
  type World,
  writeAtomically,
} from "../world/index.ts";
import type { AddedFacts } from "./added-files.ts";
import type { Wheel } from "./wheel.ts";

export type WheelFacts = Pick<
  Wheel,
  "fileName" | "name" | "version" | "tags" | "requires" | "requiresPython"
>;

export interface Unpacked {
  /** An artifact, or what stands on one. */
  readonly artifact: Digest;
  /** Between which times its files were written, in whole milliseconds since 1970. */
  readonly writtenMs: readonly [number, number];
}

export interface WheelNote {
  readonly format: number;
  readonly facts: WheelFacts;
  /** The wheel's own files, by the digest of the folders that they go to. */
  readonly own: Readonly<Record<string, Unpacked & { readonly added: AddedFacts }>>;
}

/** To be raised when the same wheel is unpacked to another tree. */
export const noteFormat = 3;

export function writeNote(world: World, store: Store, file: string, note: WheelNote): void {
  writeAtomically(world.disk, file, `${JSON.stringify(note, null, 2)}\n`, {
    temporary: `${store.layout.scratch}/${world.clock.uniqueId()}`,
    durable: false,
  });
}

/** A damaged note means only that the wheel is read and unpacked again. */
export function readNote(world: World, file: string): WheelNote | undefined {
  const { disk } = world;
  if (!noteUsed(world, file)) return undefined;
  try {
    const note = JSON.parse(readTextIfAny(disk, file) ?? "null") as WheelNote | null;
    const isGood =
      note?.format === noteFormat &&
      typeof note.facts.name === "string" &&
      typeof note.facts.version === "string" &&
      Array.isArray(note.facts.tags) &&
      Array.isArray(note.facts.requires) &&
      Object.values(note.own).every((own) => isUnpacked(own) && isAdded(own.added));
    return isGood ? note : undefined;
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof TypeError) return undefined;
    throw error;
  }
}

/** What an installer adds for one kind of prefix: `made-KEY.json`, KEY being the digest of all that it depends on. */
function madeFile(store: Store, key: Digest): string {
  return `${store.layout.wheels}/made-${key}.json`;
}

/** Nothing hangs on it: what is cut or lost is made again, so it is written in its place. */
export function noteMade({ disk }: World, store: Store, key: Digest, made: Unpacked): void {
  const file = madeFile(store, key);
  removeTree(disk, file);
  try {
    disk.createFile(file, JSON.stringify(made));
  } catch (error) {
    if (!isDiskError(error, "EEXIST")) throw error; // another process has made the same
  }
}

export function findMade(world: World, store: Store, key: Digest): Unpacked | undefined {
  const file = madeFile(store, key);
  if (!noteUsed(world, file)) return undefined;
  try {
    const text = readTextIfAny(world.disk, file);
    const made = JSON.parse(text ?? "null") as Unpacked | null;
    return made !== null && isUnpacked(made) ? made : undefined;
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof TypeError) return undefined;
    throw error;
  }
}

function isUnpacked({ artifact, writtenMs }: Unpacked): boolean {
  return isDigest(artifact) && writtenMs.length === 2;
}

function isAdded({ distInfo, isPure, scripts, ownScripts }: AddedFacts): boolean {
  return (
    isPath(distInfo) &&
    typeof isPure === "boolean" &&
    scripts.every(({ name, module, attribute }) => {
      return isPath(name) && typeof module === "string" && typeof attribute === "string";
    }) &&
    ownScripts.every(({ path, base64 }) => isPath(path) && typeof base64 === "string")
  );
}

function isPath(value: unknown): boolean {
  return typeof value === "string" && pathDefect(value) === undefined;
}
