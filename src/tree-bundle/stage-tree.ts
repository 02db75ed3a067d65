/** What a bundle has of a tree: folders, also empty ones, files and links, with their modes and their times to the nanosecond. */
import { posix } from "node:path";
import { joinPath, parentOf, TenonError } from "../core/index.ts";
import { relatedTarget } from "../stage/index.ts";
import type { Disk, Status } from "../world/index.ts";

interface Timed {
  /** Relative to the tree. */
  readonly path: string;
  readonly modifiedNs: bigint;
}

export interface StagedFile extends Timed {
  readonly type: "file";
  readonly mode: number;
  readonly sizeBytes: number;
}

export type Staged =
  | StagedFile
  | (Timed & { readonly type: "directory"; readonly mode: number })
  | (Timed & { readonly type: "link"; readonly target: string });

interface Walk {
  readonly disk: Disk;
  readonly root: string;
  readonly isTaken: (path: string) => boolean;
  readonly staged: Staged[];
  readonly refused: string[];
}

/** Folders come before what is in them. A folder comes along where it is taken, or something in it is. */
export function stageTree(
  disk: Disk,
  root: string,
  isTaken: (path: string) => boolean,
): readonly Staged[] {
  const walk: Walk = { disk, root, isTaken, staged: [], refused: [] };
  visit(walk, "");
  if (walk.refused.length > 0) throw refusal(walk.refused);
  return walk.staged;
}

function visit(walk: Walk, folder: string): void {
  const { disk, root, isTaken, staged } = walk;
  for (const { name, rawName } of disk.list(folder === "" ? root : `${root}/${folder}`)) {
    const path = joinPath(folder, name);
    const status = rawName === undefined ? disk.status(`${root}/${path}`) : undefined;
    if (status?.type === "directory") {
      const { mode, modifiedNs } = status;
      const at = staged.push({ type: "directory", path, mode, modifiedNs });
      visit(walk, path);
      if (staged.length === at && !isTaken(path)) staged.pop();
    } else if (isTaken(path)) take(walk, path, status);
  }
}

function take({ disk, root, staged, refused }: Walk, path: string, status?: Status): void {
  if (status?.type === "file") {
    const { mode, sizeBytes, modifiedNs } = status;
    staged.push({ type: "file", path, mode, sizeBytes, modifiedNs });
  } else if (status?.type === "link") {
    const target = targetOf(path, disk.readLink(`${root}/${path}`), root);
    staged.push({ type: "link", path, target, modifiedNs: status.modifiedNs });
  } else refused.push(`${root}/${path}: ${status?.type ?? "its name is not UTF-8"}`);
}

/** Within the tree from where the link is; out of the tree by the whole path. */
function targetOf(path: string, target: string, root: string): string {
  if (target.startsWith("/"))
    return relatedTarget({ path, target }, { prefixes: [root] }) ?? target;
  const inside = posix.normalize(joinPath(parentOf(path), target));
  return inside === ".." || inside.startsWith("../") ? posix.join(root, inside) : target;
}

function refusal(refused: readonly string[]): TenonError {
  return new TenonError({
    kind: "recipe",
    code: "CANNOT_BE_STAGED",
    message: ["only files, folders and links can be bundled, so nothing was written:", ...refused],
    hints: ["Remove them, or leave them out with a pattern `exclude`."],
  });
}
