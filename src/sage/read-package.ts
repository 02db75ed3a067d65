/** Reads one folder of build/pkgs. */
import { type Disk, readTextIfAny } from "../world/index.ts";
import { readChecksums } from "./checksums.ts";
import { readDependencyLine } from "./dependency-line.ts";
import {
  type Archive,
  type PackageType,
  packageTypes,
  type SagePackage,
  type SourceType,
  type WrittenDependencies,
} from "./package.ts";
import { readProjectLists } from "./project-lists.ts";

/** Told of what is wrong, with the file; reading goes on. */
export type ReportMistake = (file: string, what: string) => void;

/** Undefined for a folder without `type`: it describes no package. */
export function readPackage(
  disk: Disk,
  { name, directory }: { readonly name: string; readonly directory: string },
  report: ReportMistake,
): SagePackage | undefined {
  const files = filesIn(disk, directory);
  const type = files.read("type")?.trim();
  if (type === undefined) return undefined;
  if (!isPackageType(type)) {
    const what = `its type is ${JSON.stringify(type)}, not one of ${packageTypes.join(", ")}`;
    report(`${directory}/type`, what);
  }
  if (!/^[a-z0-9_.]+$/.test(name)) {
    report(directory, "a package's name has lower-case letters, digits and '_' only");
  }
  const version = files.read("package-version.txt")?.trim();
  const archives = readChecksums(
    files.read("checksums.ini") ?? "",
    version?.replace(/\.p\d+$/, ""),
  );
  const distribution = distributionOf(name, files);
  return {
    name,
    directory,
    type: isPackageType(type) ? type : "optional",
    source: sourceTypeOf(files, archives),
    version,
    distribution,
    purl: firstLine(files.read("purl.txt")) ?? usualPurl(name, distribution),
    trees: treesOf(files),
    archives,
    written: readDependencies(files),
    sourceFolder: files.has("src") ? disk.realPath(`${directory}/src`) : undefined,
  };
}

interface Files {
  readonly has: (name: string) => boolean;
  /** Also a path; symlinks are followed. */
  readonly read: (name: string) => string | undefined;
}

/** One listing spares asking for a dozen files that are seldom there. */
function filesIn(disk: Disk, directory: string): Files {
  if (disk.statusOfTarget(directory)?.type !== "directory") {
    return { has: () => false, read: () => undefined };
  }
  const names = new Set(disk.list(directory).map((item) => item.name));
  const has = (name: string): boolean =>
    names.has(name) && disk.statusOfTarget(`${directory}/${name}`) !== undefined;
  return {
    has,
    read: (name) =>
      names.has(name.split("/")[0] ?? "") ? readTextIfAny(disk, `${directory}/${name}`) : undefined,
  };
}

function isPackageType(type: string): type is PackageType {
  return packageTypes.some((known) => known === type);
}

/** The first that fits. */
function sourceTypeOf(files: Files, [archive]: readonly Archive[]): SourceType {
  if (files.has("requirements.txt")) return "pip";
  if (archive !== undefined) return archive.fileName.endsWith(".whl") ? "wheel" : "normal";
  return files.has("spkg-install") || files.has("spkg-install.in") ? "script" : "none";
}

function treesOf(files: Files): string[] {
  const written = firstLine(files.read("trees.txt"));
  if (written !== undefined) return written.split(/\s+/).filter(Boolean);
  return [requirementFiles.some(files.has) ? "SAGE_VENV" : "SAGE_LOCAL"];
}

/** What pip is to choose, and what is built in the version that it names; as older checkouts have it, too. */
const requirementFiles = ["requirements.txt", "version_requirements.txt", "install-requires.txt"];

/** The project's name on the package index, as the first requirement has it; the package's where none has. */
function distributionOf(name: string, files: Files): string | undefined {
  const found = requirementFiles.filter(files.has);
  const named = found.map((file) => firstRequirement(files.read(file))).find(Boolean);
  return named ?? (found.length === 0 ? undefined : name);
}

function usualPurl(name: string, distribution: string | undefined): string {
  return distribution === undefined
    ? `pkg:generic/${name.replaceAll("_", "-")}`
    : `pkg:pypi/${distribution.toLowerCase().replaceAll("_", "-")}`;
}

function firstRequirement(text = ""): string | undefined {
  const lines = text.split("\n").map((line) => line.trim());
  const line = lines.find((each) => each !== "" && !each.startsWith("#"));
  return line === undefined ? undefined : /^[A-Za-z0-9](?:[\w.-]*[A-Za-z0-9])?/.exec(line)?.[0];
}

function firstLine(text: string | undefined): string | undefined {
  return text?.split("\n", 1)[0]?.split("#", 1)[0]?.trim();
}

function readDependencies(files: Files): WrittenDependencies {
  const read = (name: string) => readDependencyLine(files.read(name) ?? "");
  const both = read("dependencies");
  // Where there is a file for building, the other one speaks of run time only.
  const build = files.has("dependencies_build") ? read("dependencies_build") : both;
  return {
    build: build.plain,
    orderOnly: [...build.orderOnly, ...read("dependencies_order_only").plain],
    run: both.plain,
    check: read("dependencies_check").plain,
    optional: read("dependencies_optional").plain,
    project: readProjectLists(files.read("src/pyproject.toml.m4") ?? ""),
  };
}
