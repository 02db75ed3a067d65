/** `tenon lock` pins what has no digest yet; `tenon fetch` brings everything for an offline build. */
import { assert, compareText, TenonError } from "../core/index.ts";
import { buildClosure, recipeOf } from "../plan/index.ts";
import {
  lockFileName,
  type Pin,
  pinOf,
  renderLockfile,
  requirePins,
  sourceLine,
  unpinned,
} from "../recipe/index.ts";
import { eachAtOnce, fetchSource, hasCrates, pinSource } from "../source/index.ts";
import { readTextIfAny, type World, writeAtomically } from "../world/index.ts";
import { gatherFacts } from "./facts.ts";
import { openSession, selectPackages, type SessionOptions } from "../workspace/index.ts";

export interface LockResult {
  readonly file: string;
  /** Newly pinned. */
  readonly pinned: readonly Pin[];
  /** Pins of packages that are gone or changed. */
  readonly dropped: readonly string[];
  readonly changed: boolean;
}

export async function lockSources(world: World, options: SessionOptions): Promise<LockResult> {
  const session = openSession(world, options);
  const { recipes, lock, directory } = session.workspace;
  const open = unpinned(session.workspace);
  const facts = await gatherFacts(session, [...recipes.keys()], "none");
  const sources = {
    ...session.sources,
    ...(facts.python === undefined ? {} : { supportedTags: facts.python.supportedTags }),
  };
  const pinned = await eachAtOnce(open, (recipe) => pinSource(sources, recipe));
  const fresh = new Map(pinned.map((pin) => [pin.package, pin]));
  const kept = [...lock.values()].filter((pin) => {
    const source = recipes.get(pin.package)?.source;
    return source !== undefined && sourceLine(source) === pin.source && !fresh.has(pin.package);
  });
  const all = [...kept, ...pinned].sort((a, b) => compareText(a.package, b.package));
  const file = `${directory}/${lockFileName}`;
  const text = renderLockfile(all);
  const changed =
    (readTextIfAny(world.disk, file) ?? "") !== text && (all.length > 0 || lock.size > 0);
  if (changed) {
    const temporary = `${directory}/.${lockFileName}.${world.clock.uniqueId()}`;
    writeAtomically(world.disk, file, text, { temporary, durable: options.sync });
  }
  const present = new Set(all.map((pin) => pin.package));
  const dropped = [...lock.keys()].filter((name) => !present.has(name));
  return { file, pinned, dropped, changed };
}

export interface FetchResult {
  /** Packages whose source was brought now. */
  readonly fetched: readonly string[];
  readonly packages: number;
}

export interface FetchOptions extends SessionOptions {
  /** All packages of the workspace when empty. */
  readonly packages: readonly string[];
}

export async function fetchSources(world: World, options: FetchOptions): Promise<FetchResult> {
  const session = openSession(world, options);
  const { recipes, lock } = session.workspace;
  const names = buildClosure(recipes, selectPackages(session, options.packages));
  requirePins(session.workspace, names);
  const all = names.map((name) => recipeOf(recipes, name));
  const missing = all.filter((recipe) => {
    const pin = pinOf(recipe, lock);
    if (pin !== undefined && !session.store.hasSource(pin.sha256)) return true;
    const isKnown = pin !== undefined || recipe.source?.kind === "path";
    return isKnown && !hasCrates(session.sources, recipe, pin);
  });
  // What has no pin but a full commit id is asked for too: it knows by itself whether it is here.
  const unpinnedYet = all.filter((recipe) => pinOf(recipe, lock) === undefined);
  // Who is about to go offline wants to hear of all that is missing, and to have the rest.
  const failures: TenonError[] = [];
  await eachAtOnce([...missing, ...unpinnedYet], async (recipe) => {
    try {
      await fetchSource(session.sources, recipe, pinOf(recipe, lock));
    } catch (error) {
      const isOfSource = error instanceof TenonError && error.kind === "source";
      if (!isOfSource || options.signal?.aborted) throw error;
      failures.push(error);
    }
  });
  if (failures.length > 0) throw allOf(failures);
  return { fetched: missing.map(({ name }) => name), packages: names.length };
}

function allOf(failures: readonly TenonError[]): TenonError {
  const [first, ...others] = failures.toSorted((a, b) => compareText(a.message, b.message));
  assert(first !== undefined, "no source has failed");
  if (others.length === 0) return first;
  const all = [first, ...others];
  const reasons = all.flatMap(({ hints }) => hints.slice(0, 1));
  return new TenonError({
    kind: "source",
    code: "SOURCES_MISSING",
    message: all.flatMap(({ lines }) => lines),
    hints: [...new Set(reasons), "`tenon fetch PACKAGE` says of one of them all there is to say."],
  });
}
