/**
 * The files that a package's source in the tree consists of. Projects of a checkout share theirs: a link to
 * `src/sage` stands in each of their folders, and MANIFEST.in says what each has of it.
 */
import { isWithin } from "../core/index.ts";
import { type Disk, readTextIfAny } from "../world/index.ts";
import { selectFiles } from "./source-manifest.ts";

/** Absolute. A folder that many lead to is listed once. */
export type ListSource = (folder: string) => readonly string[];

/** Of a checkout with this root, as it is when a folder is first asked for. */
export function sourceLister(disk: Disk, root: string): ListSource {
  const known = new Map<string, Listing>();
  const listOnce = (folder: string): Listing => {
    const listing = known.get(folder) ?? list(disk, folder);
    known.set(folder, listing);
    return listing;
  };
  return (folder) => {
    const { files, links } = listOnce(folder);
    const manifest = readTextIfAny(disk, `${folder}/MANIFEST.in`) ?? "";
    const isOwn = (target: string): boolean => isWithin(target, root) && !isWithin(folder, target);
    const shared = links.flatMap(({ path, target }) => {
      if (!isOwn(target)) return [];
      const below = listOnce(target).files;
      const chosen = selectFiles(
        manifest,
        below.map((file) => `${path}/${file}`),
      );
      return chosen.map((file) => `${target}${file.slice(path.length)}`);
    });
    return [...files.map((file) => `${folder}/${file}`), ...shared];
  };
}

interface Listing {
  /** Relative to the folder, as all paths here. Links to files count by what they lead to. */
  readonly files: readonly string[];
  /** To folders; `target` is absolute. */
  readonly links: readonly { readonly path: string; readonly target: string }[];
}

function list(disk: Disk, folder: string): Listing {
  const files: string[] = [];
  const links: { path: string; target: string }[] = [];
  const visit = (below: string): void => {
    for (const { name, type, rawName } of disk.list(`${folder}/${below}`)) {
      if (rawName !== undefined || isGenerated(name)) continue;
      const path = `${below}${name}`;
      if (type === "directory") {
        visit(`${path}/`);
        continue;
      }
      const target = disk.statusOfTarget(`${folder}/${path}`)?.type;
      if (target === "file") files.push(path);
      if (target === "directory") links.push({ path, target: disk.realPath(`${folder}/${path}`) });
    }
  };
  visit("");
  return { files, links };
}

/** What a build in the source's own folder leaves there. */
function isGenerated(name: string): boolean {
  return /^(__pycache__|build|dist|.*\.egg-info|.*\.pyc)$/.test(name);
}
