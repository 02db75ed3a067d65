/** The extended attributes that an overlay leaves on its upper layer (kernel: overlayfs). */
import type { Disk } from "../world/index.ts";

interface OverlayMarks {
  /** The folder hides what lower layers have in it. */
  readonly isOpaque: boolean;
  /** Content or former place are in a lower layer only. */
  readonly isIncomplete: boolean;
  /** The names of its attributes that are not the overlay's. */
  readonly others: readonly string[];
}

/** Removes the overlay's attributes of one entry and tells what they meant. */
export function cleanAttributes(disk: Disk, path: string): OverlayMarks {
  const marks = { isOpaque: false, isIncomplete: false, others: [] as string[] };
  for (const name of disk.attributes(path)) {
    const [, mark] = /^(?:user|trusted)\.overlay\.(.+)$/.exec(name) ?? [];
    if (mark === undefined) {
      marks.others.push(name);
      continue;
    }
    if (mark === "opaque") marks.isOpaque = true;
    if (mark === "redirect" || mark === "metacopy") marks.isIncomplete = true;
    disk.removeAttribute(path, name);
  }
  return marks;
}
