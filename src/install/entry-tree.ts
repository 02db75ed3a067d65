/** Entries of several manifests, as one tree that can be walked from the top. */
import { compareText, type Entry, type Manifest, nameOf, parentOf } from "../core/index.ts";

export interface EntryTree {
  get(path: string): Entry | undefined;
  /** The names directly below a directory, sorted; the empty path is the root. */
  namesIn(directory: string): readonly string[];
}

/** Where two manifests list a path (a shared directory), the first one's entry counts. */
export function makeEntryTree(manifests: Iterable<Manifest>): EntryTree {
  const entries = new Map<string, Entry>();
  const names = new Map<string, string[]>();
  for (const manifest of manifests) {
    for (const entry of manifest) {
      if (entries.has(entry.path)) continue;
      entries.set(entry.path, entry);
      const parent = parentOf(entry.path);
      const siblings = names.get(parent);
      if (siblings === undefined) names.set(parent, [nameOf(entry.path)]);
      else siblings.push(nameOf(entry.path));
    }
  }
  for (const siblings of names.values()) siblings.sort(compareText);
  return { get: (path) => entries.get(path), namesIn: (directory) => names.get(directory) ?? [] };
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

export function sameEntry(a: Entry, b: Entry): boolean {
  switch (a.type) {
    case "directory":
      return b.type === "directory";
    case "link":
      return b.type === "link" && a.target === b.target;
    case "file":
      return b.type === "file" && a.sha256 === b.sha256 && a.mode === b.mode;
  }
}
