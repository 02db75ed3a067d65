/** The extended attributes that an overlay leaves on its upper layer (kernel: overlayfs). */
import type { Disk } from "../world/index.ts";

export interface OverlayMarks {
  /** The folder hides what lower layers have in it. */
  readonly isOpaque: boolean;
  /** Content or former place are in a lower layer only. */
  readonly isIncomplete: boolean;
}

/** Removes the overlay's attributes of one entry and tells what they meant. */
export function cleanAttributes(disk: Disk, path: string): OverlayMarks {
  const marks = { isOpaque: false, isIncomplete: false };
  for (const name of disk.attributes(path)) {
    const [, mark] = /^(?:user|trusted)\.overlay\.(.+)$/.exec(name) ?? [];
    if (mark === undefined) continue;
    if (mark === "opaque") marks.isOpaque = true;
    if (mark === "redirect" || mark === "metacopy") marks.isIncomplete = true;
    disk.removeAttribute(path, name);
  }
  return marks;
}
