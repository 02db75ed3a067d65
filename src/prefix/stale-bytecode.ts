/**
 * By-products that do not match their source any more (I5): bytecode in `__pycache__` whose module is
 * gone or was replaced. PEP 3147 says which module it is of, the first 16 bytes say what it was made
 * from (PEP 552).
 *
 * Bytecode that Python checks by the source's digest can stay: it is never run when it does not match.
 * That which Python is told not to check (`unchecked-hash`) is left to who made it. Bytecode beside
 * its module, where Python imports it without a source, may be there on purpose.
 */
import { joinPath, nameOf, parentOf } from "../core/index.ts";
import { type Disk, isDiskError, listIfAny } from "../world/index.ts";
import { isStatePath, type PrefixLayout } from "./layout.ts";
import type { PackageRecord } from "./record.ts";
import { entriesOf } from "./records.ts";
import { holdsOnlyByProducts } from "./verify.ts";

const folderName = "__pycache__";
const headerBytes = 16;
/** Bit 0: made from a source with a certain digest; bit 1: Python looks whether it still has it. */
const mostFlags = 3;

/** Relative to the prefix. What lies in a person's own folders is not looked at. */
export function findStaleBytecode(
  disk: Disk,
  layout: PrefixLayout,
  records: Iterable<PackageRecord>,
): string[] {
  const owned = entriesOf(records);
  const isOurs = (path: string): boolean =>
    owned.has(path) ||
    path === "var" ||
    path === "var/lib" ||
    holdsOnlyByProducts(disk, `${layout.prefix}/${path}`);
  return [...walk(disk, layout.prefix, "", isOurs)];
}

function* walk(
  disk: Disk,
  prefix: string,
  directory: string,
  isOurs: (path: string) => boolean,
): Generator<string, void> {
  for (const { name, type } of listIfAny(disk, joinPath(prefix, directory))) {
    const path = joinPath(directory, name);
    if (type !== "directory" || isStatePath(path)) continue;
    if (name === folderName) yield* staleIn(disk, prefix, path);
    else if (isOurs(path)) yield* walk(disk, prefix, path, isOurs);
  }
}

function staleIn(disk: Disk, prefix: string, folder: string): string[] {
  try {
    return disk
      .list(`${prefix}/${folder}`)
      .map(({ name }) => joinPath(folder, name))
      .filter((path) => isStaleBytecode(disk, prefix, path));
  } catch (error) {
    if (isDiskError(error)) return []; // by-products never block anything
    throw error;
  }
}

/** `path` is relative to the prefix. What cannot be read is not said to be stale. */
export function isStaleBytecode(disk: Disk, prefix: string, path: string): boolean {
  const source = sourceOf(path);
  if (source === undefined) return false;
  try {
    if (disk.status(`${prefix}/${path}`)?.type !== "file") return false;
    const status = disk.statusOfTarget(`${prefix}/${source}`);
    if (status?.type !== "file") return true;
    const header = readHeader(disk, `${prefix}/${path}`);
    if (header === undefined) return true; // Python makes it again
    const flags = header.getUint32(4, true);
    if (flags !== 0) return flags > mostFlags;
    const seconds = Math.trunc(status.modifiedMs / 1000) >>> 0;
    return (
      header.getUint32(8, true) !== seconds ||
      header.getUint32(12, true) !== status.sizeBytes % 2 ** 32
    );
  } catch (error) {
    if (isDiskError(error)) return false;
    throw error;
  }
}

/** `a/__pycache__/x.cpython-311.opt-1.pyc` is of `a/x.py`. */
function sourceOf(path: string): string | undefined {
  const folder = parentOf(path);
  const stem = /^(.+)\.[^.]+$/.exec(nameOf(path).replace(/(\.opt-[^.]+)?\.pyc$/, ""))?.[1];
  if (nameOf(folder) !== folderName || !path.endsWith(".pyc") || stem === undefined)
    return undefined;
  return joinPath(parentOf(folder), `${stem}.py`);
}

function readHeader(disk: Disk, file: string): DataView | undefined {
  const { buffer, byteOffset, byteLength } = disk.readSlice(file, 0, headerBytes);
  return byteLength < headerBytes ? undefined : new DataView(buffer, byteOffset, headerBytes);
}
