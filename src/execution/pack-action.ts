/** A build of this machine as an action, with all that it names in the shared folder. */
import type { BuildContext, BuildJob } from "../builder/index.ts";
import { type Digest, nameOf } from "../core/index.ts";
import type { MachineFacts } from "../plan/index.ts";
import type { Recipe } from "../recipe/index.ts";
import { packSource } from "../source/index.ts";
import type { Store } from "../store/index.ts";
import type { World } from "../world/index.ts";
import { actionFormat, type ActionLayer, type BuildAction, packOf } from "./action.ts";
import { writePack } from "./execute.ts";
import type { SharedFolder } from "./shared-folder.ts";

/** What is to be built elsewhere: the source and all layers are in the store. */
export interface BuildElsewhere {
  readonly context: BuildContext;
  readonly job: BuildJob;
  readonly machine: MachineFacts;
  /** By their artifacts, topmost first. */
  readonly layers: readonly ActionLayer[];
  /** What the check's view shows besides. */
  readonly checkLayers: readonly ActionLayer[];
}

/** How many jobs a build has there. */
interface ActionPlace {
  readonly jobs: number;
}

/** Undefined where the source cannot leave this machine. */
export function packAction(
  { context, job, machine, layers, checkLayers }: BuildElsewhere,
  shared: SharedFolder,
  { jobs }: ActionPlace,
): BuildAction | undefined {
  const { disk } = context.world;
  const { recipe, pin, isBuiltWith, path, python, workspaceEnv } = job;
  const put = shared.putFile;
  const source =
    recipe.source === undefined ? undefined : packSource(context.sources, recipe, pin, put);
  if (recipe.source !== undefined && source === undefined) return undefined;
  const patches = recipe.patches.map((file) => {
    const sha256 = disk.digestFile(file);
    put(sha256, file);
    return { name: nameOf(file), sha256 };
  });
  const isChecked = job.check && recipe.check !== undefined;
  return {
    format: actionFormat,
    kind: "build",
    machine,
    path,
    ...(python === undefined ? {} : { python: python.executable }),
    recipe: withoutPlace(recipe),
    ...(pin === undefined ? {} : { pin }),
    ...(source === undefined ? {} : { source }),
    patches,
    layers,
    ...(isChecked ? { checkLayers } : {}),
    jobs,
    isBuiltWith,
    workspaceEnv,
  };
}

/** Nothing in an action names the client's folders. */
function withoutPlace(recipe: Recipe): Recipe {
  const { source, wantedBy: _wantedBy, about: _about, ...rest } = recipe;
  const placeless = { ...rest, file: "", patches: [] };
  if (source === undefined) return placeless;
  return { ...placeless, source: source.kind === "path" ? { ...source, path: "/source" } : source };
}

/** Brings packed artifacts into the shared folder, each once, although several actions need it at the same time. */
export function packOnce(
  world: World,
  store: Store,
  shared: SharedFolder,
): (artifact: Digest) => Promise<void> {
  const packing = new Map<Digest, Promise<void>>();
  return (artifact) => {
    const known = packing.get(artifact);
    if (known !== undefined) return known;
    if (shared.hasPack(artifact)) return Promise.resolve();
    const file = packOf(shared.blobs, artifact);
    const done = writePack(world, store, { artifact, file }).finally(() =>
      packing.delete(artifact),
    );
    packing.set(artifact, done);
    return done;
  };
}
