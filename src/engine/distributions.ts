/** Python distributions in a prefix, whoever installed them: what their .dist-info folders say. */
import { type Manifest, nameOf, parentOf } from "../core/index.ts";
import type { PackageRecord, PrefixLayout } from "../prefix/index.ts";
import { normalizeProject } from "../requirements/index.ts";
import { type Disk, exists, listIfAny, readTextIfAny } from "../world/index.ts";

export interface Distribution {
  /** As an index spells it. */
  readonly name: string;
  readonly version: string;
  /** The .dist-info folder, relative to the prefix. */
  readonly folder: string;
}

/** Those that a package brings or owns. */
export function distributionsOf(manifest: Manifest): Distribution[] {
  return manifest.flatMap(({ type, path }) =>
    type === "directory" ? (distributionAt(path) ?? []) : [],
  );
}

/** Those that are in a folder of importable packages, relative to the prefix. */
export function distributionsIn(
  disk: Disk,
  { prefix }: PrefixLayout,
  site: string,
): Distribution[] {
  return listIfAny(disk, `${prefix}/${site}`)
    .flatMap(({ name }) => distributionAt(`${site}/${name}`) ?? [])
    .filter(({ folder }) => exists(disk, `${prefix}/${folder}/METADATA`));
}

/** The folders of importable packages that these are in, and those that Pythons look into by themselves. */
export function sitesOf(
  disk: Disk,
  layout: PrefixLayout,
  distributions: readonly Distribution[],
): string[] {
  const own = pythonSites(disk, layout, "lib");
  return [...new Set([...own, ...distributions.map(({ folder }) => parentOf(folder))])];
}

/** The folders of importable packages of the Pythons that a folder, relative to the prefix, has libraries of. */
export function pythonSites(disk: Disk, { prefix }: PrefixLayout, library: string): string[] {
  return listIfAny(disk, `${prefix}/${library}`)
    .filter(({ name }) => /^(?:python|pypy)\d/.test(name))
    .map(({ name }) => `${library}/${name}/site-packages`);
}

/**
 * Whether somebody else put it there: no package owns it, or it does not name the installer any more
 * that it came with.
 */
export function isFromOutside(
  disk: Disk,
  { prefix }: PrefixLayout,
  { folder }: Distribution,
  owner: PackageRecord | undefined,
): boolean {
  if (owner === undefined) return true;
  const path = `${folder}/INSTALLER`;
  if (!exists(disk, `${prefix}/${path}`)) return false;
  const entry = owner.manifest.find((each) => each.path === path);
  return entry?.type !== "file" || disk.digestFile(`${prefix}/${path}`) !== entry.sha256;
}

/** `pip`, `uv`; undefined where it is not said. */
export function installerOf(
  disk: Disk,
  { prefix }: PrefixLayout,
  { folder }: Distribution,
): string | undefined {
  const [line = ""] = (readTextIfAny(disk, `${prefix}/${folder}/INSTALLER`) ?? "").split("\n");
  return line.trim() || undefined;
}

/** The files that its RECORD lists, relative to the prefix; what leads out of it is left out. */
export function filesOf(disk: Disk, { prefix }: PrefixLayout, { folder }: Distribution): string[] {
  const site = parentOf(folder).split("/");
  return (readTextIfAny(disk, `${prefix}/${folder}/RECORD`) ?? "")
    .split(/\r?\n/)
    .flatMap((line) => {
      const [, quoted, plain] = /^(?:"((?:[^"]|"")*)"|([^,]+)),/.exec(line) ?? [];
      const path = quoted?.replaceAll('""', '"') ?? plain ?? "";
      const ups = /^(?:\.\.\/)*/.exec(path)?.[0] ?? "";
      const above = ups.length / "../".length;
      if (path === "" || path.startsWith("/") || above > site.length) return [];
      return [[...site.slice(0, site.length - above), path.slice(ups.length)].join("/")];
    });
}

function distributionAt(folder: string): Distribution | undefined {
  const [, name, version] = /^([^-]+)-(.+)\.dist-info$/.exec(nameOf(folder)) ?? [];
  if (name === undefined || version === undefined) return undefined;
  return { name: normalizeProject(name), version, folder };
}
