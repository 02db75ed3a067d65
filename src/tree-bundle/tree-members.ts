/** The members of a tree's archive: what was staged, as it is, and further files that come with it. */
import { type Digest, parentOf, startDigest, TenonError } from "../core/index.ts";
import { archiveEnd, memberHead, memberTail } from "../bundle/index.ts";
import type { Disk } from "../world/index.ts";
import type { Staged } from "./stage-tree.ts";

export interface AddedFile {
  readonly path: string;
  readonly content: Uint8Array;
  readonly mode: number;
}

export interface TreeToPack {
  readonly disk: Disk;
  readonly root: string;
  readonly staged: readonly Staged[];
  readonly digests: ReadonlyMap<string, Digest>;
  readonly added: readonly AddedFile[];
  /** The folder of the archive that has all of it. */
  readonly top: string;
}

/** The bytes of the members, without the end of the archive. */
export function* treeMembers(tree: TreeToPack): Generator<Uint8Array> {
  const { disk, root, staged, digests, added, top } = tree;
  yield memberHead({ type: "directory", path: top, mode: 0o755 });
  for (const each of staged) {
    const member = { ...each, path: `${top}/${each.path}` };
    yield memberHead(member);
    if (each.type !== "file") continue;
    const digest = startDigest();
    for (const chunk of disk.readChunks(`${root}/${each.path}`)) {
      digest.update(chunk);
      yield chunk;
    }
    if (digest.digest() !== digests.get(each.path)) throw changed(`${root}/${each.path}`);
    yield memberTail(each.sizeBytes);
  }
  const folders = new Set(staged.flatMap(({ type, path }) => (type === "directory" ? [path] : [])));
  for (const { path, content, mode } of added) {
    for (const folder of missingFolders(path, folders))
      yield memberHead({ type: "directory", path: `${top}/${folder}`, mode: 0o755 });
    yield memberHead({ type: "file", path: `${top}/${path}`, mode, sizeBytes: content.length });
    yield content;
    yield memberTail(content.length);
  }
}

/** A whole archive. */
export function* treeArchive(tree: TreeToPack): Generator<Uint8Array> {
  yield* treeMembers(tree);
  yield archiveEnd;
}

/** The outermost first. */
function missingFolders(path: string, known: Set<string>): string[] {
  const folder = parentOf(path);
  if (folder === "" || known.has(folder)) return [];
  const above = missingFolders(folder, known);
  known.add(folder);
  return [...above, folder];
}

function changed(file: string): TenonError {
  return new TenonError({
    kind: "conflict",
    code: "CHANGED_MEANWHILE",
    message: `${file} was changed while it was bundled; nothing was written`,
    hints: ["Run this command again when nothing builds there."],
  });
}
