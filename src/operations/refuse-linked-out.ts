/** A folder of the prefix that somebody has replaced by a link to one elsewhere: tenon changes nothing there. */
import { isWithin, typedWord, TenonError } from "../core/index.ts";
import type { Conflict } from "../install/index.ts";
import type { PrefixLayout } from "../prefix/index.ts";
import { type Disk, isDiskError } from "../world/index.ts";

/** Of the conflicts with what nobody owns, the first that is such a link. Throws a TenonError. */
export function refuseLinkedOut(
  disk: Disk,
  { prefix }: PrefixLayout,
  conflicts: readonly Conflict[],
): void {
  for (const { kind, path, package: name } of conflicts) {
    const link = `${prefix}/${path}`;
    const folder = kind === "foreign" ? leadsTo(disk, link) : undefined;
    if (folder === undefined || isWithin(folder, prefix)) continue;
    throw new TenonError({
      kind: "conflict",
      code: "LINK_LEADS_OUT",
      message: `${prefix} is unchanged: ${path}, into which ${name} installs, is a symbolic link to ${folder}, and tenon changes nothing outside of the prefix`,
      hints: [
        `Make it a folder of the prefix, with what is there, \`rm ${typedWord(link)} && cp -a ${typedWord(folder)} ${typedWord(link)}\`, then run this again.`,
      ],
    });
  }
}

/** The folder that a link leads to. */
function leadsTo(disk: Disk, path: string): string | undefined {
  try {
    const isLink = disk.status(path)?.type === "link";
    const isFolder = isLink && disk.statusOfTarget(path)?.type === "directory";
    return isFolder ? disk.realPath(path) : undefined;
  } catch (error) {
    if (isDiskError(error, "ELOOP", "EACCES")) return undefined;
    throw error;
  }
}
