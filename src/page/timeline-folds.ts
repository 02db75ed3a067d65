/** Which rows of a long timeline stand together as one: short builds side by side, and what one failure blocks. */
import type { PackageRun } from "../events/run.ts";

export interface Fold {
  readonly kind: "short" | "blocked";
  readonly packages: readonly PackageRun[];
}

type RowItem = { readonly kind: "row"; readonly each: PackageRun } | Fold;

/** So many rows are read one by one. */
const readableRows = 40;
/** Of a longer timeline, so many of the longest builds have rows of their own, besides the critical path and failures. */
const longestRows = 20;
/** Fewer than that save no room as one. */
const leastFolded = 3;

/** In the order of the packages; those that are blocked follow the first failure that blocks them. */
export function rowItems(packages: readonly PackageRun[]): RowItem[] {
  const begun = packages.filter(({ fromMs }) => fromMs !== undefined);
  const blocked = blockedByFirst(packages);
  const all = begun.flatMap((each) => [each, ...(blocked.get(each.name) ?? [])]);
  const isShort = all.length <= readableRows;
  const notable = isShort ? new Set(all) : notableOf(begun);
  const groups: { readonly kind: "row" | Fold["kind"]; readonly packages: PackageRun[] }[] = [];
  for (const each of all) {
    const kind = notable.has(each) ? "row" : each.state === "blocked" ? "blocked" : "short";
    const last = groups.at(-1);
    if (last?.kind === kind) last.packages.push(each);
    else groups.push({ kind, packages: [each] });
  }
  return groups.flatMap((group): RowItem[] => {
    const { kind, packages: members } = group;
    if (kind !== "row" && members.length >= leastFolded) return [{ kind, packages: members }];
    return members.map((each) => ({ kind: "row", each }));
  });
}

function notableOf(begun: readonly PackageRun[]): ReadonlySet<PackageRun> {
  const longest = begun.toSorted((a, b) => b.runMs - a.runMs).slice(0, longestRows);
  const others = begun.filter(
    ({ isCritical, state }) => isCritical || state === "failed" || state === "unfinished",
  );
  return new Set([...longest, ...others]);
}

function blockedByFirst(packages: readonly PackageRun[]): ReadonlyMap<string, PackageRun[]> {
  const failed = packages.filter(({ state }) => state === "failed").map(({ name }) => name);
  const blocked = new Map<string, PackageRun[]>();
  for (const each of packages) {
    if (each.state !== "blocked" || each.fromMs !== undefined) continue;
    const by = failed.find((name) => each.blockedBy?.includes(name));
    if (by !== undefined) blocked.set(by, [...(blocked.get(by) ?? []), each]);
  }
  return blocked;
}
