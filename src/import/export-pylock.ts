/** `tenon export --format pylock.toml`: the Python projects of a workspace as a lock file of PEP 751. */
import { relative } from "node:path";
import { showCount, withoutCredentials } from "../core/index.ts";
import { probePython } from "../builder/index.ts";
import { pinOf, type Pin, type PypiSource, type Recipe, requirePins } from "../recipe/index.ts";
import type { MarkerEnvironment } from "../requirements/index.ts";
import { addressOf, eachAtOnce, locateFile, type ProjectFile } from "../source/index.ts";
import type { World } from "../world/index.ts";
import {
  openSession,
  selectPackages,
  type Session,
  type SessionOptions,
} from "../workspace/index.ts";
import { exportedPackages } from "./exported-packages.ts";
import type { ExportOptions } from "./export-requirements.ts";
import { markerEnvironment } from "./marker-environment.ts";
import { type Pylock, type PylockFile, type PylockPackage, renderPylock } from "./render-pylock.ts";

export interface ExportPylockOptions extends SessionOptions, Pick<ExportOptions, "packages"> {
  /** Where the file will be: paths in it are relative to here; absolute. */
  readonly folder: string;
}

export interface ExportedPylock {
  readonly text: string;
  readonly pylock: Pylock;
  /** Packages that Python's tools cannot install, such as a C library. */
  readonly leftOut: readonly string[];
  /** Projects whose patches the file cannot name. */
  readonly patched: readonly string[];
}

/**
 * Each project with the one file that is pinned, and its address as the index has it now. Throws for a
 * name without a recipe, for what has no pin, and for a pinned file that the index does not have.
 */
export async function exportPylock(
  world: World,
  options: ExportPylockOptions,
): Promise<ExportedPylock> {
  const session = openSession(world, options);
  const { recipes } = session.workspace;
  const roots = options.packages.length > 0 ? selectPackages(session, options.packages) : undefined;
  const { projects, others } = exportedPackages(recipes, roots);
  requirePins(
    session.workspace,
    projects.map(({ name }) => name),
  );
  const markers = await markersOf(session);
  const pylock = {
    ...machineOf(markers),
    packages: await packagesOf(session, projects, options.folder),
  };
  return {
    text: renderPylock(pylock),
    pylock,
    leftOut: others.map(({ name }) => name),
    patched: projects.filter(({ patches }) => patches.length > 0).map(({ name }) => name),
  };
}

async function markersOf({ world, workspace, options }: Session): Promise<MarkerEnvironment> {
  const callersPath = (options.environment["PATH"] ?? "").split(":").filter(Boolean);
  const { executable } = await probePython(world, workspace.python, callersPath);
  return markerEnvironment(world, executable);
}

const decisive = [
  "implementation_name",
  "platform_machine",
  "python_version",
  "sys_platform",
] as const;

/** The versions were chosen, and the wheels taken, for this interpreter: for another one, others may be needed. */
function machineOf(markers: MarkerEnvironment): Pick<Pylock, "environments" | "requiresPython"> {
  const marker = decisive.map((name) => `${name} == '${String(markers[name])}'`).join(" and ");
  return { environments: [marker], requiresPython: `==${String(markers["python_version"])}.*` };
}

async function packagesOf(
  session: Session,
  projects: readonly Recipe[],
  folder: string,
): Promise<PylockPackage[]> {
  const { emit } = session.options;
  emit({
    kind: "note",
    text: `asking the index for the files of ${showCount(projects.length, "project")}`,
  });
  let done = 0;
  return eachAtOnce(projects, async (recipe) => {
    const entry = await packageOf(session, recipe, folder);
    emit({
      kind: "counted",
      doing: "finding addresses",
      done: (done += 1),
      total: projects.length,
    });
    return entry;
  });
}

async function packageOf(session: Session, recipe: Recipe, folder: string): Promise<PylockPackage> {
  const { name, version, source, build } = recipe;
  const pin = pinOf(recipe, session.workspace.lock);
  const below = build.directory === undefined ? {} : { subdirectory: build.directory };
  if (source?.kind === "path") {
    return { name, version, ...localSource(session.world, source.path, folder, below) };
  }
  if (source === undefined || pin === undefined) return { name, version };
  switch (source.kind) {
    case "pypi":
      return fromIndex(session, { recipe, source, pin, folder });
    case "url": {
      const { url } = addressOf(source.urls[0] ?? "");
      return { name, version, archive: { ...placeOf(url, folder), sha256: pin.sha256, ...below } };
    }
    case "git": {
      const { repository, revision } = source;
      const commit = pin.commit ?? revision;
      const asked = commit === revision ? {} : { requestedRevision: revision };
      return {
        name,
        version,
        vcs: { ...placeOf(withoutCredentials(repository), folder), ...asked, commit, ...below },
      };
    }
  }
}

function localSource(
  { disk }: World,
  path: string,
  folder: string,
  below: { readonly subdirectory?: string },
): Pick<PylockPackage, "archive" | "directory"> {
  const place = { path: pathFrom(folder, path) };
  return disk.statusOfTarget(path)?.type === "file"
    ? { archive: { ...place, sha256: disk.digestFile(path), ...below } }
    : { directory: { ...place, ...below } };
}

interface Located {
  readonly recipe: Recipe;
  readonly source: PypiSource;
  readonly pin: Pin;
  readonly folder: string;
}

async function fromIndex(
  session: Session,
  { recipe, source, pin, folder }: Located,
): Promise<PylockPackage> {
  const request = { package: recipe.name, recipeFile: recipe.file, source };
  const [found] = await locateFile(session.sources, request, pin);
  const { project: name, version, distribution } = source;
  if (found === undefined) return { name, version };
  const { index } = found;
  const file = fileOf(found, pin, folder);
  return {
    name,
    version,
    ...(index === undefined ? {} : { index }),
    ...(distribution === "wheel" ? { wheels: [file] } : { sdist: file }),
  };
}

function fileOf({ name, address, sizeBytes }: ProjectFile, pin: Pin, folder: string): PylockFile {
  const size = sizeBytes === undefined ? {} : { size: sizeBytes };
  return { name, ...placeOf(address.url, folder), ...size, sha256: pin.sha256 };
}

/** A file of this machine is named by its path, as the file may move together with it. */
function placeOf(
  url: string,
  folder: string,
): { readonly url: string } | { readonly path: string } {
  if (/^file:/i.test(url))
    return { path: pathFrom(folder, decodeURIComponent(new URL(url).pathname)) };
  return url.startsWith("/") ? { path: pathFrom(folder, url) } : { url };
}

function pathFrom(folder: string, path: string): string {
  return relative(folder, path) || ".";
}
