/**
 * Unpacked wheels, kept in the store: who installs a wheel again unpacks nothing.
 *
 * A wheel's own files are an artifact, the same for every prefix, interpreter and address. What an installer adds
 * stands on that, a few files for each interpreter and address. A note in the store's `wheels/`, named by the wheel's
 * digest and file name, says what installing needs to know of the wheel, and where both are.
 */
import {
  compareText,
  type Digest,
  digestOf,
  digestOfJson,
  type Manifest,
  nameOf,
  TenonError,
} from "../core/index.ts";
import type { Incoming } from "../install/index.ts";
import { type FinishedStage, manifestOfMade, type Store, writtenTimes } from "../store/index.ts";
import type { World } from "../world/index.ts";
import { addedFiles, type AddedFacts, namesInterpreter } from "./added-files.ts";
import { openStageWriter } from "./stage-writer.ts";
import { unpackOwnFiles } from "./unpack-wheel.ts";
import { checkWheelFile, readWheel, type Wheel } from "./wheel.ts";
import { digestOfWheel } from "./wheel-digests.ts";
import {
  findMade,
  type WheelNote,
  noteFormat,
  noteMade,
  readNote,
  type Unpacked,
  writeNote,
} from "./wheel-note.ts";
import type { InstallScheme } from "./wheel-plan.ts";

export interface ShelvedWheel {
  readonly facts: WheelNote["facts"];
  readonly file: string;
  readonly sha256: Digest;
  readonly note: WheelNote;
  /** Absent where the note had everything. */
  readonly wheel?: Wheel;
}

/** What an unpacked wheel depends on besides the wheel. */
export interface Unpacking {
  readonly scheme: InstallScheme;
  readonly interpreter: string;
}

/** Reads wheels, as far as nothing is known of them yet; nothing is unpacked. */
export function lookUpWheel(world: World, store: Store, file: string): ShelvedWheel {
  checkWheelFile(world.disk, file);
  const sha256 = digestOfWheel(world, store, file);
  const note = readNote(world, noteFile(store, { file, sha256 }));
  if (note !== undefined) return { facts: note.facts, file, sha256, note };
  const wheel = readWheel(world.disk, file);
  const { fileName, name, version, tags, requires, requiresPython } = wheel;
  const named = { fileName, name, version, tags, requires };
  const facts = requiresPython === undefined ? named : { ...named, requiresPython };
  return { facts, file, sha256, note: { format: noteFormat, facts, own: {} }, wheel };
}

/** What the transaction is to be told of each wheel's tree. */
export interface WheelTree {
  readonly incoming: Required<
    Pick<Incoming, "artifact" | "manifest" | "tree" | "writtenMs" | "made">
  >;
  /** The artifact that has the wheel's own files. */
  readonly own: Digest;
}

/** Unpacks those that are not in the store yet. */
export function unpackWheels(
  world: World,
  store: Store,
  wheels: readonly ShelvedWheel[],
  how: Unpacking,
): WheelTree[] {
  const scratch = `wheels-${world.clock.uniqueId()}`;
  let root: string | undefined;
  const makeRoot = (): string => (root ??= store.makeScratch(scratch));
  try {
    const own = findOwnFiles(world, store, { wheels, how, makeRoot });
    return wheels.map((wheel, index) =>
      addFiles(world, store, { wheel, own: own[index] as OwnFiles, how, makeRoot }),
    );
  } finally {
    if (root !== undefined) store.removeScratch(scratch);
  }
}

/** Of what is not as it was unpacked, each wheel is to be unpacked again. */
export function dropDamaged(
  world: World,
  store: Store,
  wheels: readonly ShelvedWheel[],
  how: Unpacking,
): void {
  for (const wheel of wheels) {
    for (const own of Object.values(wheel.note.own)) {
      store.examine(own.artifact, { readAll: true, package: wheel.facts.name });
      const made = findMade(world, store, keyOfMade(wheel, own, how));
      if (made !== undefined) store.dropMade(made.artifact);
    }
  }
}

/** The digest of all that the files which an installer adds depend on. */
function keyOfMade(
  { file, sha256 }: ShelvedWheel,
  { artifact, added }: Pick<OwnFiles, "artifact" | "added">,
  { scheme, interpreter }: Unpacking,
): Digest {
  return digestOfJson({
    format: noteFormat,
    base: artifact,
    scheme: { ...scheme },
    interpreter: namesInterpreter(added) && interpreter,
    url: fileUrl(file),
    sha256,
  });
}

interface OwnFiles extends Unpacked {
  readonly manifest: Manifest;
  readonly added: AddedFacts;
  /** As it is to be written, where anything has changed. */
  readonly note: WheelNote;
  readonly isNew: boolean;
}

interface Shelving {
  readonly how: Unpacking;
  /** What a kill leaves is below it. */
  readonly makeRoot: () => string;
}

