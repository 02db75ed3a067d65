/**
 * A Python distribution that pip or another installer has put into the prefix is its own: tenon
 * neither puts another version beside it, which Python would see double, nor takes its files away.
 */
import { parentOf, typedWord, TenonError } from "../core/index.ts";
import type { Change } from "../install/index.ts";
import {
  openInstalled,
  type PackageRecord,
  type PrefixLayout,
  readRecord,
} from "../prefix/index.ts";
import { type Disk, exists } from "../world/index.ts";
import {
  type Distribution,
  tracesIn,
  tracesOf,
  installerOf,
  isFromOutside,
  isListed,
} from "./distributions.ts";
import { leftoversOf } from "./leftovers.ts";

interface Rival extends Distribution {
  readonly installer: string | undefined;
  /** Whether an uninstaller knows its files. */
  readonly isListed: boolean;
  /** What tenon has on record of it. */
  readonly record: PackageRecord | undefined;
}

/** Throws a TenonError of kind `conflict`. To be called under the lock. */
export function refuseOutside(disk: Disk, layout: PrefixLayout, change: Change): void {
  const rivals = findRivals(disk, layout, change);
  if (rivals.length === 0) return;
  const shown = rivals.slice(0, 3).map(describe);
  const more = rivals.length > shown.length ? `; and ${rivals.length - shown.length} more` : "";
  throw new TenonError({
    kind: "conflict",
    code: "FROM_OUTSIDE",
    message: `${layout.prefix} is unchanged: ${shown.join("; ")}${more}`,
    hints: curesFor(disk, layout, change, rivals),
  });
}

function findRivals(disk: Disk, layout: PrefixLayout, change: Change): Rival[] {
  const records = new Map<string, PackageRecord>();
  for (const name of [...change.add.map((each) => each.name), ...change.remove]) {
    const record = readRecord(disk, layout, name);
    if (record !== undefined) records.set(name, record);
  }
  const touched = [...change.add, ...records.values()].flatMap(({ manifest }) =>
    tracesOf(manifest),
  );
  const namesBySite = new Map<string, Set<string>>();
  for (const { name, folder } of touched) {
    const site = parentOf(folder);
    namesBySite.set(site, (namesBySite.get(site) ?? new Set()).add(name));
  }
  const present = [...namesBySite].flatMap(([site, names]) =>
    tracesIn(disk, layout, site).filter(({ name }) => names.has(name)),
  );
  if (present.length === 0) return [];
  const installed = openInstalled(disk, layout);
  return present
    .filter((each) => {
      const [owner] = installed.ownersOf(each.folder);
      return isFromOutside(disk, layout, each, owner);
    })
    .map((each) => ({
      ...each,
      installer: installerOf(disk, layout, each),
      isListed: isListed(disk, layout, each, exists(disk, pythonOf(layout))),
      record: [...records.values()].find(({ manifest }) =>
        tracesOf(manifest).some(({ name }) => name === each.name),
      ),
    }));
}

function describe({
  name,
  version,
  folder,
  isListed,
  installer = "somebody",
  record,
}: Rival): string {
  const project = `${name} ${version}`.trim();
  if (record !== undefined)
    return `${installer} has put ${project} where tenon had installed ${record.name} ${record.version}`;
  if (installer === "tenon")
    return `the files of ${project} are there, which tenon has installed but has no record of`;
  return isListed
    ? `${installer} has installed ${project} there, which is not tenon's`
    : `${folder} says that ${project} is there, which tenon has not installed, and RECORD, the list of its files, is missing`;
}

/** One of the rivals of each kind: pip and uv refuse to uninstall what has no RECORD. */
function curesFor(
  disk: Disk,
  layout: PrefixLayout,
  change: Change,
  rivals: readonly Rival[],
): string[] {
  const listed = rivals.filter((each) => each.isListed);
  const left = rivals.filter((each) => !each.isListed);
  const [first] = listed;
  const leftovers = left.flatMap((each) => leftoversOf(disk, layout, change, each));
  return [
    ...(first === undefined ? [] : [cureFor(disk, layout, listed, first)]),
    ...(left.length === 0 ? [] : [cureForLeftovers(layout, leftovers)]),
  ];
}

function cureForLeftovers({ prefix }: PrefixLayout, paths: readonly string[]): string {
  const words = [...new Set(paths)].map((path) => typedWord(`${prefix}/${path}`)).join(" ");
  return `No installer can uninstall it without that list. Remove what is left of it, \`rm -r ${words}\`, then run this again.`;
}

/** What pip and uv are told to work for. */
function pythonOf({ prefix }: PrefixLayout): string {
  return `${prefix}/bin/python`;
}

function cureFor(
  disk: Disk,
  layout: PrefixLayout,
  rivals: readonly Rival[],
  { folder, installer }: Rival,
): string {
  const python = pythonOf(layout);
  if (!exists(disk, python)) {
    return `Remove the files that ${layout.prefix}/${folder}/RECORD lists, then run this again.`;
  }
  const names = rivals.map(({ name }) => name).join(" ");
  const command =
    installer === "uv"
      ? `uv pip uninstall --python ${typedWord(python)} ${names}`
      : `pip --python ${typedWord(python)} uninstall ${names}`;
  return `Take it out with what brought it in, \`${command}\`, then run this again.`;
}
