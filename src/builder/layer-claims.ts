/** What a stage holds of its dependencies' files: written over, removed, or merely touched. Pure. */
import {
  ancestorsOf,
  compareText,
  type Entry,
  isWithin,
  type Manifest,
  sameEntry,
} from "../core/index.ts";
import type { Layer } from "./job.ts";

/** What the stage of a package is compared with. */
interface StageContent {
  readonly manifest: Manifest;
  /** Paths whose lower entry was removed. */
  readonly deleted: readonly string[];
  /** Folders whose lower content is hidden. */
  readonly opaque: readonly string[];
}

export interface LayerClaim {
  readonly act: "wrote over" | "removed";
  readonly path: string;
  /** The package that owns the path. */
  readonly owner: string;
}

export interface Comparison {
  /** The package's own entries. */
  readonly manifest: Manifest;
  /** Entries of the stage that are a layer's, unchanged: to be removed, children first. */
  readonly surplus: readonly string[];
  readonly claims: readonly LayerClaim[];
}

/**
 * Files and links that equal those of a layer were only touched and are the layer's; so are folders
 * of a layer in which nothing is the package's own. `baseFolders` belong to nobody.
 */
export function compareWithLayers(
  stage: StageContent,
  layers: readonly Layer[],
  options: { takesOver: readonly string[]; baseFolders: readonly string[] },
): Comparison {
  const owned = findOwned(stage.manifest, layers);
  const allowed = (path: string): boolean =>
    options.takesOver.some((folder) => isWithin(path, folder));
  const claims = removedOf(stage, layers, owned).filter((claim) => !allowed(claim.path));
  const kept: Entry[] = [];
  const folders: Entry[] = [];
  for (const entry of stage.manifest) {
    const lower = owned.get(entry.path);
    const isFolder = entry.type === "directory"; // compared apart: modes differ by who made them first
    if (lower !== undefined && !isFolder && sameEntry(entry, lower.entry)) continue;
    if (isFolder && lower?.entry.type === "directory") folders.push(entry);
    else if (isFolder && lower === undefined && options.baseFolders.includes(entry.path))
      folders.push(entry);
    else kept.push(entry);
    const replaces = lower !== undefined && !(isFolder && lower.entry.type === "directory");
    if (replaces && !allowed(entry.path))
      claims.push({ act: "wrote over", path: entry.path, owner: lower.package });
  }
  const needed = new Set(kept.flatMap((entry) => ancestorsOf(entry.path)));
  const manifest = [...kept, ...folders.filter((entry) => needed.has(entry.path))].sort((a, b) =>
    compareText(a.path, b.path),
  );
  const own = new Set(manifest.map((entry) => entry.path));
  const surplus = stage.manifest.map((entry) => entry.path).filter((path) => !own.has(path));
  return { manifest, surplus: surplus.reverse(), claims };
}

interface Owned {
  readonly package: string;
  readonly entry: Entry;
}

/** The topmost layer's entry at each path of the stage. */
function findOwned(manifest: Manifest, layers: readonly Layer[]): Map<string, Owned> {
  const paths = new Set(manifest.map((entry) => entry.path));
  const owned = new Map<string, Owned>();
  for (const layer of layers) {
    for (const entry of layer.manifest) {
      if (paths.has(entry.path) && !owned.has(entry.path)) {
        owned.set(entry.path, { package: layer.package, entry });
      }
    }
  }
  return owned;
}

/** A new folder is opaque too: only one that a layer has hides anything. */
function removedOf(
  stage: StageContent,
  layers: readonly Layer[],
  owned: ReadonlyMap<string, Owned>,
): LayerClaim[] {
  const hidden = new Set([...stage.deleted, ...stage.opaque.filter((path) => owned.has(path))]);
  if (hidden.size === 0) return [];
  const present = new Set(stage.manifest.map((entry) => entry.path));
  const claims = new Map<string, LayerClaim>();
  for (const layer of layers) {
    for (const { path, type } of layer.manifest) {
      if (type === "directory" || present.has(path) || claims.has(path)) continue;
      if (!hidden.has(path) && !ancestorsOf(path).some((folder) => hidden.has(folder))) continue;
      claims.set(path, { act: "removed", path, owner: layer.package });
    }
  }
  return [...claims.values()];
}
