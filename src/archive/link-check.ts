/** Whether a symlink leads out of its tree, when all symlinks on the way are followed. */

const hopLimit = 40;

/**
 * Resolves as the kernel does, in memory: `..` after a link goes up from where the link leads, so
 * that the text of one target alone cannot tell. `floor` names on top of every path are the tree's
 * root and may not be left. A loop leads nowhere, so not out.
 */
export function escapes(link: string, links: ReadonlyMap<string, string>, floor: number): boolean {
  const place = link.split("/").slice(0, -1);
  const ahead = [link.slice(link.lastIndexOf("/") + 1)];
  for (let hops = 0; ahead.length > 0;) {
    const name = ahead.shift();
    if (name === undefined || name === "" || name === ".") continue;
    if (name === "..") {
      if (place.length <= floor) return true;
      place.pop();
      continue;
    }
    place.push(name);
    const target = links.get(place.join("/"));
    if (target === undefined) continue;
    if (target.startsWith("/")) return true;
    hops += 1;
    if (hops > hopLimit) return false;
    place.pop();
    ahead.unshift(...target.split("/"));
  }
  return false;
}
