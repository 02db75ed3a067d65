/** What is known of a wheel without reading it: a note in the store. */
import { type Digest, isDigest, pathDefect } from "../core/index.ts";
import type { Store } from "../store/index.ts";
import { readTextIfAny, type World, writeAtomically } from "../world/index.ts";
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

export interface Note {
  readonly format: number;
  readonly facts: WheelFacts;
  /** The wheel's own files, by the digest of the folders that they go to. */
  readonly own: Readonly<Record<string, Unpacked & { readonly added: AddedFacts }>>;
  /** What an installer adds, by the digest of all that it depends on; the latest last. */
  readonly made: Readonly<Record<string, Unpacked>>;
}

/** To be raised when the same wheel is unpacked to another tree. */
export const noteFormat = 3;

/** A note is read at each install: of prefixes that are gone it need not tell. */
const mostMade = 16;

export function latestOf(
  made: Note["made"],
  key: string,
  latest: Unpacked,
): Readonly<Record<string, Unpacked>> {
  const others = Object.entries(made).filter(([each]) => each !== key);
  return Object.fromEntries([...others.slice(1 - mostMade), [key, latest]]);
}

export function writeNote(world: World, store: Store, file: string, note: Note): void {
  writeAtomically(world.disk, file, `${JSON.stringify(note, null, 2)}\n`, {
    temporary: `${store.layout.scratch}/${world.clock.uniqueId()}`,
    durable: false,
  });
}

/** A damaged note means only that the wheel is read and unpacked again. */
export function readNote({ disk }: World, file: string): Note | undefined {
  try {
    const note = JSON.parse(readTextIfAny(disk, file) ?? "null") as Note | null;
    const isGood =
      note?.format === noteFormat &&
      typeof note.facts.name === "string" &&
      typeof note.facts.version === "string" &&
      Array.isArray(note.facts.tags) &&
      Array.isArray(note.facts.requires) &&
      Object.values(note.made).every(isUnpacked) &&
      Object.values(note.own).every((own) => isUnpacked(own) && isAdded(own.added));
    return isGood ? note : undefined;
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
