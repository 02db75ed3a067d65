/**
 * Unpacked wheels, kept in the store as artifacts: who installs a wheel again unpacks nothing.
 *
 * A note in the store's `wheels/`, named by the wheel's digest and file name, says what installing
 * needs to know of the wheel, and which artifact it gave for which folders and interpreter.
 */
import {
  type Digest,
  digestOf,
  digestOfJson,
  isDigest,
  type Manifest,
  nameOf,
  TenonError,
} from "../core/index.ts";
import type { Incoming } from "../install/index.ts";
import { checkWheelFile, readWheel, type Wheel } from "./wheel.ts";
import { type InstallScheme } from "./wheel-plan.ts";
import { unpackWheel } from "./unpack-wheel.ts";
import type { FinishedStage, Store } from "../store/index.ts";
import { readTextIfAny, type World, writeAtomically } from "../world/index.ts";
import { digestOfWheel } from "./wheel-digests.ts";

/** What is known of a wheel without reading it. */
export type WheelFacts = Pick<
  Wheel,
  "fileName" | "name" | "version" | "tags" | "requires" | "requiresPython"
>;

export interface ShelvedWheel {
  readonly facts: WheelFacts;
  readonly file: string;
  readonly sha256: Digest;
  readonly note: Note;
  /** Absent where the note had everything. */
  readonly wheel?: Wheel;
}

/** What an unpacked wheel depends on besides the wheel. */
export interface Unpacking {
  readonly scheme: InstallScheme;
  readonly interpreter: string;
}

interface Unpacked {
  readonly artifact: Digest;
  /** Between which times its files were written, in whole milliseconds since 1970. */
  readonly writtenMs: readonly [number, number];
}

interface Note {
  readonly format: number;
  readonly facts: WheelFacts;
  /** Whether it has scripts, which name the interpreter. */
  readonly namesInterpreter: boolean;
  readonly unpacked: Readonly<Record<string, Unpacked>>;
}

/** To be raised when `unpackWheel` gives another tree for the same wheel. */
const formatVersion = 2;

/** Reads wheels, as far as nothing is known of them yet; nothing is unpacked. */
export function lookUpWheel(world: World, store: Store, file: string): ShelvedWheel {
  checkWheelFile(world.disk, file);
  const sha256 = digestOfWheel(world, store, file);
  const note = readNote(world, noteFile(store, file, sha256));
  if (note !== undefined) return { facts: note.facts, file, sha256, note };
  const wheel = readWheel(world.disk, file);
  const facts = factsOf(wheel);
  const namesInterpreter = wheel.scripts.length > 0 || [...wheel.members.keys()].some(isScript);
  return {
    facts,
    file,
    sha256,
    note: { format: formatVersion, facts, namesInterpreter, unpacked: {} },
    wheel,
  };
}

/** What the transaction is to be told of each wheel's tree. */
export type WheelTree = Required<Pick<Incoming, "artifact" | "manifest" | "tree" | "writtenMs">>;

/** Unpacks those that are not in the store yet. */
export function unpackWheels(
  world: World,
  store: Store,
  wheels: readonly ShelvedWheel[],
  how: Unpacking,
): WheelTree[] {
  const known = wheels.map((wheel) => findUnpacked(store, wheel, how));
  const missing = wheels.filter((_, index) => known[index] === undefined);
  const fresh = missing.length === 0 ? [] : unpackMissing(world, store, missing, how);
  return known.map((unpacked): WheelTree => {
    const { artifact, writtenMs, manifest } = unpacked ?? (fresh.shift() as Found);
    return { artifact, manifest, tree: store.layout.artifactTree(artifact), writtenMs };
  });
}

/** Of what is not as it was unpacked, each wheel is to be unpacked again. */
export function dropDamaged(store: Store, wheels: readonly ShelvedWheel[]): void {
  for (const { note, facts } of wheels) {
    for (const { artifact } of Object.values(note.unpacked))
      store.examine(artifact, { readAll: true, package: facts.name });
  }
}

type Found = Unpacked & Pick<WheelTree, "manifest">;

function findUnpacked(store: Store, wheel: ShelvedWheel, how: Unpacking): Found | undefined {
  const unpacked = wheel.note.unpacked[keyOf(wheel, how)];
  if (unpacked === undefined || !store.hasArtifact(unpacked.artifact)) return undefined;
  const manifest = store.findManifest(unpacked.artifact, wheel.facts.name);
  return manifest === undefined ? undefined : { ...unpacked, manifest };
}

