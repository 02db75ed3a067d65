/** Finding out, package by package, which key it has today and whether the store knows the result. */
import { assert, type Digest, digestOf } from "../core/index.ts";
import { type Input, inputsOf, keyOf, recipeOf, viewOf } from "../plan/index.ts";
import { pinOf } from "../recipe/index.ts";
import { digestSource } from "../source/index.ts";
import type { KeyRecord } from "../store/index.ts";
import type { Facts } from "./facts.ts";
import { isRefused } from "./refused-libraries.ts";
import { newNeeds, type Session } from "../workspace/index.ts";

export interface Resolved {
  readonly key: Digest;
  readonly inputs: readonly Input[];
}

export interface Resolver {
  /** The artifacts that are known by now; a package is added when it is built or found. */
  readonly artifacts: ReadonlyMap<string, Digest>;
  /** How each of them came to be. */
  readonly records: ReadonlyMap<string, KeyRecord>;
  /**
   * Today's key; undefined while the artifact of a dependency is not known. Once a package is
   * settled, it stays at the key that it was settled with.
   */
  resolve(name: string): Resolved | undefined;
  /** Settles a package: it has this artifact. */
  settle(name: string, resolved: Resolved, record: KeyRecord): void;
  /** The artifact if the store has it; settles the package then. */
  find(name: string, resolved: Resolved): KeyRecord | undefined;
  /** Notes in the workspace how a settled package came to be, for `tenon why`. */
  remember(name: string): void;
}

/** What requires its check counts as built only when it has passed. */
export function createResolver(
  session: Session,
  facts: Facts,
  requiresCheck: (name: string) => boolean = () => false,
): Resolver {
  const { workspace, store, state, layout } = session;
  const artifacts = new Map<string, Digest>();
  const records = new Map<string, KeyRecord>();
  const settled = new Map<string, Resolved>();
  const remembered = new Set<string>();
  const digests = new Map<string, Digest>();

  /** Some are every package's. */
  const digestOnce = (file: string): Digest => {
    const digest = digests.get(file) ?? session.world.disk.digestFile(file);
    digests.set(file, digest);
    return digest;
  };

  const resolve = (name: string): Resolved | undefined => {
    const known = settled.get(name);
    if (known !== undefined) return known;
    const recipe = recipeOf(workspace.recipes, name);
    // Before the whole view is looked for, which takes longer.
    const { build, run } = recipe.depends;
    const isKnown = (dependency: string): boolean => artifacts.has(dependency);
    if (!build.every(isKnown) || !run.every(isKnown)) return undefined;
    const view = new Map<string, Digest>();
    for (const dependency of viewOf(workspace.recipes, name)) {
      const artifact = artifacts.get(dependency);
      if (artifact === undefined) return undefined;
      view.set(dependency, artifact);
    }
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
      files: (workspace.companion?.packages.get(name)?.inputFiles() ?? []).map((file) => ({
        name: file.name,
        digest: digestOnce(file.path),
      })),
      view,
      machine: facts.machine,
      workspace: { prefix: layout.prefix, path: facts.path, env: workspace.env },
    });
    return { key: keyOf(inputs), inputs };
  };

  const hasPassed = (name: string, { checked }: KeyRecord): boolean => {
    const { check } = recipeOf(workspace.recipes, name);
    return check === undefined || checked === digestOf(check);
  };

  /** Of the packages of the workspace, which may be more by now. */
  const bringsMore = (name: string, { artifact }: KeyRecord): boolean => {
    if (recipeOf(workspace.recipes, name).build.online !== true) return false;
    const manifest = store.findManifest(artifact, name);
    return manifest === undefined || newNeeds(workspace, name, manifest).length > 0;
  };

  const settle = (name: string, resolved: Resolved, record: KeyRecord): void => {
    artifacts.set(name, record.artifact);
    records.set(name, record);
    settled.set(name, resolved);
  };

  return {
    artifacts,
    records,
    resolve,
    settle,
    find: (name, resolved) => {
      const record = store.lookUp(resolved.key);
      if (record === undefined || (requiresCheck(name) && !hasPassed(name, record)))
        return undefined;
      if (bringsMore(name, record)) return undefined;
      if (isRefused(workspace, recipeOf(workspace.recipes, name), record)) return undefined;
      settle(name, resolved, record);
      return record;
    },
    remember: (name) => {
      const artifact = artifacts.get(name);
      const resolved = settled.get(name);
      assert(artifact !== undefined && resolved !== undefined, `${name} is not settled`);
      if (remembered.has(name)) return;
      remembered.add(name);
      const last = state.lastBuild(name);
      if (last?.key === resolved.key && last.artifact === artifact) return;
      state.recordBuild(name, { ...resolved, artifact });
    },
  };
}

/** Packages without a known result, dependencies first. */
export function findOutOfDate(resolver: Resolver, order: readonly string[]): string[] {
  return order.filter((name) => {
    const resolved = resolver.resolve(name);
    return resolved === undefined || resolver.find(name, resolved) === undefined;
  });
}
