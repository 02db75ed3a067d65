/** From what is wanted and what is there to the ordered steps of a transaction; pure. */
import { type Entry, isWithin, joinPath, unreachable } from "../core/index.ts";
import type { Status } from "../world/index.ts";
import { type EntryTree, sameBelow, sameEntry } from "./entry-tree.ts";

/**
 * One step is one rename(2) on one path of the prefix (I4):
 * `graft` moves a staged file or whole subtree to a place where nothing is; `exchange` swaps it
 * with what is there; `retire` moves away what is there.
 */
export interface Step {
  readonly kind: "graft" | "exchange" | "retire";
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
  /**
   * Whether a directory, or something below it, is a person's: nobody's (by-products aside), or there
   * before any package came.
   */
  readonly isKept: (directory: string) => boolean;
}

export interface Decision {
  /** In the order in which they are to be done; their paths are disjoint. */
  readonly steps: readonly Step[];
  /** Paths where something stands that no package of this transaction may displace. */
  readonly blocked: readonly string[];
  /** Directories of what comes in that are there, and no package's. */
  readonly found: readonly string[];
  /** Directories of others that stay as they are, although what comes in lists another mode. */
  readonly differing: readonly DifferingMode[];
}

export interface DifferingMode {
  readonly path: string;
  readonly wanted: number;
  readonly present: number;
}

/** That the group or others may write is the umask's doing more often than a package's. */
const tellingBits = 0o755;

/**
 * Walks only the contact points: a new directory is one graft; a directory that belongs to the
 * packages of this transaction alone is one exchange; only shared directories, and those in which
 * somebody keeps foreign files (I5) or which were there before any package, are descended into.
 */
export function decide(situation: Situation): Decision {
  const decision: Draft = { steps: [], blocked: [], found: [], differing: [] };
  visit(situation, "", decision);
  return { ...decision, steps: order(decision.steps) };
}

/** A decision that is being made. */
interface Draft {
  readonly steps: Step[];
  readonly blocked: string[];
  readonly found: string[];
  readonly differing: DifferingMode[];
}

function visit(situation: Situation, directory: string, draft: Draft): void {
  const { incoming, outgoing } = situation;
  const names = new Set([...incoming.namesIn(directory), ...outgoing.namesIn(directory)]);
  for (const name of names) {
    const path = joinPath(directory, name);
    const wanted = incoming.get(path);
    const present = situation.look(path);
    const verdict =
      wanted === undefined
        ? judgeLeaving(situation, path, present)
        : judgeComing(situation, path, wanted, present);
    switch (verdict) {
      case "keep":
        break;
      case "find":
        draft.found.push(path);
        visit(situation, path, draft);
        break;
      case "descend":
        if (wanted?.type === "directory" && present !== undefined)
          compareModes(path, { wanted: wanted.mode, present: present.mode }, draft);
        visit(situation, path, draft);
        break;
      case "blocked":
        draft.blocked.push(path);
        break;
      case "graft":
      case "exchange":
      case "retire":
        draft.steps.push({ kind: verdict, path });
        break;
      default:
        unreachable(verdict);
    }
  }
}

function compareModes(
  path: string,
  modes: Omit<DifferingMode, "path">,
  { differing }: Draft,
): void {
  if (((modes.wanted ^ modes.present) & tellingBits) !== 0) differing.push({ path, ...modes });
}

/** `find` is to descend into a directory that is nobody's. */
type Verdict = "keep" | "find" | "descend" | "blocked" | Step["kind"];

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
function order(steps: readonly Step[]): Step[] {
  const rank = (step: Step): number => {
    if (step.kind === "retire") return 2;
    return isWithin(step.path, "bin") || isWithin(step.path, "sbin") ? 1 : 0;
  };
  return [...steps].sort((a, b) => rank(a) - rank(b));
}
