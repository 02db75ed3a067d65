/** Planting a whole tree on a Disk, and reading one back as plain data for comparison. */
import { compareText } from "../../core/index.ts";
import type { Disk, FileType } from "../disk.ts";
import { makeDirectories } from "../files.ts";

/** By path; missing parents are made. A name that ends in `/` is a directory. */
export type Tree = Readonly<Record<string, string | Uint8Array | TreeEntry>>;

export interface TreeEntry {
  readonly content?: string | Uint8Array;
  /** Makes a symlink with this target. */
  readonly link?: string;
  /** Makes a hard link to a path of this tree that was listed before. */
  readonly hardLink?: string;
  readonly mode?: number;
}

/** By path, sorted; content that is UTF-8 is given as text, and the root is not listed. */
export type Snapshot = Readonly<Record<string, SnapshotEntry>>;

export interface SnapshotEntry {
  readonly type: FileType;
  /** Absent for a symlink. */
  readonly mode?: number;
  readonly content?: string;
  readonly target?: string;
}

export function plantTree(disk: Disk, root: string, tree: Tree): void {
  makeDirectories(disk, root);
  for (const [name, value] of Object.entries(tree)) {
    const path = `${root === "/" ? "" : root}/${name}`;
    const isPlain = typeof value === "string" || value instanceof Uint8Array;
    plant(disk, root, path, isPlain ? { content: value } : value);
  }
}

function plant(disk: Disk, root: string, path: string, entry: TreeEntry): void {
  if (path.endsWith("/")) {
    makeDirectories(disk, path.slice(0, -1));
    if (entry.mode !== undefined) disk.setMode(path.slice(0, -1), entry.mode);
    return;
  }
  makeDirectories(disk, path.slice(0, path.lastIndexOf("/")) || "/");
  if (entry.link !== undefined) disk.makeLink(path, entry.link);
  else if (entry.hardLink !== undefined) disk.hardLink(`${root}/${entry.hardLink}`, path);
  else disk.createFile(path, entry.content ?? "", entry.mode ?? 0o644);
}

export function snapshotTree(disk: Disk, root: string): Snapshot {
  const found: [string, SnapshotEntry][] = [];
  const visit = (path: string, prefix: string): void => {
    for (const { name, type } of disk.list(path)) {
      const child = `${path === "/" ? "" : path}/${name}`;
      found.push([prefix + name, entryAt(disk, child, type)]);
      if (type === "directory") visit(child, `${prefix}${name}/`);
    }
  };
  if (disk.status(root)?.type === "directory") visit(root, "");
  return Object.fromEntries(found.sort(([a], [b]) => compareText(a, b)));
}

function entryAt(disk: Disk, path: string, type: FileType): SnapshotEntry {
  if (type === "link") return { type, target: disk.readLink(path) };
  const mode = disk.status(path)?.mode ?? 0;
  if (type !== "file") return { type, mode };
  return { type, mode, content: Buffer.from(disk.readFile(path)).toString("utf8") };
}
