/** What pip or another installer did to a prefix behind tenon's back, as .dist-info folders tell it. */
import { ancestorsOf } from "../core/index.ts";
import type { PackageRecord, PrefixLayout } from "../prefix/index.ts";
import { differenceFrom, type Disk } from "../world/index.ts";
import {
  type Distribution,
  tracesIn,
  tracesOf,
  filesOf,
  installerOf,
  isFromOutside,
  sitesOf,
} from "./distributions.ts";

export type OutsideChange =
  | {
      readonly kind: "installed";
      readonly name: string;
      readonly version: string;
      readonly installer?: string;
      /** Those of the paths that nobody owns which are its. */
      readonly paths: readonly string[];
    }
  | {
      readonly kind: "replaced";
      readonly package: string;
      /** The one on record. */
      readonly version: string;
      /** The one that is there. */
      readonly by: string;
      readonly installer?: string;
    }
  /** Nothing of its .dist-info folder is left. */
  | { readonly kind: "removed"; readonly package: string; readonly version: string };

/** `foreign` are the paths that nobody owns; empty where only some packages are asked about. */
export function findOutsideChanges(
  disk: Disk,
  layout: PrefixLayout,
  records: readonly PackageRecord[],
  foreign: readonly string[],
): OutsideChange[] {
  const owned = records.flatMap((record) =>
    tracesOf(record.manifest).map((each) => ({ ...each, record })),
  );
  const outside = sitesOf(disk, layout, owned)
    .flatMap((site) => tracesIn(disk, layout, site))
    .filter((each) => {
      const owner = owned.find(({ folder }) => folder === each.folder)?.record;
      return isFromOutside(disk, layout, each, owner);
    });
  const replaced = owned.flatMap(({ record, name, version }): OutsideChange[] => {
    const other = outside.find((each) => each.name === name);
    if (other === undefined) return [];
    const by = other.version;
    return [{ kind: "replaced", package: record.name, version, by, ...who(other) }];
  });
  const removed = owned
    .filter(({ name, folder }) => {
      const isReplaced = outside.some((each) => each.name === name);
      return !isReplaced && isGone(folder);
    })
    .map(({ record, version }): OutsideChange => ({
      kind: "removed",
      package: record.name,
      version,
    }));
  const names = new Set(owned.map(({ name }) => name));
  const nobodys = new Set(foreign);
  const installed = outside
    .filter(({ name, folder }) => !names.has(name) && unownedOf(folder).length > 0)
    .filter((each) => installerOf(disk, layout, each) !== "tenon") // its transaction is under way
    .map((each): OutsideChange => {
      const paths = new Set(filesOf(disk, layout, each).flatMap(unownedOf));
      const { name, version } = each;
      return { kind: "installed", name, version, ...who(each), paths: [...paths] };
    });
  return [...replaced, ...removed, ...installed];

  function isGone(folder: string): boolean {
    const entry = { type: "directory", path: folder, mode: 0 } as const;
    return differenceFrom(disk, `${layout.prefix}/${folder}`, entry)?.kind === "missing";
  }
  function unownedOf(path: string): string[] {
    return [...ancestorsOf(path), path].filter((each) => nobodys.has(each));
  }
  function who(each: Distribution): { installer?: string } {
    const installer = installerOf(disk, layout, each);
    return installer === undefined ? {} : { installer };
  }
}
