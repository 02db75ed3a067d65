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
  /** Whether a package outside of this transaction owns a path, or something below it. */
  readonly isOthers: (path: string) => boolean;
  /** Whether a path, or something below it, is to be put right although it is the same on record. */
  readonly isDamaged: (path: string) => boolean;
  /** What is at a path of the prefix. */
  readonly look: (path: string) => Status | undefined;
  /** Whether there is something below a directory that no package owns (by-products aside). */
  readonly holdsForeign: (directory: string) => boolean;
}

export interface Decision {
  /** In the order in which they are to be done; their paths are disjoint. */
  readonly steps: readonly Step[];
  /** Paths where something stands that no package of this transaction may displace. */
  readonly blocked: readonly string[];
}

/**
 * Walks only the contact points: a new directory is one graft; a directory that belongs to the
 * packages of this transaction alone is one exchange; only shared directories, and those in which
 * somebody keeps foreign files (I5), are descended into.
 */
export function decide(situation: Situation): Decision {
  const steps: Step[] = [];
  const blocked: string[] = [];
  visit(situation, "", steps, blocked);
  return { steps: order(steps), blocked };
}

function visit(situation: Situation, directory: string, steps: Step[], blocked: string[]): void {
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
      case "descend":
        visit(situation, path, steps, blocked);
        break;
      case "blocked":
        blocked.push(path);
        break;
      case "graft":
      case "exchange":
      case "retire":
        steps.push({ kind: verdict, path });
        break;
      default:
        unreachable(verdict);
    }
  }
}

type Verdict = "keep" | "descend" | "blocked" | Step["kind"];

function judgeComing(
  situation: Situation,
  path: string,
  wanted: Entry,
  present: Status | undefined,
): Verdict {
  if (present === undefined) return "graft";
  const owned = situation.outgoing.get(path);
  if (wanted.type === "directory" && present.type === "directory") {
    if (situation.isOthers(path) || owned === undefined) return "descend";
    if (situation.isDamaged(path)) return "descend";
    if (sameBelow(situation.incoming, situation.outgoing, path)) return "keep";
    return situation.holdsForeign(path) ? "descend" : "exchange";
  }
  if (owned === undefined || situation.isOthers(path)) return "blocked";
  if (owned.type === "directory" && present.type !== "directory") return "blocked"; // a foreign thing
  if (present.type === "directory") {
    return situation.holdsForeign(path) ? "blocked" : "exchange";
  }
  const isSame = sameEntry(wanted, owned) && present.type === wanted.type;
  return isSame && !situation.isDamaged(path) ? "keep" : "exchange";
}

function judgeLeaving(situation: Situation, path: string, present: Status | undefined): Verdict {
  if (present === undefined) return "keep";
  const owned = situation.outgoing.get(path);
  if (owned?.type === "directory") {
    if (present.type !== "directory") return "keep"; // somebody put a foreign thing in its place
    return situation.isOthers(path) || situation.holdsForeign(path) ? "descend" : "retire";
  }
  return present.type === "directory" ? "keep" : "retire";
}

/** Libraries and data first, programs next, what leaves last: a program never precedes its parts. */
function order(steps: readonly Step[]): Step[] {
  const rank = (step: Step): number => {
    if (step.kind === "retire") return 2;
    return isWithin(step.path, "bin") || isWithin(step.path, "sbin") ? 1 : 0;
  };
  return [...steps].sort((a, b) => rank(a) - rank(b));
}