/** Of all that the tree depends on besides the wheel; its `direct_url.json` names the file. */
function keyOf({ note, file }: ShelvedWheel, { scheme, interpreter }: Unpacking): Digest {
  return digestOfJson({
    scheme: { ...scheme },
    interpreter: note.namesInterpreter && interpreter,
    url: fileUrl(file),
  });
}

/** `file:///tmp/a%20b.whl`; the path is absolute. */
function fileUrl(path: string): string {
  return `file://${path.split("/").map(encodeURIComponent).join("/")}`;
}

/** In order. What a kill leaves is in the scratch folder. */
function unpackMissing(
  world: World,
  store: Store,
  wheels: readonly ShelvedWheel[],
  how: Unpacking,
): Found[] {
  const { disk, clock } = world;
  const scratch = `wheels-${clock.uniqueId()}`;
  const root = store.makeScratch(scratch);
  try {
    const stages = wheels.map((shelved, index): FinishedStage => {
      const tree = `${root}/${index}`;
      disk.makeDirectory(tree);
      const wheel = shelved.wheel ?? readWheel(disk, shelved.file);
      const requested = { url: fileUrl(shelved.file), sha256: shelved.sha256 };
      const { manifest } = unpackWheel({ disk, wheel, stage: tree, requested, ...how });
      refuseChanged(world, store, shelved);
      return { tree, manifest };
    });
    const artifacts = store.addArtifacts(stages);
    return wheels.map((shelved, index) => {
      const artifact = artifacts[index] as Digest;
      const manifest = store.manifestOf(artifact);
      const writtenMs = timesOf(world, store, artifact, manifest);
      writeNote(world, store, shelved, { [keyOf(shelved, how)]: { artifact, writtenMs } });
      return { artifact, writtenMs, manifest };
    });
  } finally {
    store.removeScratch(scratch);
  }
}

/** The note that is written next is of what was unpacked, not of what the wheel was before. */
function refuseChanged(world: World, store: Store, { file, sha256 }: ShelvedWheel): void {
  if (digestOfWheel(world, store, file) === sha256) return;
  throw new TenonError({
    kind: "source",
    code: "WHEEL_CHANGED",
    message: `${file} was changed while it was unpacked`,
    hints: ["Run the command again when it is whole."],
  });
}

/** The artifact may have been in the store before, from another wheel or a build. */
function timesOf(
  { disk }: World,
  store: Store,
  artifact: Digest,
  manifest: Manifest,
): [number, number] {
  const tree = store.layout.artifactTree(artifact);
  let [first, last] = [Infinity, 0];
  for (const { type, path } of manifest) {
    if (type !== "file") continue;
    const { modifiedMs = 0 } = disk.status(`${tree}/${path}`) ?? {};
    [first, last] = [Math.min(first, modifiedMs), Math.max(last, modifiedMs)];
  }
  return [Math.floor(Math.min(first, last)), Math.ceil(last)];
}

function isScript(member: string): boolean {
  return /^[^/]+\.data\/scripts\//.test(member);
}

function factsOf({ fileName, name, version, tags, requires, requiresPython }: Wheel): WheelFacts {
  const facts = { fileName, name, version, tags, requires };
  return requiresPython === undefined ? facts : { ...facts, requiresPython };
}

function noteFile(store: Store, file: string, sha256: Digest): string {
  return `${store.layout.wheels}/wheel-${digestOf(`${sha256} ${nameOf(file)}`)}.json`;
}

function writeNote(
  world: World,
  store: Store,
  { file, sha256, note }: ShelvedWheel,
  more: Readonly<Record<string, Unpacked>>,
): void {
  const unpacked = { ...note.unpacked, ...more };
  const text = `${JSON.stringify({ ...note, unpacked }, null, 2)}\n`;
  writeAtomically(world.disk, noteFile(store, file, sha256), text, {
    temporary: `${store.layout.scratch}/${world.clock.uniqueId()}`,
    durable: false,
  });
}

/** A damaged note means only that the wheel is read and unpacked again. */
function readNote({ disk }: World, file: string): Note | undefined {
  try {
    const note = JSON.parse(readTextIfAny(disk, file) ?? "null") as Note | null;
    const isGood =
      note?.format === formatVersion &&
      typeof note.facts.name === "string" &&
      typeof note.facts.version === "string" &&
      Array.isArray(note.facts.tags) &&
      Array.isArray(note.facts.requires) &&
      Object.values(note.unpacked).every(({ artifact, writtenMs }) => {
        return isDigest(artifact) && writtenMs.length === 2;
      });
    return isGood ? note : undefined;
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof TypeError) return undefined;
    throw error;
  }
}