function findOwnFiles(
  world: World,
  store: Store,
  { wheels, how, makeRoot }: Shelving & { readonly wheels: readonly ShelvedWheel[] },
): OwnFiles[] {
  const key = digestOfJson({ ...how.scheme });
  const known = wheels.map(({ note, facts }): OwnFiles | undefined => {
    const own = note.own[key];
    if (own === undefined || !store.hasArtifact(own.artifact)) return undefined;
    const manifest = store.findManifest(own.artifact, facts.name);
    return manifest === undefined ? undefined : { ...own, manifest, note, isNew: false };
  });
  const missing = wheels.filter((_, index) => known[index] === undefined);
  if (missing.length === 0) return known as OwnFiles[];
  const fresh = unpackMissing(world, store, { wheels: missing, how, root: makeRoot() });
  return known.map((own, index): OwnFiles => {
    if (own !== undefined) return own;
    const { added, ...unpacked } = fresh.shift() as Fresh;
    const { note } = wheels[index] as ShelvedWheel;
    const { artifact, writtenMs, manifest } = unpacked;
    const all = { ...note.own, [key]: { artifact, writtenMs, added } };
    return { artifact, writtenMs, manifest, added, note: { ...note, own: all }, isNew: true };
  });
}

type Fresh = Pick<OwnFiles, "artifact" | "writtenMs" | "manifest" | "added">;

/** In order. */
function unpackMissing(
  world: World,
  store: Store,
  { wheels, how, root }: { wheels: readonly ShelvedWheel[]; how: Unpacking; root: string },
): Fresh[] {
  const { disk } = world;
  const { scheme } = how;
  const stages = wheels.map(({ file, wheel = readWheel(disk, file) }, index) => {
    const stage = `${root}/${index}`;
    disk.makeDirectory(stage);
    return { wheel, stage, scheme };
  });
  const own = unpackOwnFiles(disk, stages);
  for (const each of wheels) refuseChanged(world, store, each);
  const unpacked = stages.map(({ stage: tree }, index) => {
    const { manifest, facts } = own[index] as (typeof own)[number];
    return { stage: { tree, manifest } satisfies FinishedStage, added: facts };
  });
  const artifacts = store.addArtifacts(unpacked.map(({ stage }) => stage));
  return unpacked.map(({ stage: { manifest }, added }, index) => {
    const artifact = artifacts[index] as Digest;
    const tree = store.layout.artifactTree(artifact);
    return { artifact, writtenMs: writtenTimes(world, tree, manifest), manifest, added };
  });
}

interface Adding extends Shelving {
  readonly wheel: ShelvedWheel;
  readonly own: OwnFiles;
}

/** What an installer adds, from the store where it is there. */
function addFiles(world: World, store: Store, { wheel, own, how, makeRoot }: Adding): WheelTree {
  const { scheme, interpreter } = how;
  const key = keyOfMade(wheel, own, how);
  const known = findMade(world, store, key);
  const found = known === undefined ? undefined : store.findMade(known.artifact);
  if (own.isNew) writeNote(world, store, noteFile(store, wheel), own.note);
  if (known !== undefined && found !== undefined && found.base === own.artifact)
    return treeOf(store, own, { ...found, ...known });
  const requested = { url: fileUrl(wheel.file), sha256: wheel.sha256 };
  const files = addedFiles(own.added, own.manifest, { scheme, interpreter, requested });
  const stage = `${makeRoot()}/made-${world.clock.uniqueId()}`;
  world.disk.makeDirectory(stage);
  const writer = openStageWriter(world.disk, stage, wheel.facts.fileName);
  for (const { path, mode, content } of files) writer.write(path, content, mode);
  const entries = files
    .map(({ type, path, mode, sizeBytes, sha256 }) => ({ type, path, mode, sizeBytes, sha256 }))
    .toSorted((a, b) => compareText(a.path, b.path));
  const made = { base: own.artifact, entries };
  const artifact = store.addMade(made, stage);
  const writtenMs = writtenTimes(world, `${store.layout.made(artifact)}/tree`, entries);
  noteMade(world, store, key, { artifact, writtenMs });
  return treeOf(store, own, { ...made, artifact, writtenMs });
}

function treeOf(
  store: Store,
  own: OwnFiles,
  made: Unpacked & { readonly base: Digest; readonly entries: Manifest },
): WheelTree {
  return {
    own: own.artifact,
    incoming: {
      artifact: made.artifact,
      manifest: manifestOfMade(made, own.manifest),
      tree: store.layout.artifactTree(own.artifact),
      writtenMs: own.writtenMs,
      made: {
        tree: `${store.layout.made(made.artifact)}/tree`,
        paths: new Set(made.entries.map(({ path }) => path)),
        writtenMs: made.writtenMs,
      },
    },
  };
}

/** `file:///tmp/a%20b.whl`; the path is absolute. */
function fileUrl(path: string): string {
  return `file://${path.split("/").map(encodeURIComponent).join("/")}`;
}

/** The note that is written next is of what was unpacked, not of what the wheel was before. */
function refuseChanged(world: World, store: Store, { file, sha256 }: ShelvedWheel): void {
  if (digestOfWheel(world, store, file) === sha256) return;
  throw new TenonError({
    kind: "source",
    code: "WHEEL_CHANGED",
    message: `${file} was changed while it was unpacked`,
    hints: ["Run the command again once the file is complete."],
  });
}

function noteFile(store: Store, { file, sha256 }: Pick<ShelvedWheel, "file" | "sha256">): string {
  return `${store.layout.wheels}/wheel-${digestOf(`${sha256} ${nameOf(file)}`)}.json`;
}
