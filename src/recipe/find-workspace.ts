/** Finds the workspace that a folder belongs to. */
import { dirname } from "node:path";
import type { Disk } from "../world/index.ts";

export const workspaceFileName = "tenon.toml";

/** The nearest folder, from `from` (absolute) upward, that holds a tenon.toml. */
export function findWorkspace(disk: Disk, from: string): string | undefined {
  for (let folder = from; ; folder = dirname(folder)) {
    const file = folder === "/" ? `/${workspaceFileName}` : `${folder}/${workspaceFileName}`;
    if (disk.statusOfTarget(file)?.type === "file") return folder;
    if (folder === dirname(folder)) return undefined;
  }
}
