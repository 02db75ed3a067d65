/** Unpacking a wheel into a stage. */
import { posix } from "node:path";
import {
  type Digest,
  digestOf,
  type FileEntry,
  joinPath,
  makeManifest,
  type Manifest,
} from "../core/index.ts";
import type { Disk } from "../world/index.ts";
import type { ZipEntry } from "../archive/index.ts";
import { isInterpreterFile } from "../stage/index.ts";
import { openStageWriter } from "./stage-writer.ts";
import { wheelError } from "./wheel-error.ts";
import { type InstallScheme, placeMembers, siteOf } from "./wheel-plan.ts";
import { contentDefect, formatRecord } from "./wheel-record.ts";
import { entryPointScript, rewriteScript } from "./wheel-scripts.ts";
import { isUnlisted, type Wheel } from "./wheel.ts";

export interface UnpackWheelOptions {
  readonly disk: Disk;
  readonly wheel: Wheel;
  /** An existing folder that is shaped like the prefix, absolute. */
  readonly stage: string;
  readonly scheme: InstallScheme;
  /** What scripts are started with: absolute, at its place in the prefix. */
  readonly interpreter: string;
  /** A person asked for this very file; absent where it comes from an index or was built here. */
  readonly requested?: DirectUrl;
}

/** Where the wheel came from (PEP 610). */
export interface DirectUrl {
  readonly url: string;
  readonly sha256: Digest;
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
  const files = planFiles(options, checkContents(wheel));
  const writer = openStageWriter(disk, stage, wheel.fileName);
  writer.claim(files.map(({ path }) => path));
  for (const file of files) writer.write(file.path, file.content(), file.mode);
  return { name: wheel.name, version: wheel.version, manifest: makeManifest(files.map(toEntry)) };
}

interface PlannedFile {
  /** Relative to the prefix. */
  readonly path: string;
  readonly mode: number;
  readonly sizeBytes: number;
  readonly sha256: Digest;
  readonly content: () => Uint8Array;
}

/** Everything that the wheel puts into the prefix, RECORD last. */
function planFiles(options: UnpackWheelOptions, contents: CheckedContents): PlannedFile[] {
  const { wheel, scheme, interpreter, requested } = options;
  const site = siteOf(wheel, scheme);
  const distInfo = joinPath(site, wheel.distInfo);
  const files = placeMembers(wheel, scheme).map(({ member, path, isScript }): PlannedFile => {
    if (isScript) return fileOf(path, 0o755, rewriteScript(contents.read(member), interpreter));
    return {
      path,
      mode: (member.mode & 0o111) === 0 ? 0o644 : 0o755,
      sizeBytes: member.sizeBytes,
      sha256: contents.digestOf(member),
      content: () => contents.read(member),
    };
  });
  for (const script of wheel.scripts) {
    const text = entryPointScript(script, interpreter);
    files.push(fileOf(joinPath(scheme.scripts, script.name), 0o755, text));
  }
  files.push(fileOf(`${distInfo}/INSTALLER`, 0o644, "tenon\n"));
  if (requested !== undefined) {
    files.push(fileOf(`${distInfo}/REQUESTED`, 0o644, ""));
    files.push(fileOf(`${distInfo}/direct_url.json`, 0o644, directUrlText(requested)));
  }
  const record = `${distInfo}/RECORD`;
  const rows = files.map(({ path, sha256, sizeBytes }) => ({
    path: relativeTo(site, path),
    sha256,
    sizeBytes,
  }));
  files.push(fileOf(record, 0o644, formatRecord([...rows, { path: relativeTo(site, record) }])));
  refuseInterpreter(wheel.fileName, scheme, files);
  checkCollisions(wheel.fileName, files);
  return files;
}

/** `hash` is what readers older than `hashes` look for. */
function directUrlText({ url, sha256 }: DirectUrl): string {
  return JSON.stringify({ url, archive_info: { hash: `sha256=${sha256}`, hashes: { sha256 } } });
}

function relativeTo(site: string, path: string): string {
  return path.startsWith(`${site}/`)
    ? path.slice(site.length + 1)
    : posix.relative(`/${site}`, `/${path}`);
}

function fileOf(path: string, mode: number, content: string | Uint8Array): PlannedFile {
  const bytes = Buffer.from(content);
  const sizeBytes = bytes.length;
  return { path, mode, sizeBytes, sha256: digestOf(bytes), content: () => bytes };
}

function toEntry({ path, mode, sizeBytes, sha256 }: PlannedFile): FileEntry {
  return { type: "file", path, mode, sizeBytes, sha256 };
}

/** Whichever way it takes there: as a script, an entry point, or from a folder of .data. */
function refuseInterpreter(
  wheel: string,
  { scripts }: InstallScheme,
  files: readonly PlannedFile[],
): void {
  const found = files.find(({ path }) => isInterpreterFile(path, scripts));
  if (found === undefined) return;
  const what = `would install ${found.path}, a file of a Python interpreter`;
  throw wheelError("WHEEL_INTERPRETER", wheel, what);
}

/** Two members may be spread to one path. */
function checkCollisions(wheel: string, files: readonly PlannedFile[]): void {
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
