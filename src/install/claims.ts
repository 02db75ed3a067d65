/** Who owns which path after a transaction (I3): packages that bring the same share it, others conflict. */
import { compareText, type Entry, type Manifest, parentOf, sameEntry } from "../core/index.ts";
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

export interface Claim {
  readonly owner: string;
  readonly entry: Entry;
  readonly mayTakeOver: boolean;
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
  const installed = [...others];
  const newcomers = [...incoming].sort((a, b) => compareText(a.name, b.name));
  const settled: Settled = { conflicts: [], ceded: new Map() };
  for (const claims of collectClaims(installed, newcomers, settled)) settle(claims, settled);
  return { ...settled, granted: grant(incoming, settled.ceded) };
}

interface Settled {
  readonly conflicts: Conflict[];
  readonly ceded: Map<string, string[]>;
}

/** By path, those of the installed packages first, then by name; only where packages can meet. */
function collectClaims(
  installed: readonly PackageRecord[],
  newcomers: readonly Claimant[],
  { conflicts }: Settled,
): Iterable<readonly Claim[]> {
  const claims = new Map<string, Claim[]>();
  const shared = sharedDirectories([...installed, ...newcomers].map(({ manifest }) => manifest));
  const enter = ({ name, manifest, takesOver }: Claimant, isNew: boolean): void => {
    const takenOver = new Set(takesOver);
    for (const entry of manifest) {
      const { path } = entry;
      if (isNew && isStatePath(path)) {
        conflicts.push({ kind: "state", path, package: name });
        continue;
      }
      const parent = parentOf(path);
      if (parent !== "" && !shared.has(parent)) continue;
      const claim = { owner: name, entry, mayTakeOver: takenOver.has(path) };
      const rivals = claims.get(path);
      if (rivals === undefined) claims.set(path, [claim]);
      else rivals.push(claim);
    }
  };
  for (const record of installed) enter(record, false);
  for (const claimant of newcomers) enter(claimant, true);
  return claims.values();
}

/**
 * Who brings the same (type, mode and content) as the others owns the path together with them. Of
 * those that may take it over, the last by name decides what it is; the others cede it.
 */
function settle(claims: readonly Claim[], { conflicts, ceded }: Settled): void {
  const [first, ...rest] = claims;
  if (first === undefined || rest.length === 0) return;
  const isMixed = rest.some(({ entry }) => isDirectory(entry) !== isDirectory(first.entry));
  const heir = isMixed ? undefined : heirOf(claims);
  for (const { owner, entry } of heir === undefined ? rest : claims) {
    const { path } = entry;
    if (sameEntry(entry, (heir ?? first).entry)) continue;
    if (heir !== undefined) cede(ceded, owner, path);
    else {
      const conflict = { kind: "owned", path, package: owner, owner: first.owner } as const;
      const folder = isDirectory(entry) ? "package" : "owner";
      const isAlike = isDirectory(entry) === isDirectory(first.entry);
      conflicts.push(isAlike ? conflict : { ...conflict, folder });
    }
  }
}

function isDirectory({ type }: Entry): boolean {
  return type === "directory";
}

/** Of those that may take a path over, the last by name. */
export function heirOf<Rival extends Claim>(claims: readonly Rival[]): Rival | undefined {
  const able = claims.filter(({ mayTakeOver }) => mayTakeOver);
  return able.sort((a, b) => compareText(a.owner, b.owner)).at(-1);
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
