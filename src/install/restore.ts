/** An installed package, or one that was, as what a transaction brings. */
import type { PackageRecord } from "../prefix/index.ts";
import type { Incoming } from "./change.ts";

/** `places` has where the content of each of its files that is to be brought is found, absolute. */
export function restore(record: PackageRecord, places: ReadonlyMap<string, string>): Incoming {
  const { installedAtMs: _at, transaction: _transaction, ...facts } = record;
  return { ...facts, tree: "", locate: (path) => places.get(path) };
}
