/** Paths that no system call would take are refused before anything is touched. */
import { nameOf, TenonError } from "../core/index.ts";
import type { PrefixLayout } from "../prefix/index.ts";
import type { PlacedPackage } from "./linked-directories.ts";
import { workplaceOf } from "./workplace.ts";

/** PATH_MAX without the byte that ends a path. */
const longestPathBytes = 4095;
const mostBytesOfUnit = 3;

/** A file's longest path is the one in the transaction's own folder. */
export function refuseTooLong(layout: PrefixLayout, packages: readonly PlacedPackage[]): void {
  const folder = workplaceOf(layout, "20000101T000000Z-0123456789abcdef").incoming;
  const room = longestPathBytes - Buffer.byteLength(`${folder}/`);
  for (const { incoming, manifest } of packages) {
    for (const { path } of manifest) {
      if (path.length * mostBytesOfUnit <= room || Buffer.byteLength(path) <= room) continue;
      throw tooLong(layout, incoming.name, path, room);
    }
  }
}

const shownStart = 60;

function tooLong({ prefix }: PrefixLayout, name: string, path: string, room: number): TenonError {
  return new TenonError({
    kind: "usage",
    code: "PATH_TOO_LONG",
    message: `${path.slice(0, shownStart)}…/${nameOf(path)} of ${name} has ${Buffer.byteLength(path)} bytes, and there is room for ${room} in ${prefix}; nothing was changed`,
    hints: ["Choose a prefix whose path is shorter, or leave the file out of the stage."],
  });
}
