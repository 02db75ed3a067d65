/**
 * What `tenon clone`, `tenon move` and `tenon relocate` have in common: a tree is made anew for another path, whole, beside
 * that path, and comes there in one step. Packages that are on record join the new tree in one ordinary transaction.
 */
import { isWithin, typedWord, TenonError } from "../../core/index.ts";
import { readHistory } from "../../install/index.ts";
import {
  findForeign,
  type Deviation,
  layoutOf,
  listState,
  type PackageRecord,
  type PrefixLayout,
  readRecords,
  resolvePrefix,
  verifyRecords,
} from "../../prefix/index.ts";
import type { LinkMode } from "../../recipe/index.ts";
import { targetDefect } from "../../relocation/index.ts";
import { exists, type Disk } from "../../world/index.ts";
import { type Ended, type OpenPrefix, operate } from "../operate.ts";
import { transfers } from "../transfers.ts";
import { type Beside, makeFresh, parentFolder, requireFree } from "./beside.ts";
import { bringForeign, type Brought } from "./bring-foreign.ts";
import { planPackages, type PlannedPackages } from "./plan-packages.ts";
import type { LeftPlace, SearchedTree } from "./rename-file.ts";

export interface TransplantOptions {
  /** As the person named it, absolute. */
  readonly to: string;
  /** How files come that stay as they are. */
  readonly link: LinkMode;
}

/** What `tenon clone` and the others have done, or would do. */
export interface Transplanted {
  readonly kind: "cloned" | "moved" | "relocated" | "refused";
  readonly from: string;
  readonly to: string;
  readonly packages: number;
  /** Files of packages, and of them those that were written anew. */
  readonly files: number;
  readonly rewritten: number;
  /** What no package owns: what came along, and of that what was written anew. A clone leaves all of it behind. */
  readonly foreign: number;
  readonly foreignRewritten: number;
  /** What still names the old path. */
  readonly left: readonly LeftPlace[];
}

/** A tree that is to be made anew. */
export interface MovingTree {
  readonly prefix: OpenPrefix;
  /** The tree's own, where it lies now. */
  readonly layout: PrefixLayout;
  readonly tree: SearchedTree;
  /** The path that files with maps name: the new one, where an interrupted command has put them right already. */
  readonly traced: string;
  readonly records: readonly PackageRecord[];
  /** Topmost paths that no package owns. */
  readonly foreign: readonly string[];
  /** Of the newest transaction. */
  readonly head: string | undefined;
}

/** `from` is the path that the files of `prefix` name: its own, where that is not said. */
export function openSource(
  prefix: OpenPrefix,
  { to: named, from }: { readonly to: string; readonly from?: string },
): MovingTree {
  const { world, layout } = prefix;
  const { disk } = world;
  const to = resolvePrefix(disk, named);
  const tree = {
    root: layout.prefix,
    from: from ?? layout.prefix,
    to,
    temporary: temporaryFor(disk, to, world.clock.uniqueId()),
  };
  requireSettled(disk, layout);
  const records = [...readRecords(disk, layout).values()];
  const foreign = findForeign(disk, layout, records);
  const head = headOf(disk, layout);
  const source = { prefix, layout, tree, traced: tree.from, records, foreign, head };
  requireTarget(source);
  const findings = differencesAt(source, tree.from);
  const isDoneBefore =
    findings.length > 0 && tree.root === to && differencesAt(source, to).length === 0;
  if (isDoneBefore) return { ...source, traced: to };
  refuseDifferences(source, findings);
  return source;
}

/** In the nearest folder that is there: nothing is made for it. */
function temporaryFor(disk: Disk, to: string, id: string): string {
  let folder = parentFolder(to);
  while (!exists(disk, folder) && folder !== "/") folder = parentFolder(folder);
  return `${folder === "/" ? "" : folder}/.tenon-${id}`;
}

function headOf(disk: Disk, layout: PrefixLayout): string | undefined {
  return readHistory(disk, layout)[0]?.id;
}

function requireSettled(disk: Disk, layout: PrefixLayout): void {
  if (!exists(disk, layout.journal)) return;
  throw new TenonError({
    kind: "conflict",
    code: "UNFINISHED",
    message: `the prefix ${layout.prefix} has an unfinished transaction: a tenon is at work there, or has died`,
    hints: [
      `Wait until it has ended, or end it with \`tenon recover --prefix ${typedWord(layout.prefix)}\`.`,
    ],
  });
}

/** Whether no transaction is open, or was made since. */
function isSettled({
  prefix,
  layout,
  head,
}: Pick<MovingTree, "prefix" | "layout" | "head">): boolean {
  const { disk } = prefix.world;
  return !exists(disk, layout.journal) && headOf(disk, layout) === head;
}

function requireTarget({ tree: { root, to }, records }: MovingTree): void {
  if (isWithin(to, root) || isWithin(root, to)) {
    if (to !== root) throw wrong(`one of ${root} and ${to} lies in the other`);
  }
  if (to === "/") throw wrong("the root of the machine is not a place for it");
  const mapped = records.find(({ manifest }) =>
    manifest.some((entry) => entry.type === "file" && entry.relocation?.original !== undefined),
  );
  const defect = mapped && targetDefect(to);
  if (defect === undefined) return;
  throw wrong(`${to} cannot be the prefix of ${mapped?.name}: ${defect}`, [
    "Choose another path, or build the packages there: `tenon build --prefix DIR`.",
  ]);
}

