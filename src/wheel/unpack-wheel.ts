/** Unpacking a wheel into a stage. */
import {
  type Digest,
  digestOf,
  type FileEntry,
  makeManifest,
  type Manifest,
} from "../core/index.ts";
import type { Disk } from "../world/index.ts";
import type { ZipEntry } from "../archive/index.ts";
import { isInterpreterFile } from "../stage/index.ts";
import { openStageWriter } from "./stage-writer.ts";
import { wheelError } from "./wheel-error.ts";
import { type AddedFacts, addedFiles, type AddedHow } from "./added-files.ts";
import { type InstallScheme, placeMembers } from "./wheel-plan.ts";
import { contentDefect } from "./wheel-record.ts";
import { isPythonScript } from "./wheel-scripts.ts";
import { isUnlisted, type Wheel } from "./wheel.ts";

export interface UnpackWheelOptions extends AddedHow {
  readonly disk: Disk;
  readonly wheel: Wheel;
  /** An existing folder that is shaped like the prefix, absolute. */
  readonly stage: string;
}

export interface UnpackedWheel {
  readonly name: string;
  readonly version: string;
  /** What was written, and the folders above it. */
  readonly manifest: Manifest;
}

/**
 * Every member is checked against RECORD before anything is written (I11). By-products in the wheel
 * are left out. Throws a TenonError: kind `source` for a wrong digest, `conflict` when the stage
 * has a file or a link where one of the wheel's goes.
 */
export function unpackWheel(options: UnpackWheelOptions): UnpackedWheel {
  const { disk, wheel, stage } = options;
  const { own, facts } = planOwn(wheel, options.scheme);
  const added = addedFiles(facts, own.map(toEntry), options).map((file) => ({
    ...file,
    content: () => file.content,
  }));
  const files = [...own, ...added];
  refuseUnfit(wheel, options.scheme, files);
  const manifest = writeFiles(disk, stage, wheel, files);
  return { name: wheel.name, version: wheel.version, manifest };
}

/** The same without what an installer adds: the wheel's own files are the same for every prefix and interpreter. */
export function unpackOwnFiles(
  options: Pick<UnpackWheelOptions, "disk" | "wheel" | "stage" | "scheme">,
): OwnFiles {
  const { disk, wheel, stage, scheme } = options;
  const { own, facts } = planOwn(wheel, scheme);
  // Their paths are those of every interpreter and address; their contents are of no interest here.
  const anyHow = { scheme, interpreter: "/python", requested: { url: "", sha256: digestOf("") } };
  refuseUnfit(wheel, scheme, [...own, ...addedFiles(facts, [], anyHow)]);
  return { manifest: writeFiles(disk, stage, wheel, own), facts };
}

export interface OwnFiles {
  /** What was written, and the folders above it. */
  readonly manifest: Manifest;
  /** What of the wheel decides what an installer adds. */
  readonly facts: AddedFacts;
}

function writeFiles(
  disk: Disk,
  stage: string,
  wheel: Wheel,
  files: readonly PlannedFile[],
): Manifest {
  const writer = openStageWriter(disk, stage, wheel.fileName);
  writer.claim(files.map(({ path }) => path));
  for (const file of files) writer.write(file.path, file.content(), file.mode);
  return makeManifest(files.map(toEntry));
}

interface PlannedFile {
  /** Relative to the prefix. */
  readonly path: string;
  readonly mode: number;
  readonly sizeBytes: number;
  readonly sha256: Digest;
  readonly content: () => Uint8Array;
}

interface OwnPlan {
  readonly own: readonly PlannedFile[];
  readonly facts: AddedFacts;
}

function planOwn(wheel: Wheel, scheme: InstallScheme): OwnPlan {
  const contents = checkContents(wheel);
  const placements = placeMembers(wheel, scheme);
  const ownScripts = placements
    .filter(({ isScript }) => isScript)
    .map(({ member, path }) => ({ path, content: contents.read(member) }))
    .filter(({ content }) => isPythonScript(content))
    .map(({ path, content }) => ({ path, base64: Buffer.from(content).toString("base64") }));
  const rewritten = new Set(ownScripts.map(({ path }) => path));
  const own = placements
    .filter(({ path }) => !rewritten.has(path))
    .map(({ member, path, isScript }): PlannedFile => ({
      path,
      mode: isScript || (member.mode & 0o111) !== 0 ? 0o755 : 0o644,
      sizeBytes: member.sizeBytes,
      sha256: contents.digestOf(member),
      content: () => contents.read(member),
    }));
  const { distInfo, isPure, scripts } = wheel;
  return { own, facts: { distInfo, isPure, scripts, ownScripts } };
}

function toEntry({ path, mode, sizeBytes, sha256 }: PlannedFile): FileEntry {
  return { type: "file", path, mode, sizeBytes, sha256 };
}

function refuseUnfit(
  wheel: Wheel,
  scheme: InstallScheme,
  files: readonly { readonly path: string }[],
): void {
  refuseInterpreter(wheel.fileName, scheme, files);
  checkCollisions(wheel.fileName, files);
}

/** Whichever way it takes there: as a script, an entry point, or from a folder of .data. */
function refuseInterpreter(
  wheel: string,
  { scripts }: InstallScheme,
  files: readonly { readonly path: string }[],
): void {
  const found = files.find(({ path }) => isInterpreterFile(path, scripts));
  if (found === undefined) return;
  const what = `would install ${found.path}, a file of a Python interpreter`;
  throw wheelError("WHEEL_INTERPRETER", wheel, what);
}

/** Two members may be spread to one path. */
function checkCollisions(wheel: string, files: readonly { readonly path: string }[]): void {
  const paths = new Set<string>();
  for (const { path } of files) {
    if (paths.has(path)) throw wheelError("WHEEL_DUPLICATE", wheel, `would install ${path} twice`);
    paths.add(path);
  }
  for (const { path } of files) {
    for (let at = path.lastIndexOf("/"); at > 0; at = path.lastIndexOf("/", at - 1)) {
      const parent = path.slice(0, at);
      if (paths.has(parent))
        throw wheelError("WHEEL_DUPLICATE", wheel, `would install ${parent} as file and folder`);
    }
  }
}

interface CheckedContents {
  read(member: ZipEntry): Uint8Array;
  digestOf(member: ZipEntry): Digest;
}

/** Contents that are kept between the check and the writing, so that they are unpacked once. */
const keptLimitBytes = 1 << 28;

function checkContents(wheel: Wheel): CheckedContents {
  const kept = new Map<ZipEntry, Uint8Array>();
  const digests = new Map<ZipEntry, Digest>();
  let keptBytes = 0;
  for (const [path, member] of wheel.members) {
    const row = wheel.record.get(path);
    if (row === undefined || isUnlisted(wheel.distInfo, path)) continue;
    const content = wheel.read(member);
    const sha256 = digestOf(content);
    const defect = contentDefect(row, content, sha256);
    if (defect !== undefined) throw wheelError("WHEEL_DIGEST", wheel.fileName, defect, path);
    digests.set(member, sha256);
    if (keptBytes + content.length > keptLimitBytes) continue;
    keptBytes += content.length;
    kept.set(member, content);
  }
  return {
    read: (member) => kept.get(member) ?? wheel.read(member),
    digestOf: (member) => digests.get(member) ?? digestOf(wheel.read(member)),
  };
}
