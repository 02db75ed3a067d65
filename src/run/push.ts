/** `tenon push`: what this workspace has built is signed and put into its shared cache. */
import {
  CacheTrouble,
  isOnNetwork,
  type Material,
  openPushPlace,
  type Pushed,
  type PushedEntry,
  pushResults,
  type PushedResult as ResultToPush,
} from "../cache/index.ts";
import { TenonError } from "../core/index.ts";
import { buildClosure, inOrder, recipeOf } from "../plan/index.ts";
import {
  type CacheSettings,
  pinOf,
  type Recipe,
  requirePins,
  type Source,
} from "../recipe/index.ts";
import { dayOf, isExpired, renderPublicKey, type SecretKey } from "../signing/index.ts";
import type { World } from "../world/index.ts";
import {
  openSession,
  selectPackages,
  type Session,
  type SessionOptions,
} from "../workspace/index.ts";
import { gatherFacts } from "./facts.ts";
import { createResolver, findOutOfDate, isPinned, type Resolver, type Result } from "./resolver.ts";
import { networkOptions } from "./session-cache.ts";

export interface PushOptions extends SessionOptions {
  /** All packages of the workspace when empty. */
  readonly packages: readonly string[];
  /** Whose word it is; the first of these that the workspace lists. */
  readonly keys: readonly SecretKey[];
  /** Also what came from the cache, under one's own signature. */
  readonly vouch: boolean;
  /** The version of tenon. */
  readonly version: string;
  readonly onPushed?: (pushed: PushedEntry) => void;
}

export interface PushResult extends Pushed {
  readonly place: string;
  readonly signer?: string;
  /** Packages without a build of today's recipes. */
  readonly unbuilt: readonly string[];
  /** Packages that are not shared, and why, as the rest of a sentence. */
  readonly unshared: readonly { readonly name: string; readonly reason: string }[];
}

export async function pushPackages(world: World, options: PushOptions): Promise<PushResult> {
  const session = openSession(world, options);
  const { workspace, store } = session;
  const { settings, address } = requirePush(session);
  const key = chooseKey(session, settings, options.keys);
  const selected = selectPackages(session, options.packages);
  const order = inOrder(workspace.recipes, buildClosure(workspace.recipes, selected));
  requirePins(workspace, order);
  const facts = await gatherFacts(session, order, "auto");
  if (facts.isolation.kind === "none") throw withoutViews(facts.isolation.reason);
  const resolver = createResolver(session, facts);
  const unbuilt = findOutOfDate(resolver, order);
  const { shared, unshared } = choose(session, resolver, { order, vouch: options.vouch });
  const place = openPushPlace(world, address, networkOptions(session));
  const { onPushed } = options;
  const context = { world, store, place, key, tenon: options.version };
  try {
    const pushed = await pushResults(
      { ...context, ...(onPushed === undefined ? {} : { onPushed }) },
      shared,
    );
    const signer = key === undefined ? {} : { signer: key.name };
    return { ...pushed, place: place.name, ...signer, unbuilt, unshared };
  } catch (error) {
    if (error instanceof CacheTrouble) throw notPushed(place.name, error);
    throw error;
  }
}

function requirePush({ workspace, options }: Session): {
  readonly settings: CacheSettings;
  readonly address: string;
} {
  const { cache: settings, file } = workspace;
  const refuse = (message: string, hint: string): TenonError =>
    new TenonError({ kind: "usage", code: "NO_PUSH", message, hints: [hint] });
  if (settings === undefined)
    throw refuse(
      `${file} names no shared cache`,
      "Write [cache] into it, with url, push and keys: docs/how-to/share-builds.md.",
    );
  if (settings.push === undefined)
    throw refuse(
      `${file} does not say where results are pushed to: the cache is read-only`,
      'Write push = "…" into [cache]: a folder, oci://HOST/NAME, or reapi://HOST:PORT.',
    );
  if (options.offline && isOnNetwork(settings.push))
    throw refuse(`${settings.push} is on the network`, "Run the command without --offline.");
  return { settings, address: settings.push };
}

/** Undefined where the workspace takes what nobody has signed, and none of the keys is its own. */
function chooseKey(
  { workspace, world }: Session,
  { keys, require }: CacheSettings,
  own: readonly SecretKey[],
): SecretKey | undefined {
  const listed = new Set(keys.map(({ id }) => id));
  const mine = own.filter(({ id }) => listed.has(id));
  const nowMs = world.clock.now();
  const current = mine.find((key) => !isExpired(key, nowMs));
  if (current !== undefined) return current;
  if (require === 0) return undefined;
  const [old] = mine;
  const [other] = own;
  const refuse = (message: string, ...hints: readonly string[]): TenonError =>
    new TenonError({ kind: "usage", code: "NO_KEY", message, hints });
  if (old !== undefined)
    throw refuse(
      `the key ${old.name} has ended on ${old.until}, and today is ${dayOf(nowMs)}`,
      `Make a new one with \`tenon key new NAME\`, and write its line into cache.keys of ${workspace.file}.`,
      "`tenon push --vouch` then signs what is there anew.",
    );
  if (other !== undefined)
    throw refuse(
      `no key of yours is among cache.keys of ${workspace.file}`,
      `Add this line to it: ${JSON.stringify(renderPublicKey(other))}`,
    );
  throw refuse(
    "there is no key to sign with",
    `Make one with \`tenon key new NAME\`, and write its line into cache.keys of ${workspace.file}; or give a secret one in TENON_KEY.`,
  );
}