const shownFindings = 5;

function differencesAt({ prefix, layout, records }: MovingTree, target: string): Deviation[] {
  return verifyRecords(prefix.world.disk, layout, records, target);
}

function refuseDifferences(
  { prefix, layout, head }: MovingTree,
  findings: readonly Deviation[],
): void {
  if (findings.length === 0) return;
  if (!isSettled({ prefix, layout, head })) throw changedMeanwhile(layout);
  const shown = findings.slice(0, shownFindings).map(describe);
  const more = findings.length - shown.length;
  throw new TenonError({
    kind: "conflict",
    code: "NOT_AS_RECORDED",
    message: [
      `${layout.prefix} is not as recorded; nothing was changed:`,
      ...shown,
      ...(more > 0 ? [`  and ${more} more`] : []),
    ],
    hints: [`Put it right with \`tenon verify --repair --prefix ${typedWord(layout.prefix)}\`.`],
  });
}

function describe({ kind, path, package: owner }: Deviation): string {
  return `  ${kind} ${path} (${owner})`;
}

export function planSource(source: MovingTree, link: LinkMode): Promise<PlannedPackages> {
  const { prefix, tree, traced, records } = source;
  const transfer = link === "hardlink" ? "share-freely" : transfers[link];
  return whileSettled(source, () =>
    planPackages({ world: prefix.world, tree, traced, records }, transfer),
  );
}

/** What fails since another process has changed the tree says so. */
async function whileSettled<Result>(
  source: MovingTree,
  act: () => Promise<Result>,
): Promise<Result> {
  try {
    return await act();
  } catch (error) {
    throw isSettled(source) ? error : changedMeanwhile(source.layout);
  }
}

/** A search that changes nothing where `to` is absent. */
export function bringForeignOf(source: MovingTree, link: LinkMode, to?: string): Promise<Brought> {
  const { prefix, tree, foreign } = source;
  const where = to === undefined ? {} : { to };
  return bringForeign({ world: prefix.world, tree, link, ...where }, foreign);
}

/** Fills the folder beside the place with the packages. */
export async function joinFresh(
  source: MovingTree,
  { add }: PlannedPackages,
  beside: Beside,
): Promise<void> {
  const { prefix, layout, tree } = source;
  const { disk } = prefix.world;
  const { onChanged: _books, ...teller } = prefix;
  makeFresh(disk, beside, tree.to, tree.root);
  if (add.length === 0) return;
  const fresh = layoutOf(beside.fresh);
  const join = (): Promise<Ended<undefined>> =>
    operate(
      { ...teller, layout: fresh, emit: (event) => tell(prefix, event) },
      {
        change: { add, remove: [] },
        cures: { owned: [] },
        mustHold: () => {
          if (!isSettled(source)) throw changedMeanwhile(layout);
        },
        result: () => undefined,
      },
    );
  const ended = await whileSettled(source, join);
  if (ended.kind === "conflict") throw changedMeanwhile(layout);
}

/** The folder beside the place is nothing that a person need know of. */
function tell({ emit }: OpenPrefix, event: Parameters<OpenPrefix["emit"]>[0]): void {
  if (event.kind !== "prefix-changed") emit(event);
}

export function outcomeOf(
  kind: Transplanted["kind"],
  { tree, records }: MovingTree,
  { add, left }: PlannedPackages,
  brought: Brought,
): Transplanted {
  const files = add.flatMap(({ manifest }) => manifest.filter(({ type }) => type !== "directory"));
  const rewritten = add.reduce((total, each) => total + (each.rewritten?.size ?? 0), 0);
  return {
    kind,
    from: tree.from,
    to: tree.to,
    packages: records.length,
    files: files.length,
    rewritten,
    foreign: brought.count,
    foreignRewritten: brought.renamed,
    left: [...left, ...brought.left],
  };
}

/** Throws where no packages are on record. */
export function requirePackages({ world: { disk }, layout }: OpenPrefix): void {
  const { prefix, packages } = layout;
  const isThere = exists(disk, prefix);
  if (isThere && listState(disk, layout, packages).length > 0) return;
  throw new TenonError({
    kind: "usage",
    code: "NO_PREFIX",
    message: isThere ? `${prefix} holds no packages of tenon's` : `there is no folder ${prefix}`,
    hints: [
      isThere
        ? "For a tree that something else has made, there is `tenon relocate FROM TO`."
        : "Name the prefix that is there now first, and then the new one.",
    ],
  });
}

export function requireFreeTarget({ prefix, tree }: MovingTree): void {
  requireFree(prefix.world.disk, tree.to);
}

function wrong(message: string, hints: readonly string[] = []): TenonError {
  return new TenonError({ kind: "usage", code: "WRONG_PLACE", message, hints });
}

function changedMeanwhile({ prefix }: PrefixLayout): TenonError {
  return new TenonError({
    kind: "conflict",
    code: "CHANGED_MEANWHILE",
    message: `another process has changed ${prefix} meanwhile; nothing was made`,
    hints: ["Run the command again."],
  });
}
