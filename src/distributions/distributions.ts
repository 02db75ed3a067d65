/**
 * Python distributions in a prefix, whoever installed them: what their .dist-info folders say. Their traces are
 * these folders, also where nothing else is left, and the eggs of older tools: a Python may find the project by them.
 */
import { type Manifest, nameOf, parentOf } from "../core/index.ts";
import type { PackageRecord, PrefixLayout } from "../prefix/index.ts";
import { normalizeProject } from "../requirements/index.ts";
import { differenceFrom, type Disk, exists, listIfAny, readTextIfAny } from "../world/index.ts";

export interface Distribution {
  /** As an index spells it. */
  readonly name: string;
  /** Empty where it is not said. */
  readonly version: string;
  /** The .dist-info folder, relative to the prefix; of older tools, an egg's folder or file. */
  readonly folder: string;
}

/** Those that a package brings or owns. */
export function distributionsOf(manifest: Manifest): Distribution[] {
  return manifest.flatMap(({ type, path }) =>
    type === "directory" && hasMetadataFolder(path) ? (traceAt(path) ?? []) : [],
  );
}

export function tracesOf(manifest: Manifest): Distribution[] {
  return manifest.flatMap(({ path }) => traceAt(path) ?? []);
}

/** Those that are in a folder of importable packages, relative to the prefix. */
export function distributionsIn(disk: Disk, layout: PrefixLayout, site: string): Distribution[] {
  return tracesIn(disk, layout, site).filter(
    ({ folder }) =>
      hasMetadataFolder(folder) && exists(disk, `${layout.prefix}/${folder}/METADATA`),
  );
}

export function tracesIn(disk: Disk, { prefix }: PrefixLayout, site: string): Distribution[] {
  return listIfAny(disk, `${prefix}/${site}`).flatMap(
    ({ name }) => traceAt(`${site}/${name}`) ?? [],
  );
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
  const entry = owner.manifest.find((each) => each.path === path);
  if (entry?.type !== "file") return exists(disk, `${prefix}/${path}`);
  const difference = differenceFrom(disk, `${prefix}/${path}`, entry)?.kind;
  return difference === "changed" || difference === "wrong-type";
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

/**
 * Whether its files can be told: by RECORD, or of an egg by pip, where it can be asked. Nobody can of a file
 * `.egg-info`, as distutils wrote it.
 */
export function isListed(
  disk: Disk,
  { prefix }: PrefixLayout,
  { folder }: Distribution,
  hasPip: boolean,
): boolean {
  if (hasMetadataFolder(folder)) return exists(disk, `${prefix}/${folder}/RECORD`);
  const isFile = disk.status(`${prefix}/${folder}`)?.type === "file";
  return hasPip && !(isFile && folder.endsWith(".egg-info"));
}

function hasMetadataFolder(path: string): boolean {
  return path.endsWith(".dist-info");
}

const folderPattern = /^([A-Za-z0-9][^-]*)-(.+)\.dist-info$/;
const eggPattern = /^([A-Za-z0-9][^-]*)(?:-([^-]+)(?:-py\d.*)?)?\.egg(?:-info|-link)?$/;

/** What pip could not remove, `~ame-1.0.dist-info`, is none: no Python finds it by the name. */
function traceAt(folder: string): Distribution | undefined {
  if (!/\.(?:dist-info|egg(?:-info|-link)?)$/.test(folder)) return undefined; // nearly all paths
  const file = nameOf(folder);
  const [, name, version = ""] = folderPattern.exec(file) ?? eggPattern.exec(file) ?? [];
  return name === undefined ? undefined : { name: normalizeProject(name), version, folder };
}
