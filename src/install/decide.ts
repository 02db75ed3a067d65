/** From what is wanted and what is there to the ordered steps of a transaction; pure. */
import { type Entry, isWithin, joinPath, sameEntry, unreachable } from "../core/index.ts";
import type { DirectoryItem, Status } from "../world/index.ts";
import { type EntryTree, sameBelow } from "./entry-tree.ts";

/**
 * One step is one system call on one path of the prefix (I4), most often a rename:
 * `graft` moves a staged file or whole subtree to a place where nothing is; `exchange` swaps it
 * with what is there; `replace` moves a file over one that has a second name on our side; `retire`
 * moves away what is there; `vacate` removes a directory that can only stay where it is, once all
 * that was in it is retired.
 */
export interface EntryStep {
  readonly kind: "graft" | "exchange" | "replace" | "retire" | "vacate";
  readonly path: string;
}

export interface Situation {
  /** What comes in. */
  readonly incoming: EntryTree;
  /** What the packages own now that are replaced or removed, and what others cede. */
  readonly outgoing: EntryTree;
  /**
   * Whether a package outside of this transaction owns a path, or something below it. Of a file that
   * comes in, it has brought the same (I3).
   */
  readonly isOthers: (path: string) => boolean;
  /** Whether a path, or something below it, is to be put right although it is the same on record. */
  readonly isDamaged: (path: string) => boolean;
  /** Whether what is to come to a path, or something below it, has been brought: else it stays missing. */
  readonly isBrought: (path: string) => boolean;
  /** What is at a path of the prefix. */
  readonly look: (path: string) => Status | undefined;
  /** Whether two entries can be swapped in one step. */
  readonly canExchange: boolean;
  /** Whether a directory cannot be renamed, so that what is in it has to be. */
  readonly isFixed: (directory: string) => boolean;
  /** What is in a directory of the prefix. */
  readonly list: (directory: string) => readonly DirectoryItem[];
  /**
   * Whether a directory, or something below it, is a person's: nobody's (by-products aside), or there
   * before any package came.
   */
  readonly isKept: (directory: string) => boolean;
}

export interface Decision {
  /**
   * In the order in which they are to be done. Their paths are disjoint, but for those of a
   * directory that makes room in pieces, or that is retired before something is grafted in its place.
   */
  readonly steps: readonly EntryStep[];
  /** Paths where something stands that no package of this transaction may displace. */
  readonly blocked: readonly string[];
  /** Directories of what comes in that are there, and no package's. */
  readonly found: readonly string[];
  /** Directories of others that stay as they are, although what comes in lists another mode. */
  readonly differing: readonly DifferingMode[];
}

interface DifferingMode {
  readonly path: string;
  readonly wanted: number;
  readonly present: number;
}

/** That the group or others may write is the umask's doing more often than a package's. */
const tellingBits = 0o755;

/** A step, and when it is done: the lower ranks first. */
interface RankedStep extends EntryStep {
  readonly rank: number;
}

interface Walk extends Situation {
  readonly steps: RankedStep[];
  readonly blocked: string[];
  readonly found: string[];
  readonly differing: DifferingMode[];
}

/**
 * Walks only the contact points: a new directory is one graft; a directory that belongs to the
 * packages of this transaction alone is one exchange; only shared directories, those in which
 * somebody keeps foreign files (I5) or which were there before any package, and those that cannot
 * be moved, are descended into.
 */
export function decide(situation: Situation): Decision {
  const walk: Walk = { ...situation, steps: [], blocked: [], found: [], differing: [] };
  visit(walk, "");
  const steps = walk.steps
    .sort((a, b) => a.rank - b.rank)
    .map(({ kind, path }) => ({ kind, path }));
  const { blocked, found, differing } = walk;
  return { steps, blocked, found, differing };
}

function visit(walk: Walk, directory: string): void {
  const { incoming, outgoing } = walk;
  const names = new Set([...incoming.namesIn(directory), ...outgoing.namesIn(directory)]);
  for (const name of names) {
    const path = joinPath(directory, name);
    const wanted = incoming.get(path);
    const present = walk.look(path);
    const verdict =
      wanted === undefined
        ? judgeLeaving(walk, path, present)
        : judgeComing(walk, path, wanted, present);
    switch (verdict) {
      case "keep":
        break;
      case "find":
        walk.found.push(path);
        visit(walk, path);
        break;
      case "descend":
        if (wanted?.type === "directory" && present !== undefined)
          compareModes(walk, path, { wanted: wanted.mode, present: present.mode });
        visit(walk, path);
        break;
      case "blocked":
        walk.blocked.push(path);
        break;
      case "graft":
        walk.steps.push({ kind: "graft", path, rank: rankOfComing(path) });
        break;
      case "exchange":
        exchange(walk, path, { isTree: wanted?.type === "directory", wasTree: isTree(present) });
        break;
      case "retire":
        clear(walk, path, { isDirectory: isTree(present), rank: lastRank });
        break;
      default:
        unreachable(verdict);
    }
  }
}

