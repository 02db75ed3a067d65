/** Conflicts seen as soon as an artifact is finished, so that nothing is refused hours later. */
import type { Manifest } from "../core/index.ts";
import { type Claimant, type Conflict, resolveClaims } from "../install/index.ts";
import { recipeOf } from "../plan/index.ts";
import { type PackageRecord, readRecords } from "../prefix/index.ts";
import { manifestInPrefix } from "./in-prefix.ts";
import type { Resolver } from "./resolver.ts";
import type { Session } from "../workspace/index.ts";

interface ConflictWatch {
  /** Those of a settled package with all that are settled, and with what else the prefix holds. */
  conflictsOf(name: string): readonly Conflict[];
}

/**
 * Looks only at the packages that claim a path of the asked one, so that the cost of a run follows
 * the number of its files. `order` names the packages of the run, `leaving` what leaves with it. What other commands do to the
 * prefix meanwhile is seen when the packages are joined.
 */
export function watchConflicts(
  session: Session,
  resolver: Resolver,
  order: readonly string[],
  leaving: readonly string[] = [],
): ConflictWatch {
  const rivals = createRivalIndex();
  const others = new Map<string, PackageRecord>();
  const entered = new Set<string>();
  /** Of a damaged one, which is found out when it is to join, nothing is known. */
  const manifestOf = (name: string): Manifest => manifestInPrefix(session, resolver, name) ?? [];
  const claimantOf = (name: string): Claimant => {
    const { takesOver } = recipeOf(session.workspace.recipes, name).stage;
    return { name, manifest: manifestOf(name), takesOver };
  };
  /** Rivals are few, and one of them may be the rival of many. */
  const known = new Map<string, Claimant>();
  const rivalOf = (name: string): Claimant => {
    const rival = known.get(name) ?? claimantOf(name);
    known.set(name, rival);
    return rival;
  };

  const enterOthers = (): void => {
    const ours = new Set([...order, ...leaving]);
    for (const [name, record] of readRecords(session.world.disk, session.layout)) {
      if (ours.has(name)) continue;
      others.set(name, record);
      rivals.enter(name, record.manifest);
    }
  };
  const enterSettled = (): void => {
    for (const name of order) {
      if (entered.has(name) || !resolver.artifacts.has(name)) continue;
      entered.add(name);
      rivals.enter(name, manifestOf(name));
    }
  };

  return {
    conflictsOf: (name) => {
      if (entered.size === 0) enterOthers();
      enterSettled();
      const claimant = claimantOf(name);
      const found = rivals.of(claimant);
      const incoming = found.filter((rival) => !others.has(rival)).map(rivalOf);
      const records = found.flatMap((rival) => others.get(rival) ?? []);
      const { conflicts } = resolveClaims([claimant, ...incoming], records);
      const manifests = [claimant, ...incoming, ...records].map(({ manifest }) => manifest);
      return conflicts.filter(
        (conflict) =>
          (conflict.package === name || (conflict.kind === "owned" && conflict.owner === name)) &&
          !mayLeadThroughLink(conflict, manifests),
      );
    },
  };
}

/** What another package's link is to this one's folder (`lib64 -> lib`) is seen when they are joined. */
function mayLeadThroughLink(conflict: Conflict, manifests: readonly Manifest[]): boolean {
  if (conflict.kind !== "owned" || conflict.folder === undefined) return false;
  return manifests.some((manifest) =>
    manifest.some(({ type, path }) => type === "link" && path === conflict.path),
  );
}

interface RivalIndex {
  enter(name: string, manifest: Manifest): void;
  /** The packages with which a package shares more than directories. */
  of(claimant: Claimant): string[];
}

function createRivalIndex(): RivalIndex {
  const files = new Map<string, string[]>();
  const directories = new Map<string, string[]>();
  return {
    enter: (name, manifest) => {
      for (const { type, path } of manifest) {
        const index = type === "directory" ? directories : files;
        const names = index.get(path);
        if (names === undefined) index.set(path, [name]);
        else names.push(name);
      }
    },
    of: ({ name, manifest }) => {
      const found = new Set<string>();
      for (const { type, path } of manifest) {
        for (const rival of files.get(path) ?? []) found.add(rival);
        if (type === "directory") continue;
        for (const rival of directories.get(path) ?? []) found.add(rival);
      }
      found.delete(name);
      return [...found];
    },
  };
}
