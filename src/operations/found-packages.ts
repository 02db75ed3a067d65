/** Which files others have installed, by their own lists: CMake's and any other, pip's and uv's, colcon's. */
import { isWithin, TenonError } from "../core/index.ts";
import {
  type Distribution,
  distributionsIn,
  filesOf,
  isListed,
  projectsNeeded,
  pythonSites,
} from "../distributions/index.ts";
import { openInstalled } from "../prefix/index.ts";
import { normalizeProject } from "../requirements/index.ts";
import { type Disk, exists, listIfAny, readTextIfAny } from "../world/index.ts";
import type { FoundPackage } from "./adopt.ts";
import type { OpenPrefix } from "./operate.ts";

const largestListBytes = 64 << 20;

/**
 * The paths of a list of files, one a line, absolute or relative to the prefix: CMake's
 * install_manifest.txt, what `setup.py --record` writes, or `find`'s output. Of what lies elsewhere, the
 * person is told. Throws where no line is a path in the prefix.
 */
export function readFileList(prefix: OpenPrefix, file: string): string[] {
  const { world, layout, emit } = prefix;
  const text = Buffer.from(world.disk.readFile(file, largestListBytes)).toString("utf8");
  const lines = text.split(/\r?\n/).filter((line) => line.trim() !== "");
  const inside = lines.flatMap((line) => withinPrefix(prefix, line) ?? []);
  const outside = lines.find((line) => withinPrefix(prefix, line) === undefined);
  if (inside.length === 0)
    throw wrong(`${file} names no path in ${layout.prefix}`, [
      outside === undefined ? "It is empty." : `It names ${outside}: is --prefix right?`,
    ]);
  if (outside !== undefined)
    emit({ kind: "note", text: `${outside}, which ${file} names, is not in ${layout.prefix}` });
  return inside;
}

/** Relative to the prefix, whichever way it is written; undefined for what lies elsewhere. */
export function withinPrefix({ layout, prefix }: OpenPrefix, path: string): string | undefined {
  const plain = normalize(path);
  if (!path.startsWith("/")) return plain.startsWith("..") ? undefined : plain;
  for (const root of [layout.prefix, ...(prefix === undefined ? [] : [prefix])])
    if (isWithin(plain, root)) return plain.slice(root.length + 1);
  return undefined;
}

function normalize(path: string): string {
  const names: string[] = [];
  for (const name of path.split("/")) {
    if (name === "" || name === ".") continue;
    if (name === ".." && names.length > 0 && names.at(-1) !== "..") names.pop();
    else names.push(name);
  }
  return `${path.startsWith("/") ? "/" : ""}${names.join("/")}`;
}

/** Distributions that pip, uv or another installer has put into the prefix, by their RECORD. */
export function findDistributions(prefix: OpenPrefix, names: readonly string[]): FoundPackage[] {
  const { disk } = prefix.world;
  const installed = openInstalled(disk, prefix.layout);
  const wanted = new Set(names.map(normalizeProject));
  const all = pythonSites(disk, prefix.layout, "lib").flatMap((site) =>
    distributionsIn(disk, prefix.layout, site),
  );
  const unknown = [...wanted].find((name) => !all.some((each) => each.name === name));
  if (unknown !== undefined)
    throw wrong(`no Python in ${prefix.layout.prefix} has the distribution ${unknown}`);
  const found = all
    .filter((each) => wanted.size === 0 || wanted.has(each.name))
    .filter((each) => wanted.size > 0 || !isOwned(installed, each));
  const together = new Set(found.map(({ name }) => name));
  const isThere = (name: string): boolean =>
    together.has(name) || installed.record(name) !== undefined;
  return found.map((each) => distributionOf(prefix, each, isThere));
}

function isOwned(installed: ReturnType<typeof openInstalled>, { folder }: Distribution): boolean {
  return [...installed.ownersOf(`${folder}/METADATA`)].length > 0;
}

function distributionOf(
  { world, layout }: OpenPrefix,
  found: Distribution,
  isThere: (name: string) => boolean,
): FoundPackage {
  if (!isListed(world.disk, layout, found, false))
    throw wrong(`${found.folder} has no RECORD, so that nobody knows its files`, [
      "Name them yourself: tenon adopt --name NAME --version VERSION PATH…",
    ]);
  const { name, version } = found;
  const depends = projectsNeeded(world.disk, layout, found).filter(isThere);
  return { name, version, paths: filesOf(world.disk, layout, found), depends };
}

/**
 * The packages of a colcon workspace whose install folder is the prefix, made with `--merge-install`.
 * `build` is its build folder: there lie the lists of CMake and setuptools.
 */
export function findColcon(prefix: OpenPrefix, build: string): FoundPackage[] {
  const { world, layout } = prefix;
  const { disk } = world;
  const installed = openInstalled(disk, layout);
  const index = "share/colcon-core/packages";
  const names = listIfAny(disk, `${layout.prefix}/${index}`).map(({ name }) => name);
  const mine = names.filter((name) => [...installed.ownersOf(`${index}/${name}`)].length === 0);
  if (names.length === 0)
    throw wrong(
      `${layout.prefix} holds no ${index}: it is not the merged install folder of colcon`,
      ["Build with `colcon build --merge-install`, and name the folder `install` with --prefix."],
    );
  return mine.map((name): FoundPackage => {
    const lists = ["install_manifest.txt", "install.log"]
      .map((file) => `${build}/${name}/${file}`)
      .filter((file) => exists(disk, file));
    const own = [`${index}/${name}`, `share/${name}`].filter((path) =>
      exists(disk, `${layout.prefix}/${path}`),
    );
    const needs = (readTextIfAny(disk, `${layout.prefix}/${index}/${name}`) ?? "").split(":");
    return {
      name,
      version: versionOf(disk, `${layout.prefix}/share/${name}/package.xml`),
      paths: [...lists.flatMap((file) => readFileList(prefix, file)), ...own],
      depends: needs.filter((need) => names.includes(need)),
    };
  });
}

/** Of a package.xml; `0` where it does not say it. */
function versionOf(disk: Disk, file: string): string {
  return (
    /<version[^>]*>\s*([^<\s]+)\s*<\/version>/.exec(readTextIfAny(disk, file) ?? "")?.[1] ?? "0"
  );
}

function wrong(message: string, hints: readonly string[] = []): TenonError {
  return new TenonError({ kind: "usage", code: "WRONG_ADOPT", message, hints });
}
