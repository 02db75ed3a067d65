/** Hard links of whole trees, made one after the other. */
import { type Disk, isDiskError, type LinkedFile, type TreeToLink } from "./disk.ts";

export function linkTreesInTurn(
  disk: Pick<Disk, "makeDirectory" | "hardLink" | "status">,
  trees: readonly TreeToLink[],
): (LinkedFile | undefined)[][] {
  return trees.map(({ from, to, directories, files }) => {
    for (const { path, mode } of directories) disk.makeDirectory(`${to}/${path}`, mode);
    return files.map((path) => link(disk, `${from}/${path}`, `${to}/${path}`));
  });
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
