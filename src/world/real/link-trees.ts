/** Hard links of whole trees, by several threads. */
import type { LinkedFile, TreeToLink } from "../disk.ts";
import { type Calls, makeTrees, type MakeFile, startThread, type Threads } from "./tree-threads.ts";

/** Below so many entries a thread takes longer to start than they do. */
const entriesForThread = 2_000;
/** The order of a link's results; its text is written out in `makeLink`. */
const fields = ["linkCount", "sizeBytes", "modifiedMs", "mode", "isFile"] as const;

export function linkTrees(
  trees: readonly TreeToLink[],
  threads: Threads = { start: startThread, silenceMs: 5_000 },
): (LinkedFile | undefined)[][] {
  let entries = 0;
  for (const { files, directories } of trees) entries += files.length + directories.length;
  const most = Math.floor(entries / entriesForThread);
  const results = makeTrees(trees, { makeFile: makeLink, fields: fields.length, most }, threads);
  return results.map((files) => files.map(linkOf));
}

/** As `MakeFile` says, its text is all that a thread has of it. */
function makeLink(
  { existsSync, linkSync, lstatSync }: Calls,
  { from, to }: TreeToLink,
  path: string,
  { result, isAnew }: Parameters<MakeFile<TreeToLink>>[3],
): void {
  if (!isAnew || !existsSync(`${to}/${path}`)) linkSync(`${from}/${path}`, `${to}/${path}`);
  const { nlink, size, mtimeMs, mode } = lstatSync(`${to}/${path}`);
  result(0, nlink);
  result(1, size);
  result(2, mtimeMs);
  result(3, mode & 0o7777);
  result(4, (mode & 0o170000) === 0o100000 ? 1 : 0);
}

function linkOf(results: Float64Array): LinkedFile | undefined {
  const [linkCount = 0, sizeBytes = 0, modifiedMs = 0, mode = 0, isFile] = results;
  if (linkCount === 0) return undefined;
  return { linkCount, sizeBytes, modifiedMs, mode, isFile: isFile === 1 };
}
