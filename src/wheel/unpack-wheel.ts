/** Unpacking a wheel into a stage. */
import {
  type Digest,
  digestOf,
  type FileEntry,
  makeManifest,
  type Manifest,
} from "../core/index.ts";
import { type Disk, type MemberToExtract, removeTree } from "../world/index.ts";
import type { ZipEntry } from "../archive/index.ts";
import { isInterpreterFile } from "../stage/index.ts";
import { openStageWriter, type StageWriter } from "./stage-writer.ts";
import { wheelError } from "./wheel-error.ts";
import { type AddedFacts, addedFiles, type AddedHow } from "./added-files.ts";
import { type InstallScheme, placeMembers } from "./wheel-plan.ts";
import { type Content, contentDefect } from "./wheel-record.ts";
import { isPythonScript } from "./wheel-scripts.ts";
import { isUnlisted, type Wheel } from "./wheel.ts";

interface UnpackWheelOptions extends AddedHow {
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
 * Every member is checked against RECORD (I11); where one is not as listed, the stage is left as it was. By-products in the wheel are left out. Throws a TenonError: kind `source` for a wrong digest, `conflict`
 * when the stage has a file or a link where one of the wheel's goes.
 */
export function unpackWheel(options: UnpackWheelOptions): UnpackedWheel {
  const { disk, wheel } = options;
  const plan = planUnpacking(options);
  try {
    const [own = []] = writeOwnFiles(disk, [plan]);
    const added = addedFiles(plan.facts, own, options);
    for (const { path, content, mode } of added) plan.writer.write(path, content, mode);
    const manifest = makeManifest([...own, ...added.map(toEntry)]);
    return { name: wheel.name, version: wheel.version, manifest };
  } catch (error) {
    plan.writer.undo(plan.paths);
    throw error;
  }
}

/** The same of many, without what an installer adds: the wheels' own files are the same for every prefix and interpreter. */
export function unpackOwnFiles(
  disk: Disk,
  wheels: readonly Pick<UnpackWheelOptions, "wheel" | "stage" | "scheme">[],
): OwnFiles[] {
  const plans = wheels.map((each) => planUnpacking({ disk, ...each }));
  return writeOwnFiles(disk, plans).map((entries, index) => ({
    manifest: makeManifest(entries),
    facts: (plans[index] as Plan).facts,
  }));
}

export interface OwnFiles {
  /** What was written, and the folders above it. */
  readonly manifest: Manifest;
  /** What of the wheel decides what an installer adds. */
  readonly facts: AddedFacts;
}

interface Plan {
  readonly wheel: Wheel;
  readonly writer: StageWriter;
  /** Of all files, those that an installer adds included. */
  readonly paths: readonly string[];
  readonly own: readonly PlannedFile[];
  readonly facts: AddedFacts;
}

/** Refuses what cannot be, as far as the names tell; nothing is written. */
function planUnpacking({
  disk,
  wheel,
  stage,
  scheme,
}: Pick<UnpackWheelOptions, "disk" | "wheel" | "stage" | "scheme">): Plan {
  const { own, facts } = planOwn(wheel, scheme);
  // Their paths are those of every interpreter and address; their contents are of no interest here.
  const anyHow = { scheme, interpreter: "/python", requested: { url: "", sha256: digestOf("") } };
  const all = [...own, ...addedFiles(facts, [], anyHow)].map(({ path }) => ({ path }));
  refuseUnfit(wheel, scheme, all);
  const writer = openStageWriter(disk, stage, wheel.fileName);
  const paths = all.map(({ path }) => path);
  writer.claim(paths);
  return { wheel, writer, paths, own, facts };
}

/** All members of all wheels at once, so that all processors have something to do; by wheel. */
function writeOwnFiles(disk: Disk, plans: readonly Plan[]): FileEntry[][] {
  const members = plans.flatMap(({ wheel, writer, own }) =>
    own.map(({ member, path, mode }) => ({
      archive: wheel.file,
      offset: wheel.startOf(member),
      compressedBytes: member.compressedBytes,
      isDeflated: member.method !== 0,
      sizeBytes: member.sizeBytes,
      crc32: member.crc32,
      to: writer.prepare(path),
      mode,
    })),
  );
  const digests = disk.extract(members);
  let at = 0;
  return plans.map(({ wheel, own }) =>
    own.map(({ member, path, mode }): FileEntry => {
      const { to } = members[at] as MemberToExtract;
      const sha256 = digests[at] ?? writeAlone(disk, wheel, member, { to, mode });
      at += 1;
      const { sizeBytes } = member;
      checkRow(wheel, member, { sizeBytes, sha256, pieces: () => disk.readChunks(to) });
      return { type: "file", path, mode, sizeBytes, sha256 };
    }),
  );
}

/** Finds out why the disk did not, and says so; or does it. */
function writeAlone(
  disk: Disk,
  wheel: Wheel,
  member: ZipEntry,
  { to, mode }: { readonly to: string; readonly mode: number },
): Digest {
  removeTree(disk, to); // what came of an attempt
  const content = wheel.read(member);
  disk.createFile(to, content, mode);
  return digestOf(content);
}

function checkRow(wheel: Wheel, member: ZipEntry, content: Content): void {
  const row = wheel.record.get(member.name);
  if (row === undefined || isUnlisted(wheel.distInfo, member.name)) return;
  const defect = contentDefect(row, content);
  if (defect === undefined) return;
  throw wheelError("WHEEL_DIGEST", wheel.fileName, defect, member.name);
}

/** What a member holds, checked. */
function readChecked(wheel: Wheel, member: ZipEntry): Uint8Array {
  const content = wheel.read(member);
  const { length: sizeBytes } = content;
  checkRow(wheel, member, { sizeBytes, sha256: digestOf(content), pieces: () => [content] });
  return content;
}

interface PlannedFile {
  readonly member: ZipEntry;
  /** Relative to the prefix. */
  readonly path: string;
  readonly mode: number;
}

/** What does not become a file of its own is read, and checked, here. */
function planOwn(wheel: Wheel, scheme: InstallScheme): Pick<Plan, "own" | "facts"> {
  const placements = placeMembers(wheel, scheme);
  const ownScripts = placements
    .filter(({ isScript }) => isScript)
    .map(({ member, path }) => ({ path, content: readChecked(wheel, member) }))
    .filter(({ content }) => isPythonScript(content))
    .map(({ path, content }) => ({ path, base64: Buffer.from(content).toString("base64") }));
  const rewritten = new Set(ownScripts.map(({ path }) => path));
  const own = placements
    .filter(({ path }) => !rewritten.has(path))
    .map(({ member, path, isScript }): PlannedFile => ({
      member,
      path,
      mode: isScript || (member.mode & 0o111) !== 0 ? 0o755 : 0o644,
    }));
  const placed = new Set(placements.map(({ member }) => member));
  for (const member of wheel.members.values()) if (!placed.has(member)) readChecked(wheel, member);
  const { distInfo, isPure, scripts } = wheel;
  return { own, facts: { distInfo, isPure, scripts, ownScripts } };
}

function toEntry({ path, mode, sizeBytes, sha256 }: FileEntry): FileEntry {
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
