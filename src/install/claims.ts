/** Who owns which path after a transaction (I3): one owner a path, or a conflict that names both. */
import { compareText, type Manifest, parentOf } from "../core/index.ts";
import { isStatePath, type PackageRecord } from "../prefix/index.ts";
import type { Conflict } from "./change.ts";
import { sharedDirectories } from "./shared-directories.ts";

/** A package with everything that it would like to own. */
export interface Claimant {
  readonly name: string;
  readonly manifest: Manifest;
  readonly takesOver: readonly string[];
}

export interface Claims {
  readonly conflicts: readonly Conflict[];
  /** What each incoming package gets: its manifest without the paths that it cedes. */
  readonly granted: ReadonlyMap<string, Manifest>;
  /** By package, incoming or installed: the paths that it leaves to another one. */
  readonly ceded: ReadonlyMap<string, readonly string[]>;
}

interface Claim {
  readonly owner: string;
  readonly isDirectory: boolean;
  readonly takesOver: ReadonlySet<string>;
}

/**
 * The outcome depends on the set of packages only, not on their order (I9). `others` are the
 * installed packages that the transaction neither replaces nor removes, as far as they list a path
 * of it; of those that share a directory with it, one is enough.
 */
export function resolveClaims(
  incoming: readonly Claimant[],
  others: Iterable<PackageRecord>,
): Claims {
  const claims = new Map<string, Claim>();
  const ceded = new Map<string, string[]>();
  const conflicts: Conflict[] = [];
  const installed = [...others];
  const shared = sharedDirectories([...installed, ...incoming].map(({ manifest }) => manifest));
  const hasRivals = (path: string): boolean => {
    const parent = parentOf(path);
    return parent === "" || shared.has(parent);
  };
  for (const record of installed) {
    const takesOver = new Set(record.takesOver);
    for (const entry of record.manifest) {
      if (!hasRivals(entry.path)) continue;
      const isDirectory = entry.type === "directory";
      claims.set(entry.path, { owner: record.name, isDirectory, takesOver });
    }
  }

  for (const claimant of [...incoming].sort((a, b) => compareText(a.name, b.name))) {
    const takesOver = new Set(claimant.takesOver);
    for (const entry of claimant.manifest) {
      const { path } = entry;
      const isDirectory = entry.type === "directory";
      if (isStatePath(path)) {
        conflicts.push({ kind: "state", path, package: claimant.name });
        continue;
      }
      if (!hasRivals(path)) continue;
      const rival = claims.get(path);
      const mine: Claim = { owner: claimant.name, isDirectory, takesOver };
      if (rival === undefined) claims.set(path, mine);
      else if (rival.isDirectory && isDirectory) continue;
      else if (rival.isDirectory || isDirectory) conflicts.push(owned(path, claimant, rival));
      else if (takesOver.has(path) && !outranks(rival, claimant, path)) {
        claims.set(path, mine);
        cede(ceded, rival.owner, path);
      } else if (rival.takesOver.has(path)) cede(ceded, claimant.name, path);
      else conflicts.push(owned(path, claimant, rival));
    }
  }
  return { conflicts, granted: grant(incoming, ceded), ceded };
}

/** Of two that may take over a path from each other, the last by name has it, whoever comes first. */
function outranks(rival: Claim, claimant: Claimant, path: string): boolean {
  return rival.takesOver.has(path) && compareText(rival.owner, claimant.name) > 0;
}

function grant(
  incoming: readonly Claimant[],
  ceded: ReadonlyMap<string, readonly string[]>,
): Map<string, Manifest> {
  return new Map(
    incoming.map(({ name, manifest }) => {
      const lost = new Set(ceded.get(name));
      return [name, lost.size === 0 ? manifest : manifest.filter(({ path }) => !lost.has(path))];
    }),
  );
}

function cede(ceded: Map<string, string[]>, owner: string, path: string): void {
  const paths = ceded.get(owner);
  if (paths === undefined) ceded.set(owner, [path]);
  else paths.push(path);
}

function owned(path: string, claimant: Claimant, rival: Claim): Conflict {
  return { kind: "owned", path, package: claimant.name, owner: rival.owner };
}
