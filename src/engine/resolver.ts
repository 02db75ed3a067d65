/** Finding out, package by package, which key it has today and whether the store knows the result. */
import type { Digest } from "../core/index.ts";
import { type Input, inputsOf, keyOf, recipeOf, viewOf } from "../plan/index.ts";
import { pinOf } from "../recipe/index.ts";
import { digestSource } from "../source/index.ts";
import type { KeyRecord } from "../store/index.ts";
import type { Facts } from "./facts.ts";
import type { Session } from "./session.ts";

export interface Resolved {
  readonly key: Digest;
  readonly inputs: readonly Input[];
}

export interface Resolver {
  /** The artifacts that are known by now; a package is added when it is built or found. */
  readonly artifacts: ReadonlyMap<string, Digest>;
  /** How each of them came to be. */
  readonly records: ReadonlyMap<string, KeyRecord>;
  /** Today's key; undefined while the artifact of a dependency is not known. */
  resolve(name: string): Resolved | undefined;
  /** Settles a package: it has this artifact. */
  settle(name: string, resolved: Resolved, record: KeyRecord): void;
  /** The artifact if the store has it; settles the package then. */
  find(name: string, resolved: Resolved): KeyRecord | undefined;
}

export function createResolver(session: Session, facts: Facts): Resolver {
  const { workspace, store, state, layout } = session;
  const artifacts = new Map<string, Digest>();
  const records = new Map<string, KeyRecord>();

  const resolve = (name: string): Resolved | undefined => {
    const view = new Map<string, Digest>();
    for (const dependency of viewOf(workspace.recipes, name)) {
      const artifact = artifacts.get(dependency);
      if (artifact === undefined) return undefined;
      view.set(dependency, artifact);
    }
    const recipe = recipeOf(workspace.recipes, name);
    const inputs = inputsOf({
      recipe,
      source:
        recipe.source === undefined
          ? undefined
          : digestSource(session.sources, recipe, pinOf(recipe, workspace.lock)),
      patches: recipe.patches.map((file) => ({
        name: file.slice(file.lastIndexOf("/") + 1),
        digest: session.world.disk.digestFile(file),
      })),
      view,
      machine: facts.machine,
      workspace: { prefix: layout.prefix, path: facts.path, env: workspace.env },
    });
    return { key: keyOf(inputs), inputs };
  };

  const settle = (name: string, resolved: Resolved, record: KeyRecord): void => {
    artifacts.set(name, record.artifact);
    records.set(name, record);
    const { key, inputs } = resolved;
    if (state.lastBuild(name)?.key !== key) {
      state.recordBuild(name, { key, artifact: record.artifact, inputs });
    }
  };

  return {
    artifacts,
    records,
    resolve,
    settle,
    find: (name, resolved) => {
      const record = store.lookUp(resolved.key);
      if (record !== undefined) settle(name, resolved, record);
      return record;
    },
  };
}
