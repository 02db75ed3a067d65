/** Which packages of a prefix a command is about: those that are named, with all that they need at run time. */
import { nearestOf, TenonError } from "../core/index.ts";
import { type PackageRecord, type PrefixLayout, readRecords } from "../prefix/index.ts";
import type { World } from "../world/index.ts";

/** Sorted by name; all where none is named. Throws where there are none, or one that is named is not installed. */
export function selectInstalled(
  { disk }: World,
  layout: PrefixLayout,
  names: readonly string[],
): PackageRecord[] {
  const records = readRecords(disk, layout);
  if (records.size === 0) throw nothingThere(layout);
  const wanted = new Set(names.length === 0 ? records.keys() : names);
  for (const name of wanted) {
    const record = records.get(name);
    if (record === undefined) {
      if (names.includes(name)) throw notInstalled(name, layout, [...records.keys()]);
      continue; // a package that is needed may have been removed with --force
    }
    for (const each of record.depends) wanted.add(each);
  }
  return [...records.values()].filter(({ name }) => wanted.has(name));
}

function nothingThere({ prefix }: PrefixLayout): TenonError {
  return new TenonError({
    kind: "usage",
    code: "NO_PACKAGES",
    message: `the prefix ${prefix} holds no packages`,
    hints: ["Build some with `tenon build`, or name another prefix with --prefix."],
  });
}

function notInstalled(
  name: string,
  { prefix }: PrefixLayout,
  known: readonly string[],
): TenonError {
  return new TenonError({
    kind: "usage",
    code: "NOT_INSTALLED",
    message: `${name} is not installed in ${prefix}`,
    hints: nearestOf(name, known),
  });
}
