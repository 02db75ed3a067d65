/** Finding the file of a Python project that a recipe wants, on the places that pip uses. */
import { type Digest, TenonError } from "../core/index.ts";
import type { Pin, PypiSource } from "../recipe/index.ts";
import type { Address } from "./address.ts";
import { sameVersion } from "../requirements/index.ts";
import type { SourceContext } from "./context.ts";
import { type DistributionName, rankOf, readDistribution } from "./distribution.ts";
import { mismatch, named, offline, type SourceSubject } from "./failures.ts";
import { type PipIndex, readPipIndex } from "./pip-index.ts";
import type { ProjectFile } from "./project-file.ts";
import { listProject } from "./simple-index.ts";

interface PypiRequest extends SourceSubject {
  readonly source: PypiSource;
  /** The only files that will do, where the person's own lock file says so. */
  readonly digests?: ReadonlySet<Digest>;
}

/** The best file for a recipe: an sdist, `.tar.gz` before `.zip`, or the wheel that fits best. */
export async function chooseFile(
  context: SourceContext,
  request: PypiRequest,
): Promise<ProjectFile> {
  const { source } = request;
  const files = await listProject(context, await pipIndexOf(context), source.project);
  const [best] = candidatesFrom(context, request, files);
  if (best === undefined) {
    const { digests: _, ...anyFile } = request;
    const [other] = candidatesFrom(context, anyFile, files);
    throw other === undefined ? notFound(context, request, files) : notLocked(request, other);
  }
  if (best.yanked !== undefined) {
    const why = best.yanked === "" ? "" : `: ${best.yanked}`;
    const message = `${best.name} was yanked from the index by its maintainers${why}`;
    context.report?.({ kind: "warning", package: request.package, message });
  }
  return best;
}

/** Every place that may give the pinned file: the digest decides, or the name where none is told. */
export async function locateFile(
  context: SourceContext,
  request: PypiRequest,
  pin: Pin,
): Promise<ProjectFile[]> {
  const files = await listProject(context, await pipIndexOf(context), request.source.project);
  const like = files.filter((file) =>
    pin.file === undefined ? isWanted(request.source, file) : file.name === pin.file,
  );
  const found = [
    ...files.filter((file) => file.sha256 === pin.sha256),
    ...like.filter((file) => file.sha256 === undefined),
  ];
  if (found.length > 0) return found;
  if (context.offline) throw offline(request.package);
  const other = pin.file === undefined ? undefined : like.find((file) => file.sha256);
  if (other?.sha256 === undefined) throw notFound(context, request, files);
  const { url } = other.address;
  throw mismatch({ ...request, url, expected: pin.sha256, got: other.sha256 });
}

/**
 * Where the index has the very file of a project, if it has. That it does not answer is told, and no
 * more: there are other places.
 */
export async function findOnIndex(
  context: SourceContext,
  wanted: {
    readonly package: string;
    readonly project: string;
    readonly fileName: string | undefined;
    /** Where it is not known, the name decides. */
    readonly sha256: Digest | undefined;
  },
): Promise<Address[]> {
  try {
    const files = await listProject(context, await pipIndexOf(context), wanted.project);
    return files
      .filter(({ name, sha256 }) =>
        sha256 === undefined || wanted.sha256 === undefined
          ? name === wanted.fileName
          : sha256 === wanted.sha256,
      )
      .map(({ address }) => address);
  } catch (error) {
    if (!(error instanceof TenonError)) throw error;
    context.report?.({ kind: "warning", package: wanted.package, message: error.message });
    return [];
  }
}

const known = new WeakMap<SourceContext, Promise<PipIndex>>();

/** Asking pip takes a quarter of a second, so it is asked once a context. */
function pipIndexOf(context: SourceContext): Promise<PipIndex> {
  const index =
    known.get(context) ?? readPipIndex(context.world, context.python, context.environment);
  known.set(context, index);
  return index;
}

function candidatesFrom(
  context: SourceContext,
  { source, digests }: PypiRequest,
  files: readonly ProjectFile[],
): ProjectFile[] {
  return files
    .filter((file) => isWanted(source, file) && fitsDigest(source.sha256, file))
    .filter(({ sha256 }) => sha256 === undefined || digests?.has(sha256) !== false)
    .flatMap((file) => {
      const distribution = readDistribution(file.name, source.project);
      const rank = distribution && rankOf(distribution, context.supportedTags ?? []);
      return distribution === undefined || rank === undefined ? [] : [{ file, distribution, rank }];
    })
    .sort((a, b) => a.rank - b.rank || buildOf(b.distribution) - buildOf(a.distribution))
    .map(({ file }) => file);
}

function isWanted(source: PypiSource, file: ProjectFile): boolean {
  const distribution = readDistribution(file.name, source.project);
  return (
    distribution?.kind === source.distribution && sameVersion(distribution.version, source.version)
  );
}

function fitsDigest(wanted: Digest | undefined, file: ProjectFile): boolean {
  return wanted === undefined || file.sha256 === undefined || file.sha256 === wanted;
}

function buildOf(distribution: DistributionName): number {
  return distribution.kind === "wheel" ? distribution.buildNumber : 0;
}

/** Also for a file whose digest is known only when it was downloaded. */
export function notLocked(request: PypiRequest, file: Pick<ProjectFile, "name">): TenonError {
  return new TenonError({
    kind: "source",
    code: "NOT_LOCKED",
    message: `${named(request)}: ${file.name} of the package index has none of the digests that are asked for`,
    hints: ["Lock it again with the tool that wrote the digests, for this interpreter and index."],
  });
}

const hintLimit = 8;

function notFound(
  context: SourceContext,
  request: PypiRequest,
  files: readonly ProjectFile[],
): TenonError {
  if (context.offline) return offline(request.package);
  const { project, version, distribution } = request.source;
  const ofVersion = files.filter(({ name }) => {
    const found = readDistribution(name, project);
    return found !== undefined && sameVersion(found.version, version);
  });
  const wanted = `${distribution} of ${project} ${version}`;
  return new TenonError({
    kind: "source",
    code: files.length === 0 ? "PROJECT_NOT_FOUND" : "FILE_NOT_FOUND",
    message:
      files.length === 0
        ? `${named(request)}: the package index has no project ${project}`
        : `${named(request)}: the package index has no fitting ${wanted}`,
    hints: hintsFor(project, files, ofVersion),
  });
}

function hintsFor(
  project: string,
  files: readonly ProjectFile[],
  ofVersion: readonly ProjectFile[],
): string[] {
  if (files.length === 0) {
    return ["Check the name; `python3 -m pip config list` shows which index is configured."];
  }
  if (ofVersion.length > 0) {
    const names = ofVersion.slice(0, hintLimit).map(({ name }) => name);
    return [`Of that version it has: ${names.join(", ")}.`];
  }
  const versions = files.flatMap(({ name }) => readDistribution(name, project)?.version ?? []);
  return [`The last versions it has: ${[...new Set(versions)].slice(-hintLimit).join(", ")}.`];
}
