/**
 * Short names for the layers of views, made once and kept for all builds.
 *
 * Mount options are limited to a page, and a view may have hundreds of layers: it refers to each by a
 * link with a name of four characters. A link says by its name which folder it leads to, so that any
 * process may make it and none has to change it. The views of a large stack have tens of thousands
 * of layers in all; links of their own would be most of the work of their builds.
 */
import { digestOf } from "../core/index.ts";
import { type Disk, exists, isDiskError, makeDirectories } from "../world/index.ts";

const shortest = 4;

/** Names that were made by this process already, by the path of what they lead to. */
const known = new WeakMap<Disk, Map<string, string>>();

/** The names in the folder `links` of links to these folders. */
export function linkLayers(disk: Disk, links: string, trees: readonly string[]): string[] {
  const names = known.get(disk) ?? new Map<string, string>();
  known.set(disk, names);
  return trees.map((tree) => {
    const key = `${links}\0${tree}`;
    const name = names.get(key) ?? makeName(disk, links, tree);
    names.set(key, name);
    return name;
  });
}

function makeName(disk: Disk, links: string, tree: string): string {
  makeDirectories(disk, links);
  const characters = Buffer.from(digestOf(tree), "hex").toString("base64url");
  for (let length = shortest; ; length += 1) {
    const name = characters.slice(0, length);
    if (leadsTo(disk, `${links}/${name}`, tree)) return name;
  }
}

/** Makes the link if its place is free. */
function leadsTo(disk: Disk, link: string, tree: string): boolean {
  try {
    disk.makeLink(link, tree);
    return true;
  } catch (error) {
    if (!isDiskError(error, "EEXIST")) throw error;
    return disk.readLink(link) === tree;
  }
}

/** A layer that holds nothing but an empty folder, in which something is to be mounted. */
export function emptyLayer(disk: Disk, links: string, folder: string): string {
  const layer = `${links}/.empty/${digestOf(folder).slice(0, 16)}`;
  if (!exists(disk, `${layer}/${folder}`)) makeDirectories(disk, `${layer}/${folder}`);
  return layer;
}
