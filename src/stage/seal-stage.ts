/** Sealing a stage: what a build left becomes a manifest, without by-products and leftovers. */
import { type Entry, isByProduct, isWithin, makeManifest, type Manifest } from "../core/index.ts";
import { startScan } from "../relocation/index.ts";
import { type DirectoryItem, type Disk, isDiskError, type Status } from "../world/index.ts";
import { cleanAttributes } from "./overlay-attributes.ts";
import { removeCounted } from "./remove-counted.ts";
import { linkProblem, refuseStage, specialBits, type StageProblem } from "./stage-problems.ts";
import { inWritable, isWritable } from "./writable-folder.ts";

export interface SealRules {
  /** Names the package in errors. */
  readonly package: string;
  /** Paths that are left out; a folder means all below it. */
  readonly drop: readonly string[];
  readonly allowSetuid?: boolean;
  /** Change nothing: what does not belong into a package is left out of the manifest only. */
  readonly readOnly?: boolean;
  /** Only these paths, and the folders that they lie in: all of the stage when absent. */
  readonly only?: ReadonlySet<string>;
  /** Whether the stage was an overlay's upper layer, so that attributes are looked at. */
  readonly overlay?: boolean;
  /** Whether it was made at the placeholder, so that files are looked at while they are hashed. */
  readonly atPlaceholder?: boolean;
}

export interface SealedStage {
  readonly manifest: Manifest;
  /** Paths of lower layers that the build deleted (whiteouts). */
  readonly deleted: readonly string[];
  /**
   * Folders that hide what lower layers have in them. A kernel marks a folder that a build newly
   * made in the same way, so this is a replacement only where a lower layer has the folder.
   */
  readonly opaque: readonly string[];
  /** How many files of by-products were removed. */
  readonly byProducts: number;
  /** Whether the stage is just what the manifest says, all its folders writable and of one owner. */
  readonly isPlain: boolean;
  /** Whether something has attributes or an access list, which no package has; only when `readOnly`. */
  readonly hasAttributes: boolean;
  /** Files with capabilities, if setuid ones are allowed. */
  readonly capable: readonly string[];
  /** Files that may name the placeholder; only when `atPlaceholder`. */
  readonly naming: readonly string[];
}

/**
 * Changes the stage, unless `readOnly`: removes by-products (and folders that held nothing else), `drop`, overlay
 * leftovers, extended attributes and access lists. Modes are recorded as they are; a set-group-ID bit that folders inherited from the
 * stage's own folder is taken off. Throws a TenonError of kind `recipe` that lists what a package
 * cannot hold.
 */
export function sealStage(disk: Disk, directory: string, rules: SealRules): SealedStage {
  const root = disk.status(directory);
  const walk: Walk = {
    disk,
    directory,
    realDirectory: disk.realPath(directory),
    rules,
    drop: new Set(rules.drop),
    inheritedBits: (root?.mode ?? 0) & 0o2000,
    entries: [],
    problems: [],
    deleted: [],
    opaque: [],
    byProducts: 0,
    ownerId: root?.ownerId,
    isPlain: isWritable(root?.mode ?? 0),
    hasAttributes: false,
    capable: [],
    naming: [],
  };
  sealFolder(walk, "", root?.mode ?? 0o755);
  if (walk.problems.length > 0) throw refuseStage(rules.package, walk.problems);
  const { entries, deleted, opaque, byProducts, isPlain, hasAttributes, capable, naming } = walk;
  const manifest = makeManifest(entries);
  return { manifest, deleted, opaque, byProducts, isPlain, hasAttributes, capable, naming };
}

interface Walk {
  readonly disk: Disk;
  readonly directory: string;
  readonly realDirectory: string;
  readonly rules: SealRules;
  readonly drop: ReadonlySet<string>;
  readonly inheritedBits: number;
  readonly entries: Entry[];
  readonly problems: StageProblem[];
  readonly deleted: string[];
  readonly opaque: string[];
  byProducts: number;
  readonly ownerId: number | undefined;
  isPlain: boolean;
  hasAttributes: boolean;
  readonly capable: string[];
  readonly naming: string[];
}

const stateFolder = "var/lib/tenon";

/** Gives whether the folder held by-products and nothing else, and is now empty. */
function sealFolder(walk: Walk, folder: string, mode: number): boolean {
  const items = readable(walk, folder, () => walk.disk.list(`${walk.directory}/${folder}`));
  if (items === undefined) return false;
  let kept = 0;
  let emptied = 0;
  for (const item of items) {
    const path = folder === "" ? item.name : `${folder}/${item.name}`;
    if (walk.rules.only?.has(path) === false) continue;
    if (item.rawName !== undefined) {
      walk.problems.push({ code: "STAGE_NAME", path, what: "has a name that is not UTF-8" });
    } else if (isByProduct(path)) {
      walk.byProducts += removeIn(walk, folder, mode, path);
      emptied += 1;
    } else if (walk.drop.has(path)) {
      removeIn(walk, folder, mode, path);
    } else if (item.type === "directory" && sealDirectory(walk, path)) {
      removeIn(walk, folder, mode, path);
      emptied += 1;
    } else if (item.type === "directory" || sealLeaf(walk, item, { path, folder, mode })) {
      kept += 1;
    }
  }
  return emptied > 0 && kept === 0;
}

