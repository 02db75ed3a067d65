/** Where the files of a tree name its path, and whether all of them can name another one. */
import { unpackForeign } from "../archive/index.ts";
import { type Digest, digestOf, TenonError } from "../core/index.ts";
import { describePin, type FilePin, isRecordPath, placeFinder } from "../relocation/index.ts";
import { reachedFromElsewhere } from "../stage/index.ts";
import type { World } from "../world/index.ts";
import type { Staged, StagedFile } from "./stage-tree.ts";

export interface PlannedFile {
  readonly path: string;
  readonly form: "text" | "binary" | "gzip";
  readonly sha256: Digest;
  /** In bytes. */
  readonly places: readonly (readonly [offset: number, room: number])[];
  /** Run paths, in base64, for a path that has no room in them. */
  readonly ways?: readonly {
    readonly offset: number;
    readonly length: number;
    readonly text: string;
  }[];
}

export interface RelocationPlan {
  readonly files: readonly PlannedFile[];
  /** Lists of Python distributions. */
  readonly records: readonly string[];
  /** The file that has the least room for a longer path; absent where all can grow. */
  readonly tight?: { readonly path: string; readonly room: number };
  /** Of all files. */
  readonly digests: ReadonlyMap<string, Digest>;
  /** Files that nobody can look into. */
  readonly closed: readonly string[];
}

export interface TreeToPlan {
  readonly world: World;
  /** Absolute. */
  readonly root: string;
  /** The path that is looked for. */
  readonly names: string;
  readonly staged: readonly Staged[];
}

/** Reads all files. Throws where something names the path and can name no other one, with each file and byte. */
export async function planRelocation({
  world,
  root,
  names,
  staged,
}: TreeToPlan): Promise<RelocationPlan> {
  const files: PlannedFile[] = [];
  const left: FilePin[] = [];
  const closed: string[] = [];
  const digests = new Map<string, Digest>();
  const elsewhere = reachedFromElsewhere(staged.filter(({ type }) => type === "link") as []);
  const find = placeFinder(names);
  for (const file of staged) {
    if (file.type !== "file") continue;
    const { path } = file;
    const content = readStaged(world, root, file);
    const sha256 = digestOf(content);
    digests.set(path, sha256);
    const temporary = `${root}/.tenon-${world.clock.uniqueId()}`;
    const packed = { world, file: `${root}/${path}`, name: path, temporary };
    const unpacked = await unpackForeign(packed, content);
    const found = find({
      content,
      path: elsewhere.has(path) ? undefined : path,
      decompress: () => unpacked,
    });
    if (found?.isClosed === true) closed.push(path);
    else if (found !== undefined) {
      left.push(...found.left.map((pin) => ({ path, ...pin })));
      files.push(plannedFile(path, sha256, found));
    }
  }
  if (left.length > 0) throw bound(names, left);
  const records = [...digests.keys()].filter(isRecordPath);
  return { files, records, digests, closed, ...tightestOf(files) };
}

const mostBytes = 1 << 30;

function readStaged({ disk }: World, root: string, { path, sizeBytes }: StagedFile): Uint8Array {
  if (sizeBytes > mostBytes)
    throw new TenonError({
      kind: "recipe",
      code: "CANNOT_BE_STAGED",
      message: `${root}/${path} has more than 1 GiB, and could not be searched for the path of the tree`,
      hints: ["Leave it out with a pattern `exclude`."],
    });
  return disk.readFile(`${root}/${path}`);
}

function plannedFile(
  path: string,
  sha256: Digest,
  { form, places, ways }: NonNullable<ReturnType<ReturnType<typeof placeFinder>>>,
): PlannedFile {
  const base = {
    path,
    form,
    sha256,
    places: places.map(({ offset, roomBytes }) => [offset, roomBytes] as const),
  };
  if (ways.length === 0) return base;
  return {
    ...base,
    ways: ways.map(({ offset, bytes }) => ({
      offset,
      length: bytes.length,
      text: Buffer.from(bytes).toString("base64"),
    })),
  };
}

/** A run path has another way to say it. */
function tightestOf(files: readonly PlannedFile[]): Pick<RelocationPlan, "tight"> {
  let tight: { path: string; room: number } | undefined;
  for (const { path, form, places, ways = [] } of files) {
    if (form !== "binary") continue;
    for (const [offset, room] of places) {
      const isWay = ways.some((way) => way.offset <= offset && offset < way.offset + way.length);
      if (!isWay && room < (tight?.room ?? Infinity)) tight = { path, room };
    }
  }
  return tight === undefined ? {} : { tight };
}

const shownPlaces = 20;

function bound(root: string, left: readonly FilePin[]): TenonError {
  const more = left.length - shownPlaces;
  return new TenonError({
    kind: "recipe",
    code: "BOUND_TO_PREFIX",
    message: [
      `these files can name no other path than ${root}, so nothing was bundled:`,
      ...left.slice(0, shownPlaces).map((each) => `  ${describePin(each)}`),
      ...(more > 0 ? [`  and ${more} more`] : []),
    ],
    hints: [
      ...new Set(left.map(({ cure }) => cure)),
      "A file that nobody needs can be left out with a pattern `exclude`.",
    ],
  });
}
