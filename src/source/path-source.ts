/** Sources in local folders: their digest and their copy cover the same files in the same way. */
import {
  type Digest,
  digestOfManifest,
  type Entry,
  makeManifest,
  TenonError,
} from "../core/index.ts";
import type { PathSource } from "../recipe/index.ts";
import type { SourceContext } from "./context.ts";
import { named, type SourceSubject } from "./failures.ts";
import { openPathCache } from "./path-cache.ts";
import { isPartOfSource, listTree, fileModeOf, type TreeItem } from "./tree.ts";

interface PathRequest extends SourceSubject {
  readonly source: PathSource;
}

interface PathTree {
  /** The folder that the items' paths begin at. */
  readonly root: string;
  /** The folder or the single file itself. */
  readonly covers: string;
  readonly items: readonly TreeItem[];
}

/** What belongs to the source; of a single file, a tree of that file alone. */
export function readPathTree(context: SourceContext, request: PathRequest): PathTree {
  const { disk } = context.world;
  const { path } = request.source;
  const status = disk.statusOfTarget(path);
  if (status?.type === "directory") {
    const root = disk.realPath(path);
    return { root, covers: root, items: listTree(disk, root, isPartOfSource) };
  }
  if (status?.type !== "file") throw missing(request);
  const at = path.lastIndexOf("/");
  const executable = (status.mode & 0o100) !== 0;
  const items = [{ type: "file", path: path.slice(at + 1), executable, status }] as const;
  return { root: path.slice(0, at), covers: path, items };
}

export function isSingleFile(context: SourceContext, source: PathSource): boolean {
  return context.world.disk.statusOfTarget(source.path)?.type === "file";
}

/** Covers paths, contents, execute bits and link targets; not where the folder is (I8). */
export function digestPath(context: SourceContext, request: PathRequest): Digest {
  const { root, covers, items } = readPathTree(context, request);
  const cache = openPathCache(context);
  const seen = new Set<string>();
  const entries = items.map((item): Entry => {
    if (item.type === "directory") return { type: item.type, path: item.path, mode: 0o755 };
    if (item.type === "link") return item;
    const path = `${root}/${item.path}`;
    seen.add(path);
    const { sizeBytes } = item.status;
    const sha256 = cache.digestOf(path, item.status);
    return { type: "file", path: item.path, mode: fileModeOf(item), sizeBytes, sha256 };
  });
  cache.close(covers, seen);
  return digestOfManifest(makeManifest(entries));
}

/** Copies into an existing empty folder; modes become 644 and 755, times stay. */
export function copyPath(context: SourceContext, request: PathRequest, directory: string): void {
  const { disk } = context.world;
  const { root, items } = readPathTree(context, request);
  for (const item of items) {
    const destination = `${directory}/${item.path}`;
    if (item.type === "directory") disk.makeDirectory(destination);
    else if (item.type === "link") disk.makeLink(destination, item.target);
    else {
      disk.copyFile(`${root}/${item.path}`, destination);
      if (item.status.mode !== fileModeOf(item)) disk.setMode(destination, fileModeOf(item));
    }
  }
}

function missing(request: PathRequest): TenonError {
  return new TenonError({
    kind: "source",
    code: "SOURCE_MISSING",
    message: `${named(request)}: there is no file or folder ${request.source.path}`,
    hints: ["`path` in a recipe is relative to the recipe's file."],
  });
}
