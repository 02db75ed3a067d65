/**
 * A Python distribution that pip or another installer has put into the prefix is its own: tenon
 * neither puts another version beside it, which Python would see double, nor takes its files away.
 */
import { parentOf, TenonError } from "../core/index.ts";
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
  distributionsIn,
  distributionsOf,
  installerOf,
  isFromOutside,
} from "./distributions.ts";

interface Rival extends Distribution {
  readonly installer: string | undefined;
  /** What tenon has on record of it. */
  readonly record: PackageRecord | undefined;
}

/** Throws a TenonError of kind `conflict`. To be called under the lock. */
export function refuseOutside(disk: Disk, layout: PrefixLayout, change: Change): void {
  const rivals = findRivals(disk, layout, change);
  const [first] = rivals;
  if (first === undefined) return;
  const shown = rivals.slice(0, 3).map(describe);
  const more = rivals.length > shown.length ? `; and ${rivals.length - shown.length} more` : "";
  throw new TenonError({
    kind: "conflict",
    code: "FROM_OUTSIDE",
    message: `${layout.prefix} is as it was: ${shown.join("; ")}${more}`,
    hints: [cureFor(disk, layout, rivals, first)],
  });
}

function findRivals(disk: Disk, layout: PrefixLayout, change: Change): Rival[] {
  const records = new Map<string, PackageRecord>();
  for (const name of [...change.add.map((each) => each.name), ...change.remove]) {
    const record = readRecord(disk, layout, name);
    if (record !== undefined) records.set(name, record);
  }
  const touched = [...change.add, ...records.values()].flatMap(({ manifest }) =>
    distributionsOf(manifest),
  );
  const namesBySite = new Map<string, Set<string>>();
  for (const { name, folder } of touched) {
    const site = parentOf(folder);
    namesBySite.set(site, (namesBySite.get(site) ?? new Set()).add(name));
  }
  const present = [...namesBySite].flatMap(([site, names]) =>
    distributionsIn(disk, layout, site).filter(({ name }) => names.has(name)),
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
      record: [...records.values()].find(({ manifest }) =>
        distributionsOf(manifest).some(({ name }) => name === each.name),
      ),
    }));
}

function describe({ name, version, installer = "somebody", record }: Rival): string {
  return record === undefined
    ? `${installer} has installed ${name} ${version} there, which is not tenon's`
    : `${installer} has put ${name} ${version} where tenon had installed ${record.name} ${record.version}`;
}

function cureFor(
  disk: Disk,
  { prefix }: PrefixLayout,
  rivals: readonly Rival[],
  { folder, installer }: Rival,
): string {
  const python = `${prefix}/bin/python`;
  if (!exists(disk, python)) {
    return `Remove the files that ${prefix}/${folder}/RECORD lists, then run this again.`;
  }
  const names = rivals.map(({ name }) => name).join(" ");
  const command =
    installer === "uv"
      ? `uv pip uninstall --python ${python} ${names}`
      : `pip --python ${python} uninstall ${names}`;
  return `Take it out with what brought it in, \`${command}\`, then run this again.`;
}
