/**
 * What an interpreter has answered before, kept in the store: starting one takes longer than installing a small wheel.
 *
 * The answers are the file's, so that every virtual environment that has a link to it gets them. They are good while
 * that file, the kernel and the list of the machine's libraries are the same. A shim, or a copy, whose answer is about
 * another file than itself, is asked each time.
 */
import type { PythonFacts } from "../builder/index.ts";
import { digestOf, digestOfJson } from "../core/index.ts";
import { noteUsed, type Store } from "../store/index.ts";
import { readTextIfAny, type World, writeAtomically } from "../world/index.ts";

/** To be raised when an interpreter is asked more, or other things. */
const format = 1;
/** A file may change twice within one tick of the coarsest clock, and look unchanged after the second time. */
const tickMs = 2_000;

/** `program` is absolute; `ask` is called where nothing is known of it. */
export async function askOnce(
  world: World,
  store: Store,
  program: string,
  ask: () => Promise<PythonFacts>,
): Promise<PythonFacts> {
  const { disk, clock } = world;
  const status = disk.statusOfTarget(program);
  if (status === undefined) return ask();
  const file = disk.realPath(program);
  const { device, inode, sizeBytes, modifiedMs, changedMs } = status;
  const libraries = disk.statusOfTarget("/etc/ld.so.cache");
  const identity = digestOfJson([
    format,
    [device, inode, sizeBytes, modifiedMs, changedMs].join(" "),
    [libraries?.inode, libraries?.modifiedMs, libraries?.changedMs].join(" "),
    readTextIfAny(disk, "/proc/version") ?? "",
  ]);
  const note = `${store.layout.wheels}/python-${digestOf(file)}.json`;
  const known = readNote(world, note);
  if (known?.identity === identity) return known.facts;
  const startedMs = clock.now();
  const facts = await ask();
  const isAtRest = Math.max(modifiedMs, changedMs) + tickMs < startedMs;
  if (facts.executable === file && isAtRest) {
    writeAtomically(disk, note, JSON.stringify({ identity, facts }), {
      temporary: `${store.layout.scratch}/${clock.uniqueId()}`,
      durable: false,
    });
  }
  return facts;
}

/** A damaged note means only that the interpreter is asked again. */
function readNote(
  world: World,
  file: string,
): { readonly identity: string; readonly facts: PythonFacts } | undefined {
  if (!noteUsed(world, file)) return undefined;
  try {
    const note = JSON.parse(readTextIfAny(world.disk, file) ?? "null") as {
      readonly identity?: unknown;
      readonly facts?: Partial<PythonFacts>;
    } | null;
    const { executable, version, abi, supportedTags, scheme, markers } = note?.facts ?? {};
    const isGood =
      typeof note?.identity === "string" &&
      [executable, version, abi].every((each) => typeof each === "string") &&
      Array.isArray(supportedTags) &&
      [scheme, markers].every((each) => Object.values(each ?? { no: 1 }).every(isText));
    return isGood ? (note as { identity: string; facts: PythonFacts }) : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function isText(value: unknown): boolean {
  return typeof value === "string";
}
