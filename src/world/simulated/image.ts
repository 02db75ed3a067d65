/** The image: every inode of a simulated machine at one moment, as plain data that is cheap to copy. */
import { assert } from "../../core/index.ts";

export type Inode = FileInode | DirectoryInode | LinkInode | SpecialInode;

interface CommonInode {
  readonly number: number;
  readonly device: number;
  mode: number;
  group: number;
  modifiedMs: number;
  changedMs: number;
  attributes: ReadonlySet<string>;
}

export interface FileInode extends CommonInode {
  readonly type: "file";
  /** Never changed in place, so that images can share it. */
  content: Uint8Array;
  linkCount: number;
}

export interface DirectoryInode extends CommonInode {
  readonly type: "directory";
  readonly entries: Map<string, number>;
  parent: number;
}

interface LinkInode extends CommonInode {
  readonly type: "link";
  readonly target: string;
  linkCount: number;
}

export interface SpecialInode extends CommonInode {
  readonly type: "device" | "fifo" | "socket";
  linkCount: number;
}

/** Images share inodes until one of them changes: `editable` gives an inode to change. */
export interface Image {
  readonly inodes: Map<number, Inode>;
  /** The inodes that no other image has. */
  readonly owned: Set<number>;
}

export function emptyImage(): Image {
  return { inodes: new Map(), owned: new Set() };
}

const noContent = new Uint8Array(0);

const noAttributes: ReadonlySet<string> = new Set();

export function inodeOf(image: Image, number: number): Inode {
  const inode = image.inodes.get(number);
  assert(inode !== undefined, `there is no inode ${number}`);
  return inode;
}

export function directoryOf(image: Image, number: number): DirectoryInode {
  const inode = inodeOf(image, number);
  assert(inode.type === "directory", `inode ${number} is not a directory`);
  return inode;
}

/** The group of all simulated processes. */
export const ownGroup = 1000;

/** What a new inode is, apart from what every new inode has. */
export type Seed =
  | { readonly type: "file"; readonly mode: number }
  | { readonly type: "directory"; readonly mode: number; readonly parent: number }
  | { readonly type: "link"; readonly target: string }
  | { readonly type: SpecialInode["type"] };

export function makeInode(
  { number, device, group }: Pick<Inode, "number" | "device" | "group">,
  timeMs: number,
  seed: Seed,
): Inode {
  const common = {
    number,
    device,
    group,
    modifiedMs: timeMs,
    changedMs: timeMs,
    attributes: noAttributes,
  };
  switch (seed.type) {
    case "file":
      return { ...common, ...seed, content: noContent, linkCount: 0 };
    case "directory":
      return { ...common, ...seed, entries: new Map<string, number>() };
    case "link":
      return { ...common, ...seed, mode: 0o777, linkCount: 0 };
    default:
      return { ...common, ...seed, mode: 0o600, linkCount: 0 };
  }
}

/** The inode, as one that may be changed. */
export function editable(image: Image, number: number): Inode {
  const inode = inodeOf(image, number);
  if (image.owned.has(number)) return inode;
  const own =
    inode.type === "directory" ? { ...inode, entries: new Map(inode.entries) } : { ...inode };
  image.inodes.set(number, own);
  image.owned.add(number);
  return own;
}

export function copyImage(image: Image): Image {
  image.owned.clear();
  return { inodes: new Map(image.inodes), owned: new Set() };
}

/** Drops what no entry leads to and counts the links anew, as a file-system check does. */
export function repair(image: Image, roots: Iterable<number>): void {
  const links = countLinks(image, roots);
  for (const [number, inode] of image.inodes) {
    const count = links.get(number);
    if (count === undefined) image.inodes.delete(number);
    else if (inode.type !== "directory" && inode.linkCount !== count) {
      const own = editable(image, number);
      if (own.type !== "directory") own.linkCount = count;
    }
  }
}

function countLinks(image: Image, roots: Iterable<number>): Map<number, number> {
  const links = new Map<number, number>();
  const visit = (number: number): void => {
    const seen = links.get(number) ?? 0;
    links.set(number, seen + 1);
    if (seen > 0) return;
    const inode = inodeOf(image, number);
    if (inode.type === "directory") inode.entries.forEach(visit);
  };
  for (const root of roots) visit(root);
  return links;
}
