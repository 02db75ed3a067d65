/** Removing a file or a tree from a stage, and counting the files. */
import { type Disk, removeTree } from "../world/index.ts";

export function removeCounted(disk: Disk, path: string): number {
  const count = countFiles(disk, path);
  removeTree(disk, path);
  return count;
}

function countFiles(disk: Disk, path: string): number {
  const status = disk.status(path);
  if (status?.type !== "directory") return status === undefined ? 0 : 1;
  if ((status.mode & 0o500) !== 0o500) disk.setMode(path, status.mode | 0o700);
  return disk
    .list(path)
    .reduce((count, { name }) => count + countFiles(disk, `${path}/${name}`), 0);
}
