/** Python distributions in a prefix, whoever installed them: what their .dist-info folders say. */
import { type Manifest, nameOf, parentOf } from "../core/index.ts";
import type { PackageRecord, PrefixLayout } from "../prefix/index.ts";
import { normalizeProject } from "../requirements/index.ts";
import { type Disk, exists, isDiskError } from "../world/index.ts";

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
  return namesIn(disk, `${prefix}/${site}`)
    .flatMap((name) => distributionAt(`${site}/${name}`) ?? [])
    .filter(({ folder }) => exists(disk, `${prefix}/${folder}/METADATA`));
}

/** The folders of importable packages that these are in, and those that Pythons look into by themselves. */
export function sitesOf(
  disk: Disk,
  { prefix }: PrefixLayout,
  distributions: readonly Distribution[],
): string[] {
  const own = namesIn(disk, `${prefix}/lib`)
    .filter((name) => /^(?:python|pypy)\d/.test(name))
    .map((name) => `lib/${name}/site-packages`);
  return [...new Set([...own, ...distributions.map(({ folder }) => parentOf(folder))])];
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
  const [line = ""] = readIfAny(disk, `${prefix}/${folder}/INSTALLER`).split("\n");
  return line.trim() || undefined;
}

/** The files that its RECORD lists, relative to the prefix; what leads out of it is left out. */
export function filesOf(disk: Disk, { prefix }: PrefixLayout, { folder }: Distribution): string[] {
  const site = parentOf(folder).split("/");
  return readIfAny(disk, `${prefix}/${folder}/RECORD`)
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

function namesIn(disk: Disk, folder: string): string[] {
  return unlessMissing(() => disk.list(folder).map(({ name }) => name), []);
}

function readIfAny(disk: Disk, file: string): string {
  return unlessMissing(() => Buffer.from(disk.readFile(file)).toString("utf8"), "");
}

function unlessMissing<Result>(read: () => Result, otherwise: Result): Result {
  try {
    return read();
  } catch (error) {
    if (isDiskError(error, "ENOENT", "ENOTDIR")) return otherwise;
    throw error;
  }
}
