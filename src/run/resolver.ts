/** Finding out, package by package, which key it has today and whether the store knows the result. */
import { assert, type Digest, digestOf } from "../core/index.ts";
import { compilerOf, type Input, inputsOf, keyOf, recipeOf, viewOf } from "../plan/index.ts";
import { pinOf } from "../recipe/index.ts";
import type { FilePin } from "../relocation/index.ts";
import { digestSource } from "../source/index.ts";
import type { KeyRecord } from "../store/index.ts";
import { type BuildPlace, placesOf } from "./build-place.ts";
import type { BuildFacts } from "./facts.ts";
import { isRefused } from "./refused-libraries.ts";
import { newNeeds, type Session } from "../workspace/index.ts";

export interface Resolved {
  readonly key: Digest;
  readonly inputs: readonly Input[];
}

/** A result of a package, and the key that it has by its inputs. */
export interface Result {
  readonly resolved: Resolved;
  readonly record: KeyRecord;
}

export interface Resolver {
  /** The artifacts that views show, as far as they are known; a package is added when it is built or found. */
  readonly artifacts: ReadonlyMap<string, Digest>;
  /** Where a package is built, for the views of others. */
  placeOf(name: string): BuildPlace;
  /**
   * Today's key; undefined while the artifact of a dependency is not known. Once a package is
   * settled, it stays at the key that it was settled with.
   */
  resolve(name: string): Resolved | undefined;
  /** The key of a pinned package's other build, at the prefix's own path. What it needs is settled. */
  resolveOwn(name: string): Resolved;
  /** Settles a package: it has this result, and joins with `own` where it is pinned. */
  settle(name: string, result: Result, own?: Result): void;
  /** What views show of a package, if the store has it with all that it joins with; settles the package then. */
  find(name: string, resolved: Resolved): KeyRecord | undefined;
  /** What a settled package joins the prefix with. */
  joining(name: string): Result | undefined;
  /** What keeps a settled package from being relocated. */
  pinsOf(name: string): readonly FilePin[];
  /** Notes in the workspace how a settled package came to be, for `tenon why`. */
  remember(name: string): void;
}

/** What requires its check counts as built only when it has passed. `also`: what counts as in the store. */
export function createResolver(
  session: Session,
  facts: BuildFacts,
  requiresCheck: (name: string) => boolean = () => false,
  also: (key: Digest) => KeyRecord | undefined = () => undefined,
): Resolver {
  const { recipes } = session.workspace;
  const artifacts = new Map<string, Digest>();
  const settled = new Map<string, Result>();
  const own = new Map<string, Result>();
  const placeOf = placesOf(recipes, facts.fixed !== undefined);
  const joining = (name: string): Result | undefined => own.get(name) ?? settled.get(name);
  const mayJoin = joinRules(session, requiresCheck);
  const lookUp = (key: Digest): KeyRecord | undefined => session.store.lookUp(key) ?? also(key);
  const resolveAt = orOfOthers(session, facts, (name, { key }) => {
    const record = lookUp(key);
    return record !== undefined && mayJoin(name, record);
  });

  const resolve = (name: string): Resolved | undefined => {
    const known = settled.get(name);
    if (known !== undefined) return known.resolved;
    // Before the whole view is looked for, which takes longer.
    const { build, run } = recipeOf(recipes, name).depends;
    const isKnown = (dependency: string): boolean => artifacts.has(dependency);
    if (!build.every(isKnown) || !run.every(isKnown)) return undefined;
    const view = viewOf(recipes, name);
    if (!view.every(isKnown)) return undefined;
    return placeOf(name) === "prefix"
      ? resolveOwn(name, view)
      : resolveAt(name, "placeholder", shown(view, artifacts));
  };
  const resolveOwn = (name: string, view: readonly string[]): Resolved =>
    resolveAt(name, "prefix", shown(view, { get: (other) => joining(other)?.record.artifact }));

  const settle = (name: string, result: Result, ownResult?: Result): void => {
    artifacts.set(name, result.record.artifact);
    settled.set(name, result);
    if (ownResult !== undefined) own.set(name, ownResult);
  };
  const kept: Omit<Resolver, "find"> = {
    artifacts,
    placeOf,
    resolve,
    resolveOwn: (name) => resolveOwn(name, viewOf(recipes, name)),
    settle,
    joining,
    pinsOf: (name) => settled.get(name)?.record.pins ?? [],
    remember: rememberOnce(session, (name) => settled.get(name)),
  };
  return { ...kept, find: finderFor(kept, { mayJoin, lookUp }) };
}

function finderFor(
  { resolveOwn, settle }: Pick<Resolver, "resolveOwn" | "settle">,
  {
    mayJoin,
    lookUp,
  }: {
    readonly mayJoin: (name: string, record: KeyRecord) => boolean;
    readonly lookUp: (key: Digest) => KeyRecord | undefined;
  },
): Resolver["find"] {
  const findOwn = (name: string): Result | undefined => {
    const resolved = resolveOwn(name);
    const record = lookUp(resolved.key);
    return record && { resolved, record };
  };
  return (name, resolved) => {
    const record = lookUp(resolved.key);
    const ownResult = record && isPinned(record) ? findOwn(name) : undefined;
    const joins = record && isPinned(record) ? ownResult?.record : record;
    if (record === undefined || joins === undefined || !mayJoin(name, joins)) return undefined;
    settle(name, { resolved, record }, ownResult);
    return record;
  };
}

