/** What the record of a package and a package that comes in say alike: it goes with the package to any prefix. */
import type { PackageRecord } from "../prefix/index.ts";
import type { Incoming } from "./change.ts";

type Carried = Pick<
  PackageRecord,
  | "name"
  | "version"
  | "artifact"
  | "key"
  | "depends"
  | "about"
  | "takesOver"
  | "ceded"
  | "cededEntries"
>;

export function carriedOf(from: PackageRecord | Incoming): Carried {
  const {
    name,
    version,
    artifact,
    key,
    depends,
    about,
    takesOver,
    ceded = [],
    cededEntries,
  } = from;
  return {
    name,
    version,
    artifact,
    ...(key === undefined ? {} : { key }),
    depends,
    ...(about === undefined ? {} : { about }),
    takesOver,
    ceded,
    ...(cededEntries === undefined ? {} : { cededEntries }),
  };
}
