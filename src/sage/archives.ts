/** Where a package's archive comes from: the checkout's cache, the package index, Sage's mirrors. */
import { pathToFileURL } from "node:url";
import type { UrlSource } from "../recipe/index.ts";
import { type Disk, readTextIfAny } from "../world/index.ts";
import type { Archive, SagePackage } from "./package.ts";

export interface ArchivePlaces {
  readonly root: string;
  /** Addresses of folders, with `${SPKG}` for the package's name. */
  readonly mirrors: readonly string[];
  readonly allowUpstream: boolean;
  /** Of the interpreter: `13`. */
  readonly pythonMinor: string;
  /** As Node names it. */
  readonly architecture: string;
}

/** `.upstream.d`: in the order of the files' names, then of their lines. */
export function readMirrors(disk: Disk, root: string): string[] {
  const folder = `${root}/.upstream.d`;
  if (disk.statusOfTarget(folder)?.type !== "directory") return [];
  return disk.list(folder).flatMap(({ name }) => {
    const lines = (readTextIfAny(disk, `${folder}/${name}`) ?? "").split("\n");
    return lines.map((line) => line.trim()).filter((line) => line !== "" && !line.startsWith("#"));
  });
}

/** Undefined for a package that has no archive. */
export function sourceOf(item: SagePackage, places: ArchivePlaces): UrlSource | undefined {
  const archive = chooseArchive(item.archives, places);
  if (archive === undefined) return undefined;
  const { fileName, sha256, upstreamUrl } = archive;
  const mirrors = places.mirrors.map((mirror) => {
    const folder = mirror.replaceAll("${SPKG}", item.name);
    return `${folder}${folder.endsWith("/") ? "" : "/"}${fileName}`;
  });
  const upstream = places.allowUpstream && upstreamUrl !== undefined ? [upstreamUrl] : [];
  const { distribution } = item;
  return {
    kind: "url",
    urls: [pathToFileURL(`${places.root}/upstream/${fileName}`).href, ...mirrors, ...upstream],
    ...(sha256 === undefined ? {} : { sha256 }),
    fileName,
    raced: true,
    ...(distribution === undefined ? {} : { project: projectName(distribution) }),
  };
}

const wheelMachines: Readonly<Record<string, string>> = { x64: "x86_64", arm64: "aarch64" };

/** Of several wheels the one for this interpreter and machine; the first when none says so. */
export function chooseArchive(
  archives: readonly Archive[],
  { pythonMinor, architecture }: Pick<ArchivePlaces, "pythonMinor" | "architecture">,
): Archive | undefined {
  const machine = wheelMachines[architecture] ?? architecture;
  const fitting = archives.filter(
    ({ fileName }) => fileName.includes("manylinux") && fileName.endsWith(`_${machine}.whl`),
  );
  const exact = `-cp3${pythonMinor}-cp3${pythonMinor}-`;
  return (
    fitting.find(({ fileName }) => fileName.includes(exact)) ??
    fitting.find(({ fileName }) => fileName.includes("-abi3-")) ??
    archives.find(({ fileName }) => fileName.endsWith("-none-any.whl")) ??
    archives[0]
  );
}

/** As the index spells it. */
function projectName(distribution: string): string {
  return distribution.toLowerCase().replaceAll(/[-_.]+/g, "-");
}