/** In one step where that can be; else file by file, or by making room first. */
function exchange(
  walk: Walk,
  path: string,
  { isTree: comes, wasTree: leaves }: { isTree: boolean; wasTree: boolean },
): void {
  const rank = rankOfComing(path);
  const isMovable = !leaves || !walk.isFixed(path);
  if (walk.canExchange && isMovable) {
    walk.steps.push({ kind: "exchange", path, rank });
  } else if (comes && leaves) {
    visit(walk, path);
  } else if (!comes && !leaves) {
    walk.steps.push({ kind: "replace", path, rank });
  } else {
    clear(walk, path, { isDirectory: leaves, rank });
    walk.steps.push({ kind: "graft", path, rank });
  }
}

/** Retires all that is there, by-products too: of a directory without foreign files. */
function clear(
  walk: Walk,
  path: string,
  { isDirectory, rank }: { isDirectory: boolean; rank: number },
): void {
  if (!isDirectory || !walk.isFixed(path)) {
    walk.steps.push({ kind: "retire", path, rank });
    return;
  }
  for (const { name, type } of walk.list(path)) {
    clear(walk, joinPath(path, name), { isDirectory: type === "directory", rank });
  }
  walk.steps.push({ kind: "vacate", path, rank });
}

function isTree(present: Status | undefined): boolean {
  return present?.type === "directory";
}

function compareModes({ differing }: Walk, path: string, modes: Omit<DifferingMode, "path">): void {
  if (((modes.wanted ^ modes.present) & tellingBits) !== 0) differing.push({ path, ...modes });
}

/** `find` is to descend into a directory that is nobody's. */
type Verdict = "keep" | "find" | "descend" | "blocked" | "graft" | "exchange" | "retire";

function judgeComing(
  situation: Situation,
  path: string,
  wanted: Entry,
  present: Status | undefined,
): Verdict {
  if (present === undefined) return situation.isBrought(path) ? "graft" : "keep";
  const owned = situation.outgoing.get(path);
  const isOthers = situation.isOthers(path);
  if (wanted.type === "directory" && present.type === "directory") {
    if (isOthers) return "descend";
    if (owned === undefined) return "find";
    if (situation.isDamaged(path)) return "descend";
    if (sameBelow(situation.incoming, situation.outgoing, path)) return "keep";
    return situation.isKept(path) ? "descend" : "exchange";
  }
  if (isOthers) return judgeShared(situation, path, wanted, present);
  if (owned === undefined) return "blocked";
  if (owned.type === "directory" && present.type !== "directory") return "blocked"; // a foreign thing
  if (present.type === "directory") {
    return situation.isKept(path) ? "blocked" : "exchange";
  }
  const isSame = sameEntry(wanted, owned) && present.type === wanted.type;
  return isSame && !situation.isDamaged(path) ? "keep" : "exchange";
}

/** What another package has brought, too, is there already. */
function judgeShared(situation: Situation, path: string, wanted: Entry, present: Status): Verdict {
  if (wanted.type === "directory" || present.type === "directory") return "blocked";
  if (situation.isDamaged(path)) return "exchange";
  return present.type === wanted.type ? "keep" : "blocked";
}

function judgeLeaving(situation: Situation, path: string, present: Status | undefined): Verdict {
  if (present === undefined) return "keep";
  const owned = situation.outgoing.get(path);
  if (owned?.type === "directory") {
    if (present.type !== "directory") return "keep"; // somebody put a foreign thing in its place
    return situation.isOthers(path) || situation.isKept(path) ? "descend" : "retire";
  }
  return present.type === "directory" || situation.isOthers(path) ? "keep" : "retire";
}

/** Libraries and data first, programs next, what leaves last: a program never precedes its parts. */
function rankOfComing(path: string): number {
  return isWithin(path, "bin") || isWithin(path, "sbin") ? 1 : 0;
}

const lastRank = 2;
