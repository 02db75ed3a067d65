/** Whole trees of hard links and of copies, made one file after the other. */
import {
  type CopyKind,
  type Disk,
  isDiskError,
  type LinkedFile,
  type TreeToCopy,
  type TreeToLink,
} from "./disk.ts";

export function linkTreesInTurn(
  disk: Pick<Disk, "makeDirectory" | "hardLink" | "status">,
  trees: readonly TreeToLink[],
): (LinkedFile | undefined)[][] {
  return trees.map((tree) => {
    makeFolders(disk, tree);
    return tree.files.map((path) => link(disk, `${tree.from}/${path}`, `${tree.to}/${path}`));
  });
}

export function copyTreesInTurn(
  disk: Pick<Disk, "makeDirectory" | "copyChecked">,
  trees: readonly TreeToCopy[],
): (CopyKind | undefined)[][] {
  return trees.map((tree) => {
    makeFolders(disk, tree);
    return tree.files.map((file) => copy(disk, tree, file));
  });
}

function makeFolders(
  disk: Pick<Disk, "makeDirectory">,
  { to, directories }: Pick<TreeToLink, "to" | "directories">,
): void {
  for (const { path, mode } of directories) disk.makeDirectory(`${to}/${path}`, mode);
}

function link(
  disk: Pick<Disk, "hardLink" | "status">,
  from: string,
  to: string,
): LinkedFile | undefined {
  try {
    disk.hardLink(from, to);
  } catch (error) {
    if (isDiskError(error)) return undefined;
    throw error;
  }
  const status = disk.status(to);
  return status === undefined ? undefined : { ...status, isFile: status.type === "file" };
}

function copy(
  disk: Pick<Disk, "copyChecked">,
  { from, to, share }: TreeToCopy,
  { path, sha256, mode }: TreeToCopy["files"][number],
): CopyKind | undefined {
  try {
    const copied = disk.copyChecked(`${from}/${path}`, `${to}/${path}`, { share });
    if (copied.mode !== mode) return undefined;
    if (copied.sha256 === undefined) return "shared";
    return copied.sha256 === sha256 ? "copied" : undefined;
  } catch (error) {
    if (isDiskError(error)) return undefined;
    throw error;
  }
}
