/** What no package owns comes along, too: as it is, or with the new path in it where a search could put that. */
import {
  digestOf,
  type FileEntry,
  joinPath,
  type LinkEntry,
  nameOf,
  parentOf,
  TenonError,
} from "../../core/index.ts";
import { linkOrCopy } from "../../install/index.ts";
import type { LinkMode } from "../../recipe/index.ts";
import { isRecordPath } from "../../relocation/index.ts";
import { reachedFromElsewhere, relatedTarget } from "../../stage/index.ts";
import { renewRecord } from "../../wheel/index.ts";
import { type Disk, makeDirectories, readText, removeTree, type World } from "../../world/index.ts";
import { type FileSearch, type LeftPlace, openSearch, type SearchedTree } from "./rename-file.ts";

export interface Brought {
  /** Files, links and others. */
  readonly count: number;
  /** Of them, those that name the new path now. */
  readonly renamed: number;
  readonly left: readonly LeftPlace[];
}

interface ForeignTree {
  readonly world: World;
  readonly tree: SearchedTree;
  /** Where it comes, absolute: the folders of the packages are there. Absent for a rehearsal. */
  readonly to?: string;
  readonly link: LinkMode;
}

interface Bringing extends ForeignTree {
  readonly files: FileSearch;
  /** Files that are reached by names in other folders. */
  readonly elsewhere: ReadonlySet<string>;
  readonly changed: FileEntry[];
  readonly records: string[];
  readonly left: LeftPlace[];
  renamed: number;
  count: number;
}

/** `paths` are the topmost ones, relative to the tree. Bytecode in `__pycache__` is left behind: Python makes it anew. */
export async function bringForeign(
  foreign: ForeignTree,
  paths: readonly string[],
): Promise<Brought> {
  const { world, tree, to } = foreign;
  const bringing: Bringing = {
    ...foreign,
    files: openSearch(world, tree),
    elsewhere: reachedFromElsewhere(
      paths.flatMap((path) => linksBelow(world.disk, tree.root, path)),
    ),
    changed: [],
    records: [],
    left: [],
    renamed: 0,
    count: 0,
  };
  for (const path of paths) {
    if (to !== undefined) makeDirectories(world.disk, joinRoot(to, parentOf(path)));
    await bring(bringing, path);
  }
  if (to !== undefined) renewLists(bringing, to);
  const { count, renamed, left } = bringing;
  return { count, renamed, left };
}

async function bring(bringing: Bringing, path: string): Promise<void> {
  const { world, tree, to } = bringing;
  const { disk } = world;
  const from = `${tree.root}/${path}`;
  const status = disk.status(from);
  if (status === undefined || nameOf(path) === "__pycache__") return;
  if (status.type === "directory") {
    const items = disk.list(from);
    if (items.some(({ rawName }) => rawName !== undefined)) throw unnameable(from);
    if (to !== undefined) disk.makeDirectory(`${to}/${path}`, status.mode | 0o700);
    for (const { name } of items) await bring(bringing, joinPath(path, name));
    if (to !== undefined) disk.setMode(`${to}/${path}`, status.mode);
    return;
  }
  bringing.count += 1;
  if (status.type === "link") bringLink(bringing, path);
  else if (status.type === "file") await bringFile(bringing, path, status);
  else if (to !== undefined) disk.hardLink(from, `${to}/${path}`);
}

function linksBelow(disk: Disk, root: string, path: string): LinkEntry[] {
  const place = `${root}/${path}`;
  const type = disk.status(place)?.type;
  if (type === "link") return [{ type, path, target: disk.readLink(place) }];
  if (type !== "directory") return [];
  return disk.list(place).flatMap(({ name }) => linksBelow(disk, root, joinPath(path, name)));
}

function bringLink(bringing: Bringing, path: string): void {
  const { world, tree, to } = bringing;
  const { disk } = world;
  const target = disk.readLink(`${tree.root}/${path}`);
  const related = relatedTarget({ path, target }, { prefixes: [tree.from] });
  if (related !== undefined) bringing.renamed += 1;
  if (to !== undefined) disk.makeLink(`${to}/${path}`, related ?? target);
}

async function bringFile(
  bringing: Bringing,
  path: string,
  { mode, modifiedMs }: { readonly mode: number; readonly modifiedMs: number },
): Promise<void> {
  const { world, tree, to, link } = bringing;
  const { disk } = world;
  const { content, left } = await bringing.files.search(path, !bringing.elsewhere.has(path));
  bringing.left.push(...left.map((pin) => ({ path, ...pin })));
  if (isRecordPath(path)) bringing.records.push(path);
  if (content === undefined) {
    if (to !== undefined)
      bringAsItIs(disk, { from: `${tree.root}/${path}`, to: `${to}/${path}`, link });
    return;
  }
  bringing.renamed += 1;
  const sizeBytes = content.length;
  bringing.changed.push({ type: "file", path, mode, sizeBytes, sha256: digestOf(content) });
  if (to === undefined) return;
  disk.createFile(`${to}/${path}`, content, mode);
  disk.setTimes(`${to}/${path}`, modifiedMs);
}

function bringAsItIs(
  disk: Disk,
  { from, to, link }: { readonly from: string; readonly to: string; readonly link: LinkMode },
): void {
  if (link === "hardlink") linkOrCopy(disk, from, to);
  else disk.copyChecked(from, to, { share: link === "reflink" });
}

/** The lists of Python distributions say of changed files what they are now. */
function renewLists({ world: { disk }, records, changed }: Bringing, to: string): void {
  for (const path of changed.length === 0 ? [] : records) {
    const place = `${to}/${path}`;
    const others = changed.filter((each) => each.path !== path);
    const text = renewRecord(path, readText(disk, place), others);
    const status = disk.status(place);
    if (text === undefined || status === undefined) continue;
    removeTree(disk, place); // a link to the old tree's, perhaps
    disk.createFile(place, text, status.mode);
    disk.setTimes(place, status.modifiedMs);
  }
}

function joinRoot(root: string, path: string): string {
  return path === "" ? root : `${root}/${path}`;
}

function unnameable(folder: string): TenonError {
  return new TenonError({
    kind: "usage",
    code: "NOT_UTF8",
    message: `${folder} holds a file whose name is not UTF-8, so tenon cannot name the same file elsewhere`,
    hints: ["Give it a name in UTF-8 (`mv` or `convmv` does), and run the command again."],
  });
}
