/** Reading a wheel: its names, its metadata, and whether its members and RECORD agree. */
import { compareText, nameOf } from "../core/index.ts";
import type { Disk } from "../world/index.ts";
import { normalizeProject } from "../requirements/index.ts";
import { checkZipFile, readZip, type ZipEntry, type ZipReader } from "../archive/index.ts";
import { wheelError, withWheelCodes } from "./wheel-error.ts";
import { checkMembers } from "./wheel-members.ts";
import {
  type EntryPoint,
  firstOf,
  type Headers,
  parseHeaders,
  parseScripts,
} from "./wheel-metadata.ts";
import { isName, isSameVersion, parseWheelName } from "./wheel-name.ts";
import { parseRecord, type RecordRow } from "./wheel-record.ts";

export interface Wheel {
  readonly fileName: string;
  /** As METADATA spells it. */
  readonly name: string;
  readonly version: string;
  readonly build?: string;
  readonly tags: readonly string[];
  /** The lines of Requires-Dist, with their markers. */
  readonly requires: readonly string[];
  readonly requiresPython?: string;
  /** Whether the root of the wheel goes to purelib, else to platlib. */
  readonly isPure: boolean;
  readonly scripts: readonly EntryPoint[];
  /** The name of the folder with the metadata: `greet-1.0.dist-info`. */
  readonly distInfo: string;
  /** Files by name; folders are not listed. */
  readonly members: ReadonlyMap<string, ZipEntry>;
  readonly record: ReadonlyMap<string, RecordRow>;
  /** A member's content, checked against the zip file's checksum but not yet against RECORD. */
  read(member: ZipEntry): Uint8Array;
  /** Absolute. */
  readonly file: string;
  /** Where in it a member's content lies. */
  startOf(member: ZipEntry): number;
}

/**
 * Reads and checks everything but the digests of the contents, which `unpackWheel` does. `fileName`
 * is the wheel's own name when the file is stored under another. Throws a TenonError of kind
 * `source` with a code `WHEEL_…` (PyPA binary distribution format, version 1).
 */
export function readWheel(disk: Disk, file: string, fileName: string = nameOf(file)): Wheel {
  const named = parseWheelName(fileName);
  const zip = withWheelCodes(() => readZip(disk, file, fileName));
  const members = checkMembers(fileName, zip.entries);
  const distInfo = findDistInfo(fileName, members, named);
  const text = (name: string): string => readText(fileName, zip, members, `${distInfo}/${name}`);

  const wheel = parseHeaders(text("WHEEL"));
  checkWheelVersion(fileName, wheel);
  const metadata = parseHeaders(text("METADATA"));
  const { name, version } = checkIdentity(fileName, metadata, named);
  const record = parseRecord(fileName, text("RECORD"));
  checkListing(fileName, distInfo, members, record);
  const hasScripts = members.has(`${distInfo}/entry_points.txt`);
  const requiresPython = firstOf(metadata, "requires-python");

  return {
    fileName,
    name,
    version,
    ...(named.build === undefined ? {} : { build: named.build }),
    tags: named.tags,
    requires: metadata.get("requires-dist") ?? [],
    ...(requiresPython === undefined ? {} : { requiresPython }),
    isPure: isPure(fileName, wheel),
    scripts: hasScripts ? parseScripts(fileName, text("entry_points.txt")) : [],
    distInfo,
    members,
    record,
    read: (member) => withWheelCodes(() => zip.read(member)),
    file,
    startOf: zip.startOf,
  };
}

/** Refuses what is not a file by looking at it alone. Throws a TenonError. */
export function checkWheelFile(disk: Disk, file: string): void {
  withWheelCodes(() => checkZipFile(disk, file));
}

/** RECORD and its signatures cannot be listed with a digest. */
export function isUnlisted(distInfo: string, path: string): boolean {
  return ["RECORD", "RECORD.jws", "RECORD.p7s"].some((name) => path === `${distInfo}/${name}`);
}

interface Identity {
  readonly name: string;
  readonly version: string;
}

function isSame(a: Identity, b: Identity): boolean {
  return (
    normalizeProject(a.name) === normalizeProject(b.name) && isSameVersion(a.version, b.version)
  );
}