/** Gives whether the folder is to be removed. */
function sealDirectory(walk: Walk, path: string): boolean {
  const place = `${walk.directory}/${path}`;
  const status = walk.disk.status(place);
  if (status === undefined) return false;
  if (isWithin(path, stateFolder)) {
    walk.problems.push({ code: "STAGE_STATE", path, what: "is where tenon keeps its own state" });
    return false;
  }
  checkAttributes(walk, path);
  const inherited = status.mode & walk.inheritedBits;
  const mode = status.mode & ~inherited;
  if (inherited !== 0 && walk.rules.readOnly !== true) walk.disk.setMode(place, mode);
  else if (inherited !== 0) walk.isPlain = false;
  if (!isWritable(mode) || status.ownerId !== walk.ownerId) walk.isPlain = false;
  checkBits(walk, path, mode);
  walk.entries.push({ type: "directory", path, mode });
  if (!sealFolder(walk, path, mode)) return false;
  walk.entries.splice(
    walk.entries.findLastIndex((entry) => entry.path === path),
    1,
  );
  return true;
}

/** Gives whether it stays in the stage. */
function sealLeaf(
  walk: Walk,
  item: DirectoryItem,
  at: { path: string; folder: string; mode: number },
): boolean {
  const { path } = at;
  const place = `${walk.directory}/${path}`;
  const status = walk.disk.status(place);
  if (status === undefined) return false;
  const isWhiteout = item.type === "device" && status.deviceNumber === 0n;
  if (isWhiteout && walk.rules.readOnly !== true) {
    removeIn(walk, at.folder, at.mode, path);
    walk.deleted.push(path);
    return false;
  }
  if (isWithin(path, stateFolder)) {
    walk.problems.push({ code: "STAGE_STATE", path, what: "is where tenon keeps its own state" });
  } else if (item.type === "link") {
    sealLink(walk, path);
  } else if (item.type === "file") {
    sealFile(walk, path, status);
  } else {
    walk.problems.push({ code: "STAGE_SPECIAL", path, what: `is a ${item.type}` });
  }
  return true;
}

function sealLink(walk: Walk, path: string): void {
  checkAttributes(walk, path);
  const target = walk.disk.readLink(`${walk.directory}/${path}`);
  const problem = linkProblem(path, target, [walk.directory, walk.realDirectory]);
  if (problem !== undefined) walk.problems.push(problem);
  walk.entries.push({ type: "link", path, target });
}

function sealFile(walk: Walk, path: string, status: Status): void {
  checkBits(walk, path, status.mode);
  checkAttributes(walk, path);
  const scan = walk.rules.atPlaceholder === true ? startScan() : undefined;
  const sha256 = readable(walk, path, () =>
    walk.disk.digestFile(`${walk.directory}/${path}`, scan && ((piece) => scan.update(piece))),
  );
  if (scan?.isFound === true) walk.naming.push(path);
  if (sha256 === undefined) return;
  const { mode, sizeBytes } = status;
  walk.entries.push({ type: "file", path, mode, sizeBytes, sha256 });
}

function checkBits(walk: Walk, path: string, mode: number): void {
  const bits = walk.rules.allowSetuid === true ? undefined : specialBits(mode);
  if (bits !== undefined)
    walk.problems.push({ code: "STAGE_SETUID", path, what: `has the ${bits} bit set` });
}

function checkAttributes(walk: Walk, path: string): void {
  const place = `${walk.directory}/${path}`;
  if (walk.rules.overlay !== true) return checkNames(walk, path, walk.disk.attributes(place));
  const found = cleanAttributes(walk.disk, place);
  if (found.isOpaque) walk.opaque.push(path);
  if (found.isIncomplete)
    walk.problems.push({
      code: "STAGE_OVERLAY",
      path,
      what: "was only renamed or changed in its mode by the overlay, and has no content here",
    });
  checkNames(walk, path, found.others);
}

/**
 * Capabilities let a file run as the setuid bit does. What programs and people note of a file, and
 * access lists, are of this machine and no part of a package, however it comes into the prefix.
 */
function checkNames(walk: Walk, path: string, names: readonly string[]): void {
  for (const name of names) {
    if (name === "security.capability" && walk.rules.allowSetuid === true) walk.capable.push(path);
    else if (name === "security.capability")
      walk.problems.push({ code: "STAGE_SETUID", path, what: "has file capabilities" });
    else if (!/^(user|system\.posix_acl)/.test(name)) continue;
    else if (walk.rules.readOnly === true) walk.hasAttributes = true;
    else removeAttribute(walk.disk, `${walk.directory}/${path}`, name);
  }
}

/** Also of a file that its owner may not write. */
function removeAttribute(disk: Disk, place: string, name: string): void {
  try {
    disk.removeAttribute(place, name);
  } catch (error) {
    const status = disk.status(place);
    if (!isDiskError(error, "EACCES") || status === undefined) throw error;
    disk.setMode(place, status.mode | 0o200);
    disk.removeAttribute(place, name);
    disk.setMode(place, status.mode);
  }
}

function readable<Result>(walk: Walk, path: string, read: () => Result): Result | undefined {
  try {
    return read();
  } catch (error) {
    if (!isDiskError(error, "EACCES", "EPERM")) throw error;
    walk.problems.push({ code: "STAGE_UNREADABLE", path, what: "may not be read by its owner" });
    return undefined;
  }
}

/** Removes one entry of a folder; gives how many files went. */
function removeIn(walk: Walk, folder: string, mode: number, path: string): number {
  if (walk.rules.readOnly === true) {
    walk.isPlain = false;
    return 0;
  }
  const act = (): number => removeCounted(walk.disk, `${walk.directory}/${path}`);
  return inWritable(walk.disk, `${walk.directory}/${folder}`, { mode, act });
}
