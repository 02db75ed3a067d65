/** The files of a checkout that a package's result depends on. */
import { type Disk, exists } from "../world/index.ts";
import type { SageDependencies } from "./dependencies.ts";
import type { SagePackage } from "./package.ts";

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

interface PackageNeeds {
  readonly item: SagePackage;
  readonly needs: SageDependencies;
}

/** Absolute, sorted within each folder; the source of an in-tree package is among them. */
export function inputFilesOf(disk: Disk, root: string, its: PackageNeeds): string[] {
  const shared = sharedFiles.map((path) => `${root}/${path}`).filter((file) => exists(disk, file));
  return [...shared, ...ownFilesOf(disk, root, its)];
}

/** Those that are not every package's. */
export function ownFilesOf(disk: Disk, root: string, { item, needs }: PackageNeeds): string[] {
  return [
    ...filesBelow(disk, item.directory, descriptions),
    ...(item.sourceFolder === undefined ? [] : filesBelow(disk, item.sourceFolder)),
    ...needs.files.flatMap((pattern) => matching(disk, pattern, root)),
  ];
}

/** Links to files count by what they lead to; links to folders are not followed. */
function filesBelow(disk: Disk, folder: string, except?: ReadonlySet<string>): string[] {
  const found: string[] = [];
  for (const { name, type, rawName } of disk.list(folder)) {
    if (rawName !== undefined || except?.has(name) || isGenerated(name)) continue;
    const path = `${folder}/${name}`;
    if (type === "directory") found.push(...filesBelow(disk, path));
    else if (disk.statusOfTarget(path)?.type === "file") found.push(path);
  }
  return found;
}

/** What a build in the source's own folder leaves there. */
function isGenerated(name: string): boolean {
  return /^(__pycache__|build|dist|.*\.egg-info|.*\.pyc)$/.test(name);
}

/** `$(SAGE_ROOT)/pkgs/x/*.py`; a pattern that is none of the checkout's gives nothing. */
function matching(disk: Disk, pattern: string, root: string): string[] {
  const path = pattern.replace(/^\$\(SAGE_ROOT\)/, root).replace(/^\$\(SAGE_SRC\)/, `${root}/src`);
  if (!path.startsWith(`${root}/`)) return [];
  const slash = path.lastIndexOf("/");
  const folder = path.slice(0, slash);
  const name = path.slice(slash + 1);
  if (!name.includes("*")) return disk.statusOfTarget(path)?.type === "file" ? [path] : [];
  if (disk.statusOfTarget(folder)?.type !== "directory") return [];
  const parts = name.split("*").map((part) => part.replaceAll(/[.+?^${}()|[\]\\]/g, "\\$&"));
  const like = new RegExp(`^${parts.join(".*")}$`);
  return disk
    .list(folder)
    .flatMap((item) => (like.test(item.name) ? [`${folder}/${item.name}`] : []));
}