/** The one dist-info folder of the root, which must bear the file's name and version. */
function findDistInfo(
  fileName: string,
  members: ReadonlyMap<string, ZipEntry>,
  named: Identity,
): string {
  const folders = new Set<string>();
  for (const path of members.keys()) {
    const at = path.indexOf(".dist-info/");
    if (at > 0 && path.indexOf("/") === at + ".dist-info".length)
      folders.add(path.slice(0, at + ".dist-info".length));
  }
  const [folder, ...others] = [...folders].sort(compareText);
  if (folder === undefined)
    throw wheelError("WHEEL_INCOMPLETE", fileName, "has no .dist-info folder");
  if (others.length > 0)
    throw wheelError(
      "WHEEL_METADATA",
      fileName,
      `has several .dist-info folders: ${[folder, ...others].join(", ")}`,
    );
  const identity = splitFolder(folder, ".dist-info");
  if (identity === undefined || !isSame(identity, named))
    throw wheelError(
      "WHEEL_METADATA",
      fileName,
      `has ${folder} inside, which is another name or version`,
    );
  return folder;
}

/** The name and version of `NAME-VERSION.dist-info` or `NAME-VERSION.data`. */
function splitFolder(folder: string, ending: string): Identity | undefined {
  const match = /^(.+?)-(.+)$/.exec(folder.slice(0, -ending.length));
  return match?.[1] === undefined || match[2] === undefined
    ? undefined
    : { name: match[1], version: match[2] };
}

/** Whether a folder of the wheel's root is its `.data` folder. */
export function isDataFolder(wheel: Identity, folder: string): boolean {
  if (!folder.endsWith(".data")) return false;
  const identity = splitFolder(folder, ".data");
  return identity !== undefined && isSame(identity, wheel);
}

/** A RECORD of half a million files has as much. */
const textLimitBytes = 1 << 26;

const utf8 = new TextDecoder("utf-8", { fatal: true });

function readText(
  fileName: string,
  zip: ZipReader,
  members: ReadonlyMap<string, ZipEntry>,
  path: string,
): string {
  const member = members.get(path);
  if (member === undefined) throw wheelError("WHEEL_INCOMPLETE", fileName, `has no ${path}`);
  if (member.sizeBytes > textLimitBytes)
    throw wheelError(
      "WHEEL_BOMB",
      fileName,
      "is larger than the 64 MiB that tenon reads of it",
      path,
    );
  const content = withWheelCodes(() => zip.read(member));
  try {
    return utf8.decode(content);
  } catch {
    throw wheelError("WHEEL_METADATA", fileName, "is not UTF-8", path);
  }
}

function checkWheelVersion(fileName: string, wheel: Headers): void {
  const version = firstOf(wheel, "wheel-version");
  if (version === undefined)
    throw wheelError("WHEEL_METADATA", fileName, "does not say its Wheel-Version");
  if (!/^1\.\d+$/.test(version))
    throw wheelError(
      "WHEEL_METADATA",
      fileName,
      `is of Wheel-Version ${version}; tenon reads version 1`,
    );
}

function isPure(fileName: string, wheel: Headers): boolean {
  const text = firstOf(wheel, "root-is-purelib")?.toLowerCase();
  if (text === "true" || text === "false") return text === "true";
  throw wheelError(
    "WHEEL_METADATA",
    fileName,
    "does not say in WHEEL whether Root-Is-Purelib is true or false",
  );
}

function checkIdentity(fileName: string, metadata: Headers, named: Identity): Identity {
  const format = firstOf(metadata, "metadata-version") ?? "1.0";
  if (!/^[12]\.\d+$/.test(format))
    throw wheelError(
      "WHEEL_METADATA",
      fileName,
      `is of Metadata-Version ${format}; tenon reads versions 1 and 2`,
    );
  const name = firstOf(metadata, "name");
  const version = firstOf(metadata, "version");
  if (isName(name) && version !== undefined && isSame({ name, version }, named))
    return { name, version };
  throw wheelError(
    "WHEEL_METADATA",
    fileName,
    `says in METADATA that it is ${name ?? "without name"} ${version ?? "without version"}`,
  );
}

/** RECORD and the members must name the same files. */
function checkListing(
  fileName: string,
  distInfo: string,
  members: ReadonlyMap<string, ZipEntry>,
  record: ReadonlyMap<string, RecordRow>,
): void {
  for (const path of members.keys()) {
    if (!isUnlisted(distInfo, path) && !record.has(path))
      throw wheelError("WHEEL_RECORD", fileName, "is not listed in RECORD", path);
  }
  for (const path of record.keys()) {
    if (!members.has(path))
      throw wheelError("WHEEL_RECORD", fileName, "is listed in RECORD and not there", path);
  }
}
