/** Where a package's archive comes from: the checkout's cache, the package index, Sage's mirrors. */
import { pathToFileURL } from "node:url";
import type { UrlSource } from "../recipe/index.ts";
import { normalizeProject } from "../requirements/index.ts";
import { type Disk, readTextIfAny } from "../world/index.ts";
import type { Archive, SagePackage } from "./package.ts";

export interface ArchivePlaces {
  readonly root: string;
  /** With `${SPKG}` for the package's name. */
  readonly mirrors: readonly Mirror[];
  readonly allowUpstream: boolean;
  /** Of the interpreter: `13`. */
  readonly pythonMinor: string;
  /** As Node names it. */
  readonly architecture: string;
}

/** A folder of archives, or a list that a server gives of servers that have one each. */
type Mirror =
  | { readonly kind: "folder"; readonly url: string }
  | { readonly kind: "list"; readonly url: string };

/** Where checkouts without `.upstream.d` look. */
const usualMirrors: Mirror = { kind: "list", url: "http://www.sagemath.org/mirror_list" };

/**
 * `.upstream.d`: in the order of the files' names, then of their lines. `server` is the caller's
 * SAGE_SERVER; lines that speak of it hold only where there is one.
 */
export function readMirrors(disk: Disk, root: string, server = ""): Mirror[] {
  const folder = `${root}/.upstream.d`;
  if (disk.statusOfTarget(folder)?.type !== "directory") return [usualMirrors];
  const names = disk.list(folder).map(({ name }) => name);
  const lines = names
    .filter((name) => !/[~#]/.test(name)) // an editor's
    .flatMap((name) => (readTextIfAny(disk, `${folder}/${name}`) ?? "").split("\n"))
    .map((line) => line.trim())
    .filter((line) => line !== "" && !line.startsWith("#"));
  return lines
    .filter((line) => server !== "" || !line.includes("${SAGE_SERVER}"))
    .map((line) => line.replaceAll("${SAGE_SERVER}", server.replace(/\/+$/, "")))
    .map((url) => ({ kind: url.endsWith("mirror_list") ? "list" : "folder", url }));
}

/** Undefined for a package that has no archive. */
export function sourceOf(item: SagePackage, places: ArchivePlaces): UrlSource | undefined {
  const archive = chooseArchive(item.archives, places);
  if (archive === undefined) return undefined;
  const { fileName, sha256, sha1, upstreamUrl } = archive;
  const mirrors = places.mirrors.flatMap(({ kind, url }) => {
    const folder = url.replaceAll("${SPKG}", item.name);
    return kind === "folder" ? [`${folder}${folder.endsWith("/") ? "" : "/"}${fileName}`] : [];
  });
  const lists = places.mirrors.flatMap(({ kind, url }) =>
    kind === "list" ? [{ url, path: `spkg/upstream/${item.name}/${fileName}` }] : [],
  );
  const upstream = places.allowUpstream && upstreamUrl !== undefined ? [upstreamUrl] : [];
  const project = projectOf(item, archive);
  return {
    kind: "url",
    urls: [pathToFileURL(`${places.root}/upstream/${fileName}`).href, ...mirrors, ...upstream],
    ...(sha256 === undefined ? {} : { sha256 }),
    ...(sha256 !== undefined || sha1 === undefined ? {} : { sha1 }),
    fileName,
    raced: true,
    ...(lists.length === 0 ? {} : { mirrorLists: lists }),
    ...(project === undefined ? {} : { project }),
  };
}

/**
 * A wheel's own name says which project it is of, and so does the folder of a package index that the
 * archive came from; else it is the project that the package is named after.
 */
function projectOf(
  { distribution }: SagePackage,
  { fileName, upstreamUrl = "" }: Archive,
): string | undefined {
  const [, folder] = /\/packages\/source\/[^/]+\/([^/]+)\//.exec(upstreamUrl) ?? [];
  const named = fileName.endsWith(".whl") ? fileName.split("-", 1)[0] : (folder ?? distribution);
  return named === undefined ? undefined : normalizeProject(named);
}

const wheelMachines: Readonly<Record<string, string>> = { x64: "x86_64", arm64: "aarch64" };

/** Of several wheels the one for this interpreter and machine; the first when none says so. */
function chooseArchive(
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
