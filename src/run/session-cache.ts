/** The shared cache that a workspace names: what of it a build takes, and what a plan knows of it. */
import type { Digest } from "../core/index.ts";
import {
  isOnNetwork,
  type KnownEntry,
  type NetworkOptions,
  networkOptionsOf,
  openCache,
  openPlace,
  type SharedCache,
} from "../cache/index.ts";
import { recipeOf } from "../plan/index.ts";
import { eachAtOnce } from "../source/index.ts";
import type { KeyRecord } from "../store/index.ts";
import type { Session } from "../workspace/index.ts";
import type { Resolved, Resolver } from "./resolver.ts";

export function networkOptions({ options }: Pick<Session, "options">): NetworkOptions {
  return networkOptionsOf(options.environment, options.signal);
}

/** What a run has of its cache. */
export interface SessionCache {
  readonly name: string;
  /** Of what a resolver would settle with the cache: the names. Asks the cache, and takes nothing. */
  foresee(order: readonly string[], draft: DraftResolver): Promise<Foreseen>;
  /** Takes all that is there of these, before anything is built. Gives how many came. */
  takeAhead(order: readonly string[], draft: DraftResolver): Promise<number>;
  /** The same for one package whose key is known only now. Whether it came, with all that it joins with. */
  takeLate(name: string, resolved: Resolved, resolver: Resolver): Promise<boolean>;
  /** The compilers of its results, where it was asked. */
  compilers(): readonly string[];
  /** How many packages came so far. */
  taken(): number;
}

/** A resolver that also takes this table for what the store has. */
export type DraftResolver = (known: (key: Digest) => KeyRecord | undefined) => Resolver;

export interface Foreseen {
  /** Packages that would come from the cache, dependencies first. */
  readonly names: readonly string[];
  /** What is known of the others then. */
  readonly resolver: Resolver;
}

/** Undefined where the workspace names none, or it may not be asked. */
export function openSessionCache(
  session: Session,
  { isLook = false }: { readonly isLook?: boolean } = {},
): SessionCache | undefined {
  const { workspace, options, world } = session;
  const { cache: settings } = workspace;
  if (settings === undefined || options.noCache === true) return undefined;
  if (options.offline && isOnNetwork(settings.url)) return undefined;
  const place = openPlace(world, settings.url, networkOptions(session));
  const tell = (text: string): void => options.emit({ kind: "note", text });
  const { store } = session;
  const cache = openCache({ world, store, place, settings, tell, isLook });
  return useOf(session, cache);
}

function useOf(session: Session, cache: SharedCache): SessionCache {
  let taken = 0;
  const takeOne = async (name: string, key: Digest): Promise<number | undefined> => {
    const { version } = recipeOf(session.workspace.recipes, name);
    const result = await cache.take({ key, package: name, version });
    return result.kind === "taken" ? result.sizeBytes : undefined;
  };
  return {
    name: cache.name,
    compilers: () => cache.compilers(),
    taken: () => taken,
    foresee: async (order, draft) => {
      await cache.ask();
      const { found, resolver } = walk(session, cache, order, draft);
      return { names: [...new Set(found.map(({ name }) => name))], resolver };
    },
    takeAhead: async (order, draft) => {
      await cache.ask();
      const { found } = walk(session, cache, order, draft);
      const came = await takeAll(session, cache, { found, takeOne });
      taken += came;
      return came;
    },
    takeLate: async (name, resolved, resolver) => {
      const { key } = resolved;
      if (isOnline(session, name) || cache.find(key) === undefined) return false;
      if ((await takeOne(name, key)) === undefined) return false;
      const isWhole = resolver.find(name, resolved) !== undefined;
      if (isWhole) taken += 1;
      return isWhole;
    },
  };
}

interface FoundInCache {
  readonly name: string;
  readonly key: Digest;
  readonly entry: KnownEntry;
}

/** All that the cache has of today's keys: each result that is known makes more of them known. */
function walk(
  session: Session,
  cache: SharedCache,
  order: readonly string[],
  draft: DraftResolver,
): { readonly found: readonly FoundInCache[]; readonly resolver: Resolver } {
  let looked: Omit<FoundInCache, "name">[] = [];
  const resolver = draft((key) => {
    const entry = cache.find(key);
    if (entry !== undefined) looked.push({ key, entry });
    return entry && recordOf(entry);
  });
  const found: FoundInCache[] = [];
  for (const name of order) {
    const resolved = isOnline(session, name) ? undefined : resolver.resolve(name);
    looked = [];
    // What is of another package or version cannot be signed for this one.
    const isFound = resolved !== undefined && resolver.find(name, resolved) !== undefined;
    if (isFound) found.push(...looked.map((each) => ({ name, ...each })));
  }
  return { found, resolver };
}

/** What pip chooses in such a build, no key says. */
function isOnline({ workspace }: Session, name: string): boolean {
  return recipeOf(workspace.recipes, name).build.online === true;
}

function recordOf({ packBytes: _bytes, ...entry }: KnownEntry): KeyRecord {
  return { ...entry, builtAtMs: 0 };
}

interface Taking {
  readonly found: readonly FoundInCache[];
  readonly takeOne: (name: string, key: Digest) => Promise<number | undefined>;
}

const takesAtOnce = 8;

/** Gives how many packages came, each with all that it joins with. */
async function takeAll(
  { options, world }: Session,
  cache: SharedCache,
  { found, takeOne }: Taking,
): Promise<number> {
  if (found.length === 0) return 0;
  const startedMs = world.clock.monotonicMs();
  const packages = new Set(found.map(({ name }) => name)).size;
  const promisedBytes = found.reduce((sum, { entry }) => sum + entry.packBytes, 0);
  options.emit({ kind: "cache-started", cache: cache.name, packages, sizeBytes: promisedBytes });
  const missed = new Set<string>();
  let sizeBytes = 0;
  await eachAtOnce(
    found,
    async ({ name, key }) => {
      if (options.signal?.aborted === true) return void missed.add(name);
      const came = await takeOne(name, key);
      if (came === undefined) missed.add(name);
      sizeBytes += came ?? 0;
    },
    takesAtOnce,
  );
  const kept = found.filter(({ name }) => !missed.has(name));
  options.emit({
    kind: "cache-finished",
    cache: cache.name,
    packages: packages - missed.size,
    missed: missed.size,
    sizeBytes,
    savedMs: kept.reduce((sum, { entry }) => sum + entry.durationMs, 0),
    durationMs: world.clock.monotonicMs() - startedMs,
  });
  return packages - missed.size;
}
