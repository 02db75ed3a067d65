/**
 * An action: all that a build needs, written down so that another machine can do it. It names neither the client's
 * folders nor its prefix.
 *
 * `action.json` lies in a folder of its own. What it names by digest lies in a folder of blobs: files under their SHA-256,
 * packed artifacts under `ID.pack`. What comes of it lies in a folder of results (`outcome.ts`).
 */
import {
  assert,
  canonicalJson,
  type Digest,
  digestOf,
  isDigest,
  isPackageName,
  type Json,
  nameOf,
  TenonError,
} from "../core/index.ts";
import type { MachineFacts } from "../plan/index.ts";
import type { Pin, Recipe } from "../recipe/index.ts";
import type { PackedSource } from "../source/index.ts";
import { type Disk, readText } from "../world/index.ts";

export const actionFormat = 1;
export const actionFile = "action.json";

interface Common {
  readonly format: typeof actionFormat;
  /** What the worker must be like: the key of the result depends on it. */
  readonly machine: MachineFacts;
  /** Where builds find the machine's programs. */
  readonly path: readonly string[];
  /** The interpreter, absolute, where the workspace uses one. */
  readonly python?: string;
}

/** Whether a worker is fit for builds. */
interface ProbeAction extends Common {
  readonly kind: "probe";
}

export interface BuildAction extends Common {
  readonly kind: "build";
  /** Its own file, its source's folder and its patches are not named. */
  readonly recipe: Recipe;
  readonly pin?: Pin;
  readonly source?: PackedSource;
  readonly patches: readonly { readonly name: string; readonly sha256: Digest }[];
  /** Topmost first. */
  readonly layers: readonly ActionLayer[];
  /** The same for the check, which is run when this is there. */
  readonly checkLayers?: readonly ActionLayer[];
  readonly jobs: number;
  readonly isBuiltWith: boolean;
  readonly workspaceEnv: Readonly<Record<string, string>>;
}

export type Action = ProbeAction | BuildAction;

export interface ActionLayer {
  readonly package: string;
  readonly artifact: Digest;
}

/** The same for the same action, so that its digest names it. */
export function actionText(action: Action): string {
  // What is undefined is left out.
  return `${canonicalJson(JSON.parse(JSON.stringify(action)) as Json)}\n`;
}

export function digestOfAction(action: Action): Digest {
  return digestOf(actionText(action));
}

/** Throws a TenonError of kind `usage` where there is none, or none that this tenon can read. */
export function readAction(disk: Disk, folder: string): Action {
  const file = `${folder}/${actionFile}`;
  const value = parse(readText(disk, file));
  if (value === undefined) throw unreadable(file, "it is not an action");
  if (value.format !== actionFormat)
    throw unreadable(file, `its format is ${String(value.format)}, and this is ${actionFormat}`);
  const isFit = value.kind === "probe" || (value.kind === "build" && isBuild(value));
  if (!isFit) throw unreadable(file, "something in it is not what it has to be");
  return value;
}

function parse(text: string): Action | undefined {
  try {
    return (JSON.parse(text) as Action | null) ?? undefined;
  } catch {
    return undefined;
  }
}

/** What becomes a path is checked; the rest is as good as the script that it runs. */
function isBuild({
  recipe,
  source,
  patches,
  layers,
  checkLayers = [],
  jobs,
}: BuildAction): boolean {
  const digests = [
    ...(source === undefined ? [] : [source.content]),
    ...(source?.crates === undefined ? [] : [source.crates]),
    ...patches.map(({ sha256 }) => sha256),
    ...[...layers, ...checkLayers].map(({ artifact }) => artifact),
  ];
  return (
    isPackageName(recipe.name) && digests.every(isDigest) && Number.isSafeInteger(jobs) && jobs > 0
  );
}

function unreadable(file: string, why: string): TenonError {
  return new TenonError({
    kind: "usage",
    code: "ACTION_UNREADABLE",
    message: `${file} cannot be executed: ${why}`,
    hints: ["An action is written by `tenon build`, for a tenon of the same version."],
  });
}

/** The files in a folder of blobs that the action names. */
export function blobNames(action: Action): readonly string[] {
  if (action.kind === "probe") return [];
  const { source, patches, layers, checkLayers = [] } = action;
  const packs = [...layers, ...checkLayers].map(({ artifact }) => nameOf(packOf("", artifact)));
  const { content, crates } = source ?? {};
  const files = [content, crates].filter((name) => name !== undefined);
  return [...new Set([...files, ...patches.map(({ sha256 }) => sha256), ...packs])];
}

/** Where the packed artifact is in a folder of blobs. */
export function packOf(blobs: string, artifact: Digest): string {
  assert(isDigest(artifact), "an artifact is named by a digest");
  return `${blobs}/${artifact}.pack`;
}

export function blobPath(blobs: string, sha256: Digest): string {
  assert(isDigest(sha256), "a blob is named by a digest");
  return `${blobs}/${sha256}`;
}
