/** Refusing a folder that cannot be meant as a stage: what is handed over is gone from where it was. */
import { isWithin, joinPath, TenonError } from "../core/index.ts";
import { layoutOf, openInstalled, type PrefixLayout, statePath } from "../prefix/index.ts";
import { findWorkspace, readWorkspace } from "../recipe/index.ts";
import { type Disk, exists } from "../world/index.ts";
import type { OpenPrefix } from "./operate.ts";

export function checkStagePlace(
  { world: { disk }, layout, prefix: named = layout.prefix, store }: OpenPrefix,
  stage: string,
): void {
  if (disk.statusOfTarget(stage)?.type !== "directory")
    throw wrong(`there is no stage ${stage}: a stage is a folder that is shaped like the prefix`);
  const real = disk.realPath(stage);
  if (real === layout.prefix) throw wrong(`the stage ${stage} is the prefix itself`, elsewhere);
  if (isWithin(layout.prefix, real === "/" ? "" : real))
    throw wrong(`the prefix ${layout.prefix} lies in the stage ${stage}`, elsewhere);
  refuseInstalled(disk, layout, stage, real);
  if (store !== undefined && exists(disk, store)) refuseStore(stage, real, disk.realPath(store));
  refuseRecipes(disk, stage, real);
  for (const prefix of new Set([layout.prefix, named])) {
    refusePrefixInside(disk, { stage, real, prefix });
  }
}

const elsewhere = ["Stage it into a folder of its own, and name that with --stage."];

/** In this prefix, or in another one. */
function refuseInstalled(disk: Disk, own: PrefixLayout, stage: string, real: string): void {
  const prefix = isWithin(real, own.prefix) ? own.prefix : prefixAbove(disk, real);
  if (prefix === undefined) return;
  const path = real.slice(prefix === "/" ? 1 : prefix.length + 1);
  if (isWithin(path, statePath))
    throw wrong(`the stage ${stage} lies in tenon's own folder ${prefix}/${statePath}`, elsewhere);
  const [owner] = openInstalled(disk, layoutOf(prefix)).ownersOf(path);
  if (owner === undefined)
    throw wrong(`the stage ${stage} lies in the prefix ${prefix}`, elsewhere);
  const entry = owner.manifest.find(
    (each) => each.type !== "directory" && isWithin(each.path, path),
  );
  throw new TenonError({
    kind: "conflict",
    code: "STAGE_IS_INSTALLED",
    message: `the stage ${stage} lies in the prefix ${prefix}: ${entry?.path ?? path} belongs to ${owner.name}`,
    hints: elsewhere,
  });
}

/** The nearest folder above that holds packages of tenon's. */
function prefixAbove(disk: Disk, real: string): string | undefined {
  for (let above = real; above !== ""; above = above.slice(0, above.lastIndexOf("/"))) {
    if (exists(disk, layoutOf(above).packages)) return above;
  }
  return undefined;
}

function refuseStore(stage: string, real: string, store: string): void {
  if (isWithin(real, store))
    throw wrong(`the stage ${stage} lies in the store ${store}`, elsewhere);
  if (isWithin(store, real))
    throw wrong(`the store ${store} lies in the stage ${stage}`, elsewhere);
}

function refuseRecipes(disk: Disk, stage: string, real: string): void {
  const workspace = findWorkspace(disk, real);
  if (workspace === undefined) return;
  if (workspace === real) throw wrong(`the stage ${stage} is a workspace of recipes`, elsewhere);
  let recipes: string | undefined;
  try {
    recipes = readWorkspace(disk, workspace, { recipes: false }).recipesFolder;
  } catch (error) {
    if (error instanceof TenonError) return; // it is not asked for what is wrong with it
    throw error;
  }
  if (recipes === undefined) return;
  if (isWithin(recipes, real) || isWithin(real, recipes))
    throw wrong(`the stage ${stage} holds recipes of the workspace ${workspace}`, elsewhere);
}

/** What `make install DESTDIR=STAGE` leaves, where the prefix was configured: STAGE/home/x/prefix. */
function refusePrefixInside(
  disk: Disk,
  { stage, real, prefix }: { stage: string; real: string; prefix: string },
): void {
  const path = prefix.slice(1);
  if (path === "" || disk.status(joinPath(real, path))?.type !== "directory") return;
  // A package may well bring a folder that has the name of a prefix like /opt.
  const isAlone = disk.list(real).every(({ name }) => name === path);
  if (!path.includes("/") && !isAlone) return;
  throw wrong(
    `the stage ${stage} holds the path of the prefix, ${path}, and is not shaped like it`,
    [`The files to install are in that folder: --stage ${joinPath(stage, path)}`],
  );
}

/** A stage without a file is seldom meant. */
export function emptyStage(stage: string): TenonError {
  return wrong(`the stage ${stage} is empty: it holds no file that a package can have`, [
    "Look where the build has installed its files, or add --allow-empty if the package has none.",
  ]);
}

function wrong(message: string, hints: readonly string[] = []): TenonError {
  return new TenonError({ kind: "usage", code: "WRONG_STAGE", message, hints });
}
