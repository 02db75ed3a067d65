/** What is mounted where: the lines of /proc/self/mountinfo, see proc(5). */
import { isWithin } from "../core/index.ts";
import type { Disk } from "./disk.ts";
import { readTextIfAny } from "./files.ts";

interface MountedPlace {
  readonly id: string;
  /** The id of what it is mounted on. */
  readonly parent: string;
  readonly place: string;
  /** Of this mount, not of its file system: `ro,nosuid`. */
  readonly options: string;
  readonly type: string;
}

/** Everything that is mounted as this process sees it; nothing where the machine does not say. */
function mountsHere(disk: Disk): MountedPlace[] {
  return readMounts(readTextIfAny(disk, "/proc/self/mountinfo") ?? "");
}

/** The type of the file system that holds an existing path: `ext4`, `overlay`. Undefined when it is not known. */
export function fileSystemOf(disk: Disk, path: string): string | undefined {
  const real = disk.realPath(path);
  const holders = mountsHere(disk).filter(({ place }) => place === "/" || isWithin(real, place));
  const longest = Math.max(...holders.map(({ place }) => place.length));
  return holders.findLast(({ place }) => place.length === longest)?.type;
}

export function readMounts(text: string): MountedPlace[] {
  return text
    .split("\n")
    .filter((line) => line.includes(" - "))
    .map((line) => {
      const [front = "", back = ""] = line.split(" - ");
      const [id = "", parent = "", , , place = "", options = ""] = front.split(" ");
      const type = back.split(" ")[0] ?? "";
      return { id, parent, place: unescapeField(place), options, type };
    });
}

/** Without those that others cover: no path leads into them. */
export function reachableMounts(mounts: readonly MountedPlace[]): MountedPlace[] {
  const byId = new Map(mounts.map((mount) => [mount.id, mount]));
  const isHidden = (mount: MountedPlace): boolean =>
    mounts.some(({ parent, place }) => parent === mount.id && place === mount.place) ||
    isOffTheWay(mount);
  /** Something is mounted above it on what it is mounted on; or that is itself off the way. */
  const isOffTheWay = (mount: MountedPlace): boolean => {
    const parent = byId.get(mount.parent);
    if (parent === undefined || parent === mount) return false;
    const isCovered = mounts.some(
      (other) => other.parent === parent.id && isAbove(other.place, mount.place),
    );
    return isCovered || isOffTheWay(parent);
  };
  return mounts.filter((mount) => !isHidden(mount));
}

function isAbove(folder: string, path: string): boolean {
  return folder !== path && (folder === "/" || path.startsWith(`${folder}/`));
}

function unescapeField(text: string): string {
  return text.replace(/\\([0-7]{3})/g, (_whole, digits) =>
    String.fromCharCode(Number.parseInt(String(digits), 8)),
  );
}
