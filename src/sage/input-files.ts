/** The files of a checkout that a package's result depends on. */
import { isWithin } from "../core/index.ts";
import { type Disk, exists } from "../world/index.ts";
import type { SageDependencies } from "./dependencies.ts";
import type { SagePackage } from "./package.ts";
import type { ListSource } from "./source-files.ts";
import { force } from "./words.ts";

/** What every build goes through. */
const sharedFiles = [
  "build/bin/sage-spkg",
  "build/bin/sage-dist-helpers",
  "build/bin/sage-build-env",
  "build/bin/sage-build-env-config",
  "build/bin/sage-pip-install",
  "src/bin/sage-env",
  "src/bin/sage-env-config",
  "src/bin/sage-src-env-config",
];

/** They describe the package to people, to configure or to the system's package manager. */
const descriptions: ReadonlySet<string> = new Set([
  "SPKG.rst",
  "distros",
  "spkg-configure.m4",
  "dependencies",
  "dependencies_build",
  "dependencies_check",
  "dependencies_optional",
  "dependencies_order_only",
  "src",
]);

/** What is built at the root of the checkout is made of these, and of nothing that a build leaves there. */
const rootFiles = ["meson.build", "meson.options", "meson_options.txt", "pyproject.toml"];
const rootFolders = ["src", "subprojects", "tools"];

interface PackageNeeds {
  readonly item: SagePackage;
  readonly needs: SageDependencies;
}

/** Where the files are looked for. */
export interface InputPlaces {
  readonly disk: Disk;
  readonly root: string;
  /** SAGE_LOCAL, where nothing is an input. */
  readonly local: string;
  readonly listSource: ListSource;
}

/** Absolute, sorted within each folder; the source of an in-tree package is among them. */
export function inputFilesOf(places: InputPlaces, its: PackageNeeds): string[] {
  const shared = sharedFiles
    .map((path) => `${places.root}/${path}`)
    .filter((file) => exists(places.disk, file));
  return [...new Set([...shared, ...ownFilesOf(places, its)])];
}

/** Those that are not every package's. */
export function ownFilesOf(places: InputPlaces, { item, needs }: PackageNeeds): string[] {
  const { disk, root, local, listSource } = places;
  return [
    ...describingFiles(disk, item.directory),
    ...(item.sourceFolder === undefined ? [] : listSource(item.sourceFolder)),
    ...(isBuiltAtRoot(item, needs) ? filesOfRoot(places) : []),
    ...needs.files.flatMap((pattern) =>
      isWithin(pattern, root) && !isWithin(pattern, local) ? matching(disk, pattern) : [],
    ),
  ];
}

/** make runs it each time, and its script finds in the checkout itself what has changed. */
export function isBuiltAtRoot(item: SagePackage, { files }: SageDependencies): boolean {
  return item.source === "script" && item.sourceFolder === undefined && files.includes(force);
}

function filesOfRoot({ disk, root, listSource }: InputPlaces): string[] {
  const files = rootFiles.map((name) => `${root}/${name}`).filter((file) => exists(disk, file));
  const folders = rootFolders.map((name) => `${root}/${name}`);
  return [
    ...files,
    ...folders.filter((folder) => exists(disk, folder)).flatMap((folder) => listSource(folder)),
  ];
}

/** The package's scripts, patches and sums; links to files count by what they lead to. */
function describingFiles(disk: Disk, folder: string): string[] {
  return disk.list(folder).flatMap(({ name, type, rawName }) => {
    const path = `${folder}/${name}`;
    if (rawName !== undefined || descriptions.has(name)) return [];
    if (type === "directory") return describingFiles(disk, path);
    return disk.statusOfTarget(path)?.type === "file" ? [path] : [];
  });
}

/** `/root/pkgs/x/*.py`; one without a wildcard is a file. */
function matching(disk: Disk, pattern: string): string[] {
  const slash = pattern.lastIndexOf("/");
  const folder = pattern.slice(0, slash);
  const name = pattern.slice(slash + 1);
  if (!name.includes("*")) return disk.statusOfTarget(pattern)?.type === "file" ? [pattern] : [];
  if (disk.statusOfTarget(folder)?.type !== "directory") return [];
  const parts = name.split("*").map((part) => part.replaceAll(/[.+?^${}()|[\]\\]/g, "\\$&"));
  const like = new RegExp(`^${parts.join(".*")}$`);
  return disk
    .list(folder)
    .flatMap((item) => (like.test(item.name) ? [`${folder}/${item.name}`] : []));
}