interface ToChoose {
  readonly order: readonly string[];
  readonly vouch: boolean;
}

/** Of a pinned package both results: what others are built with, and what joins this prefix alone. */
function choose(
  session: Session,
  resolver: Resolver,
  { order, vouch }: ToChoose,
): Pick<PushResult, "unshared"> & { readonly shared: readonly ResultToPush[] } {
  const unshared: { readonly name: string; readonly reason: string }[] = [];
  const shared: ResultToPush[] = [];
  for (const name of order) {
    if (!resolver.artifacts.has(name)) continue;
    const recipe = recipeOf(session.workspace.recipes, name);
    const results = resultsOf(session, resolver, name);
    const isTaken = results.every(({ record }) => record.provenance !== undefined);
    if (recipe.build.online === true)
      unshared.push({ name, reason: "its build uses the network, so its key does not say all" });
    else if (isTaken && !vouch) unshared.push({ name, reason: "it came from the cache" });
    else shared.push(...results.map((result) => toPush(session, recipe, result)));
  }
  return { shared, unshared };
}

function resultsOf(session: Session, resolver: Resolver, name: string): Result[] {
  const joins = resolver.joining(name);
  const resolved = resolver.resolve(name);
  const shown = resolved && session.store.lookUp(resolved.key);
  const first = resolved && shown && isPinned(shown) ? [{ resolved, record: shown }] : [];
  return joins === undefined ? first : [...first, joins];
}

function toPush(session: Session, recipe: Recipe, { resolved, record }: Result): ResultToPush {
  const { artifact, durationMs, checked, pins, libraries, builtAtMs } = record;
  return {
    key: resolved.key,
    package: recipe.name,
    version: recipe.version,
    artifact,
    inputs: resolved.inputs,
    builtAtMs,
    facts: {
      durationMs: Math.round(durationMs),
      ...(checked === undefined ? {} : { checked }),
      ...(pins === undefined || pins.length === 0 ? {} : { pins }),
      ...(libraries === undefined ? {} : { libraries }),
    },
    materials: materialsOf(session, recipe, resolved.inputs),
  };
}

/** The source, and the artifacts that were in the view. */
function materialsOf(
  { workspace }: Session,
  recipe: Recipe,
  inputs: Result["resolved"]["inputs"],
): Material[] {
  const of = "the dependency ";
  const { source } = recipe;
  const pin = pinOf(recipe, workspace.lock);
  const fetched =
    source === undefined || source.kind === "path"
      ? []
      : [
          {
            ...describeSource(source),
            ...(pin === undefined ? {} : { digest: { sha256: pin.sha256 } }),
          },
        ];
  const needed = inputs.flatMap(({ name, value }) =>
    name.startsWith(of) && typeof value === "string"
      ? [{ name: name.slice(of.length), digest: { sha256: value } }]
      : [],
  );
  return [...fetched, ...needed];
}

function describeSource(source: Exclude<Source, { kind: "path" }>): Material {
  switch (source.kind) {
    case "url":
      return { uri: source.urls[0] ?? "" };
    case "git":
      return { uri: `git+${source.repository}@${source.revision}` };
    case "pypi":
      return { uri: `pkg:pypi/${source.project}@${source.version}` };
  }
}

function withoutViews(reason: string): TenonError {
  return new TenonError({
    kind: "machine",
    code: "CACHE_NEEDS_VIEWS",
    message: `what is built without views is not shared, because nobody knows what it was built with: ${reason}`,
    hints: ["`tenon doctor` says what the machine lacks."],
  });
}

function notPushed(place: string, trouble: CacheTrouble): TenonError {
  const isForged = trouble.kind === "refused";
  return new TenonError({
    kind: isForged ? "conflict" : "source",
    code: isForged ? "CACHE_REFUSED" : "CACHE_UNREACHABLE",
    message: `nothing more was pushed to ${place}: ${trouble.message}`,
    hints: [
      isForged
        ? "Somebody else has written there, or has put an old state back. Find out who, before you push over it."
        : "Run the command again: what has been pushed is not pushed again.",
    ],
    cause: trouble,
  });
}
