/** Walking the tree of a source: what belongs to it, and what is only in the same folder. */
import { compareText, isByProduct, joinPath, TenonError } from "../core/index.ts";
import type { Disk, Status } from "../world/index.ts";

export type TreeItem =
  | { readonly type: "directory"; readonly path: string }
  | { readonly type: "link"; readonly path: string; readonly target: string }
  | {
      readonly type: "file";
      readonly path: string;
      /** The only mode bit that counts, as in git. */
      readonly executable: boolean;
      readonly status: Status;
    };

const versionControl: ReadonlySet<string> = new Set([".git", ".hg", ".svn"]);

/** Neither version control's own data nor by-products are part of a source. */
export function isPartOfSource(path: string, name: string): boolean {
  return !versionControl.has(name) && !isByProduct(path);
}

/**
 * Everything below a folder that passes the filter, parents first, in one order on every machine.
 * Sockets, pipes and devices are passed over: they are not content.
 */
export function listTree(
  disk: Disk,
  root: string,
  belongs: (path: string, name: string) => boolean,
): TreeItem[] {
  const items: TreeItem[] = [];
  const visit = (folder: string): void => {
    for (const { name, type, rawName } of disk.list(absolute(root, folder))) {
      const path = joinPath(folder, name);
      if (!belongs(path, name)) continue;
      if (rawName !== undefined) throw strangeName(absolute(root, path));
      if (type === "link") {
        items.push({ type, path, target: disk.readLink(absolute(root, path)) });
      } else if (type === "directory") {
        items.push({ type, path });
        visit(path);
      } else if (type === "file") {
        const status = disk.status(absolute(root, path));
        if (status === undefined) continue; // it went away between the two looks
        items.push({ type, path, executable: (status.mode & 0o100) !== 0, status });
      }
    }
  };
  visit("");
  return items.sort((a, b) => compareText(a.path, b.path));
}

export function fileModeOf(item: { readonly executable: boolean }): number {
  return item.executable ? 0o755 : 0o644;
}

function absolute(root: string, path: string): string {
  return path === "" ? root : `${root}/${path}`;
}

function strangeName(path: string): TenonError {
  return new TenonError({
    kind: "source",
    code: "SOURCE_NAME_NOT_UTF8",
    message: `the name of ${path} is not valid UTF-8`,
    hints: ["Rename it, or leave it out of the source."],
  });
}
