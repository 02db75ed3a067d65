/** Entries of several manifests, as one tree that can be walked from the top. */
import {
  compareText,
  type Entry,
  firstWhere,
  joinPath,
  type Manifest,
  sameEntry,
} from "../core/index.ts";

export interface EntryTree {
  get(path: string): Entry | undefined;
  /** The names directly below a directory, sorted; the empty path is the root. */
  namesIn(directory: string): readonly string[];
}

interface Node {
  entry?: Entry;
  /** Where manifests list something below it. */
  readonly ranges: Range[];
  /** Made when something below is asked for: most of a tree comes in whole. */
  children?: Map<string, Node>;
  names?: readonly string[];
}

/** A part of a manifest, which is sorted by path. */
interface Range {
  readonly manifest: Manifest;
  readonly from: number;
  readonly to: number;
}

/** Where two manifests list a path (a shared directory), the first one's entry counts. */
export function makeEntryTree(manifests: Iterable<Manifest>): EntryTree {
  const root: Node = { ranges: [] };
  for (const manifest of manifests) root.ranges.push({ manifest, from: 0, to: manifest.length });
  const find = (path: string): Node | undefined => {
    let node: Node | undefined = root;
    for (let start = 0; start < path.length && node !== undefined;) {
      const slash = path.indexOf("/", start);
      const end = slash < 0 ? path.length : slash;
      node = childrenOf(node, start).get(path.slice(start, end));
      start = end + 1;
    }
    return node;
  };
  return {
    get: (path) => (path === "" ? undefined : find(path)?.entry),
    namesIn: (directory) => {
      const node = find(directory);
      if (node === undefined) return [];
      const start = directory === "" ? 0 : directory.length + 1;
      node.names ??= [...childrenOf(node, start)]
        .flatMap(([name, { entry }]) => (entry === undefined ? [] : [name]))
        .sort(compareText);
      return node.names;
    },
  };
}

/** `start` is where the names of the children begin in their paths. */
function childrenOf(node: Node, start: number): Map<string, Node> {
  if (node.children !== undefined) return node.children;
  const children = new Map<string, Node>();
  node.children = children;
  const child = (name: string): Node => {
    const known = children.get(name) ?? { ranges: [] };
    children.set(name, known);
    return known;
  };
  for (const { manifest, from, to } of node.ranges) {
    for (let at = from; at < to;) {
      const entry = manifest[at];
      if (entry === undefined) break;
      const { path } = entry;
      const slash = path.indexOf("/", start);
      if (slash < 0) {
        child(path.slice(start)).entry ??= entry;
        at += 1;
      } else {
        const end = firstAfter(manifest, `${path.slice(0, slash)}/`, { from: at, to });
        child(path.slice(start, slash)).ranges.push({ manifest, from: at, to: end });
        at = end;
      }
    }
  }
  return children;
}

/** The first entry that does not begin so; the one at `from` does. */
function firstAfter(
  manifest: Manifest,
  beginning: string,
  { from, to }: { from: number; to: number },
): number {
  return firstWhere({ from, to }, (at) => !manifest[at]?.path.startsWith(beginning));
}

/** Whether two trees have the same entries below a path that is a directory in both. */
export function sameBelow(a: EntryTree, b: EntryTree, directory: string): boolean {
  const names = a.namesIn(directory);
  const others = b.namesIn(directory);
  if (names.length !== others.length) return false;
  return names.every((name, index) => {
    if (name !== others[index]) return false;
    const path = directory === "" ? name : `${directory}/${name}`;
    const first = a.get(path);
    const second = b.get(path);
    if (first === undefined || second === undefined || !sameEntry(first, second)) return false;
    return first.type !== "directory" || sameBelow(a, b, path);
  });
}

/** Whether there is no file below that could mark it. */
export function isHollow(tree: EntryTree, directory: string): boolean {
  return tree.namesIn(directory).every((name) => {
    const path = joinPath(directory, name);
    return tree.get(path)?.type === "directory" && isHollow(tree, path);
  });
}