/** Whether a result that the store has is one that may join. */
function joinRules(
  { workspace, store }: Session,
  requiresCheck: (name: string) => boolean,
): (name: string, record: KeyRecord) => boolean {
  const { recipes } = workspace;
  const hasPassed = (name: string, { checked }: KeyRecord): boolean => {
    const { check } = recipeOf(recipes, name);
    return check === undefined || checked === digestOf(check);
  };
  /** Of the packages of the workspace, which may be more by now. */
  const bringsMore = (name: string, { artifact }: KeyRecord): boolean => {
    if (recipeOf(recipes, name).build.online !== true) return false;
    const manifest = store.findManifest(artifact, name);
    return manifest === undefined || newNeeds(workspace, name, manifest).length > 0;
  };
  return (name, record) =>
    (!requiresCheck(name) || hasPassed(name, record)) &&
    !bringsMore(name, record) &&
    !isRefused(workspace, recipeOf(recipes, name), record);
}

function rememberOnce(
  { state }: Session,
  resultOf: (name: string) => Result | undefined,
): Resolver["remember"] {
  const remembered = new Set<string>();
  return (name) => {
    const result = resultOf(name);
    assert(result !== undefined, `${name} is not settled`);
    if (remembered.has(name)) return;
    remembered.add(name);
    const { resolved, record } = result;
    const last = state.lastBuild(name);
    if (last?.key === resolved.key && last.artifact === record.artifact) return;
    state.recordBuild(name, { ...resolved, artifact: record.artifact });
  };
}

/** Whether it joins no prefix as it is. */
export function isPinned({ pins = [] }: Pick<KeyRecord, "pins">): boolean {
  return pins.length > 0;
}

type KeyFinder = (name: string, at: BuildPlace, view: ReadonlyMap<string, Digest>) => Resolved;

/**
 * Where this machine has no compiler: the key of a result that one of the others has given, if that is had. What is
 * built here never has such a key.
 */
function orOfOthers(
  session: Session,
  facts: BuildFacts,
  isHad: (name: string, resolved: Resolved) => boolean,
): KeyFinder {
  const { machine, compilers = [] } = facts;
  const withCompiler = keyFinder(session, facts);
  const own = withCompiler(machine.compiler);
  if (machine.compiler !== undefined) return own;
  return (name, at, view) => {
    const here = own(name, at, view);
    if (isHad(name, here)) return here;
    const last = compilerOf(session.state.lastBuild(name)?.inputs ?? []);
    for (const compiler of last === undefined ? compilers : [last, ...compilers]) {
      const resolved = withCompiler(compiler)(name, at, view);
      if (isHad(name, resolved)) return resolved;
    }
    return here;
  };
}

/** Digests of files that are every package's are taken once. */
function keyFinder(
  session: Session,
  facts: BuildFacts,
): (compiler: string | undefined) => KeyFinder {
  const { workspace, layout, world, sources } = session;
  const digests = new Map<string, Digest>();
  const digestOnce = (file: string): Digest => {
    const digest = digests.get(file) ?? world.disk.digestFile(file);
    digests.set(file, digest);
    return digest;
  };
  return (compiler) => (name, at, view) => {
    const recipe = recipeOf(workspace.recipes, name);
    const inputs = inputsOf({
      recipe,
      source:
        recipe.source === undefined
          ? undefined
          : digestSource(sources, recipe, pinOf(recipe, workspace.lock)),
      patches: recipe.patches.map((file) => ({
        name: file.slice(file.lastIndexOf("/") + 1),
        digest: world.disk.digestFile(file),
      })),
      files: (workspace.companion?.packages.get(name)?.inputFiles() ?? []).map((file) => ({
        name: file.name,
        digest: digestOnce(file.path),
      })),
      view,
      machine: { ...facts.machine, compiler },
      workspace: { path: facts.path, env: workspace.env },
      ...(at === "prefix" ? { prefix: layout.prefix } : {}),
    });
    return { key: keyOf(inputs), inputs };
  };
}

function shown(
  view: readonly string[],
  artifacts: { readonly get: (name: string) => Digest | undefined },
): ReadonlyMap<string, Digest> {
  return new Map(
    view.map((name) => {
      const artifact = artifacts.get(name);
      assert(artifact !== undefined, `${name} is not settled`);
      return [name, artifact];
    }),
  );
}

/** Packages without a known result, dependencies first. */
export function findOutOfDate(resolver: Resolver, order: readonly string[]): string[] {
  return order.filter((name) => {
    const resolved = resolver.resolve(name);
    return resolved === undefined || resolver.find(name, resolved) === undefined;
  });
}
