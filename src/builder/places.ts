/** Where things lie while one package is built: in the scratch folder, and as the build sees them. */
import { joinPath } from "../core/index.ts";
import { type Disk, makeDirectories } from "../world/index.ts";
import type { BuildJob, Layer } from "./job.ts";
import { buildFolder, emptyLayer, linkLayers, skeletonName, workFolders } from "../view/index.ts";

export interface Places {
  readonly scratch: string;
  /** The package's work folder on disk: `src`, `tmp`, `home`, `out`. */
  readonly work: string;
  /** The same folder as the build sees it. */
  readonly workInside: string;
  /** The folder to build in, on disk and as the build sees it. */
  readonly source: string;
  readonly sourceInside: string;
  readonly prefix: string;
  /** Empty in a view. */
  readonly destdir: string;
  /** What the build writes into the prefix lands here. */
  readonly stage: string;
  /** Names in the folder `layers` of the scratch folder, topmost first; none without a view. */
  readonly layerNames: readonly string[];
}

export function makePlaces(disk: Disk, job: BuildJob): Places {
  const { prefix, recipe, scratch } = job;
  const work = `${scratch}/work`;
  const inView = job.isolation.kind === "view";
  const workInside = inView ? placeOfWork(job) : work;
  const destdir = inView ? "" : `${scratch}/destdir`;
  const below = joinPath("src", recipe.build.directory ?? "");
  const stage = inView ? `${scratch}/upper` : `${destdir}${prefix}`;
  for (const folder of [`${work}/src`, `${work}/tmp`, `${work}/home`, `${work}/out`, stage]) {
    makeDirectories(disk, folder);
  }
  const layerNames = inView ? makeLayers(disk, job) : [];
  if (!inView) linkLikeLayers(disk, job, stage);
  return {
    scratch,
    work,
    workInside,
    source: `${work}/${below}`,
    sourceInside: `${workInside}/${below}`,
    prefix,
    destdir,
    stage,
    layerNames,
  };
}

function placeOfWork({ isolation, prefix, recipe }: BuildJob): string {
  const hasRoot = isolation.kind === "view" && isolation.root;
  return `${hasRoot ? buildFolder : `${prefix}/${workFolders}`}/${recipe.name}`;
}

/** The name of the layer that is the package's own stage, for its check. */
export const ownLayerName = "own";
/** The link, beside these two, to the links that all builds share; short, for it is in every name. */
const sharedName = "l";

/** Packages that came out identical share an artifact, and an overlay takes no folder twice. */
function makeLayers(disk: Disk, job: BuildJob): string[] {
  const folder = `${job.scratch}/layers`;
  disk.makeDirectory(folder);
  disk.makeDirectory(`${job.scratch}/overlay`);
  const place = `${workFolders}/${job.recipe.name}`;
  disk.makeLink(`${folder}/${skeletonName}`, emptyLayer(disk, job.layerLinks, place));
  disk.makeLink(`${folder}/${sharedName}`, job.layerLinks);
  return [...layerNamesFor(disk, job, job.layers), skeletonName];
}

/** The kernel's limit is 500; one more is the stage in the check. */
export const layersAtMost = 499;

/** In the scratch folder's `layers`, by which a view refers to them; bytecode only where there is room for it. */
export function layerNamesFor(
  disk: Disk,
  { layerLinks }: BuildJob,
  layers: readonly Layer[],
): string[] {
  const trees = [
    ...new Set(layers.flatMap(({ relocated, tree }) => [relocated ?? [], tree].flat())),
  ];
  const bytecode = [...new Set(layers.flatMap((layer) => layer.bytecode ?? []))];
  const fits = trees.length + bytecode.length < layersAtMost;
  return linkLayers(disk, layerLinks, fits ? [...trees, ...bytecode] : trees).map(
    (name) => `${sharedName}/${name}`,
  );
}

/**
 * Without a view, a dependency's `lib64 -> lib` is not seen below DESTDIR, and `lib64/x` would make
 * a folder where the link is: so the links to folders are there beforehand, and go again afterwards.
 */
function linkLikeLayers(disk: Disk, job: BuildJob, stage: string): void {
  for (const { manifest } of job.layers) {
    const folders = new Set(
      manifest.filter((entry) => entry.type === "directory").map((entry) => entry.path),
    );
    for (const entry of manifest) {
      if (entry.type !== "link" || entry.target.startsWith("/")) continue;
      const parent = entry.path.slice(0, entry.path.lastIndexOf("/") + 1);
      const target = `${parent}${entry.target}`;
      if (!folders.has(target) || disk.status(`${stage}/${entry.path}`) !== undefined) continue;
      makeDirectories(disk, `${stage}/${target}`);
      makeDirectories(disk, `${stage}/${parent}`);
      disk.makeLink(`${stage}/${entry.path}`, entry.target);
    }
  }
}
