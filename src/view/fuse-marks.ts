/** What fuse-overlayfs leaves in an upper layer where it may not make devices: marks by name. */
import { joinPath } from "../core/index.ts";
import type { Disk } from "../world/index.ts";

interface FuseMarks {
  readonly deleted: readonly string[];
  readonly opaque: readonly string[];
}

/** `.wh.NAME` stands for a removed NAME, this for a folder that hides what is below it. */
const opaqueMark = ".wh..wh..opq";
const deletedMark = ".wh.";

/** Removes the marks and tells what they meant, as paths relative to the stage. */
export function removeFuseMarks(disk: Disk, stage: string): FuseMarks {
  const deleted: string[] = [];
  const opaque: string[] = [];
  const visit = (folder: string): void => {
    for (const { name, type } of disk.list(`${stage}/${folder}`)) {
      const path = joinPath(folder, name);
      const place = `${stage}/${path}`;
      if (name.startsWith(deletedMark) && type !== "directory") {
        disk.removeFile(place);
        if (name === opaqueMark) opaque.push(folder);
        else deleted.push(joinPath(folder, name.slice(deletedMark.length)));
        continue;
      }
      for (const attribute of disk.attributes(place)) {
        if (attribute.startsWith("user.fuseoverlayfs.")) disk.removeAttribute(place, attribute);
      }
      if (type === "directory") visit(path);
    }
  };
  visit("");
  return { deleted, opaque };
}
