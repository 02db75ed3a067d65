/**
 * `tenon lock` pins what has no digest yet, and so does a build first; `tenon fetch` brings everything for an
 * offline build.
 */
import { compareText, showCount, TenonError } from "../core/index.ts";
import { buildClosure, recipeOf } from "../plan/index.ts";
import {
  lockFileName,
  type Pin,
  pinOf,
  type Recipe,
  renderLockfile,
  requirePins,
  sourceLine,
  unpinned,
} from "../recipe/index.ts";
import { eachAtOnce, fetchSource, hasCrates, pinSource } from "../source/index.ts";
import { readTextIfAny, type World, writeAtomically } from "../world/index.ts";
import { gatherFacts } from "./facts.ts";
import {
  openSession,
  selectPackages,
  type Session,
  type SessionOptions,
} from "../workspace/index.ts";

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
  const { pins, failures, ...result } = await pinAll(session, unpinned(session.workspace));
  const file = `${session.workspace.directory}/${lockFileName}`;
  const text = renderLockfile(pins);
  const changed =
    (readTextIfAny(world.disk, file) ?? "") !== text &&
    (pins.length > 0 || session.workspace.lock.size > 0);
  if (changed) writeLock(session, pins);
  throwAll(failures);
  return { file, ...result, changed };
}

interface LockedOptions {
  /** Refuse instead, as in a check that nobody looks on. */
  readonly locked?: boolean;
  /** Without writing the lock file. */
  readonly dryRun: boolean;
}

/**
 * The session in which what these packages lack of pins is pinned, and in the lock file. Throws what
 * `requirePins` throws where nothing may be pinned: by `locked`, or offline.
 */
export async function withPins(
  session: Session,
  packages: readonly string[],
  { locked, dryRun }: LockedOptions,
): Promise<Session> {
  const { workspace, options } = session;
  const wanted = new Set(packages);
  const open = unpinned(workspace).filter(({ name }) => wanted.has(name));
  if (open.length === 0 || locked || options.offline === true) {
    requirePins(workspace, packages);
    return session;
  }
  const { pins, pinned, failures } = await pinAll(session, open);
  if (!dryRun) writeLock(session, pins);
  throwAll(failures);
  for (const pin of pinned)
    options.emit({ kind: "note", package: pin.package, text: `pinned to ${showPin(pin)}` });
  const lock = new Map(pins.map((pin) => [pin.package, pin]));
  return { ...session, workspace: { ...workspace, lock } };
}

/** What was chosen, as a person may know it. */
export function showPin({ file, commit, source }: Pin): string {
  return file ?? commit ?? source;
}

function writeLock({ world, workspace, options }: Session, pins: readonly Pin[]): void {
  const { directory } = workspace;
  const temporary = `${directory}/.${lockFileName}.${world.clock.uniqueId()}`;
  const file = `${directory}/${lockFileName}`;
  writeAtomically(world.disk, file, renderLockfile(pins), { temporary, durable: options.sync });
}

interface AllPins extends Pick<LockResult, "pinned" | "dropped"> {
  /** Those that stay, too, by name. */
  readonly pins: readonly Pin[];
  /** Of the sources that could not be pinned; the others are. */
  readonly failures: readonly TenonError[];
}

async function pinAll(session: Session, open: readonly Recipe[]): Promise<AllPins> {
  const { recipes, lock } = session.workspace;
  if (open.length > 0)
    session.options.emit({ kind: "note", text: `pinning ${showCount(open.length, "source")}` });
  const facts = await gatherFacts(session, [...recipes.keys()], "none");
  const sources = {
    ...session.sources,
    ...(facts.python === undefined ? {} : { supportedTags: facts.python.supportedTags }),
  };
  const pinned: Pin[] = [];
  const failures = await failuresOf(session, open, async (recipe) => {
    pinned.push(await pinSource(sources, recipe));
    session.options.emit({
      kind: "counted",
      doing: "pinning sources",
      done: pinned.length,
      total: open.length,
    });
  });
  const fresh = new Map(pinned.map((pin) => [pin.package, pin]));
  const kept = [...lock.values()].filter((pin) => {
    const source = recipes.get(pin.package)?.source;
    return source !== undefined && sourceLine(source) === pin.source && !fresh.has(pin.package);
  });
  const pins = [...kept, ...pinned].sort((a, b) => compareText(a.package, b.package));
  const present = new Set(pins.map((pin) => pin.package));
  const dropped = [...lock.keys()].filter((name) => !present.has(name));
  return { pins, pinned, dropped, failures };
}

/** Who is about to go offline wants to hear of all that is missing, and to have the rest. */
async function failuresOf(
  { options }: Session,
  recipes: readonly Recipe[],
  bring: (recipe: Recipe) => Promise<void>,
): Promise<TenonError[]> {
  const failures: TenonError[] = [];
  await eachAtOnce(recipes, async (recipe) => {
    try {
      await bring(recipe);
    } catch (error) {
      const isOfSource = error instanceof TenonError && error.kind === "source";
      if (!isOfSource || options.signal?.aborted) throw error;
      failures.push(error);
    }
  });
  return failures;
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
  const opened = openSession(world, options);
  const { recipes } = opened.workspace;
  const names = buildClosure(recipes, selectPackages(opened, options.packages));
  const session = await withPins(opened, names, { dryRun: false });
  const { lock } = session.workspace;
  const all = names.map((name) => recipeOf(recipes, name));
  const missing = all.filter((recipe) => {
    const pin = pinOf(recipe, lock);
    if (pin !== undefined && !session.store.hasSource(pin.sha256)) return true;
    const isKnown = pin !== undefined || recipe.source?.kind === "path";
    return isKnown && !hasCrates(session.sources, recipe, pin);
  });
  // What has no pin but a full commit id is asked for too: it knows by itself whether it is here.
  const unpinnedYet = all.filter((recipe) => pinOf(recipe, lock) === undefined);
  const failures = await failuresOf(session, [...missing, ...unpinnedYet], async (recipe) => {
    await fetchSource(session.sources, recipe, pinOf(recipe, lock));
  });
  throwAll(failures);
  return { fetched: missing.map(({ name }) => name), packages: names.length };
}

function throwAll(failures: readonly TenonError[]): void {
  const [first, ...others] = failures.toSorted((a, b) => compareText(a.message, b.message));
  if (first === undefined) return;
  if (others.length === 0) throw first;
  const all = [first, ...others];
  const reasons = all.flatMap(({ hints }) => hints.slice(0, 1));
  throw new TenonError({
    kind: "source",
    code: "SOURCES_MISSING",
    message: all.flatMap(({ lines }) => lines),
    hints: [...new Set(reasons), "Run `tenon fetch PACKAGE` for the details of one of them."],
  });
}
