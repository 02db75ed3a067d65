/** `tenon why PACKAGE`: which input changed since the package was last built here, and what the prefix has of it. */
import {
  buildClosure,
  changesBetween,
  checkClosure,
  describeChange,
  inOrder,
  viewOf,
} from "../plan/index.ts";
import type { FilePin } from "../relocation/index.ts";
import type { Digest } from "../core/index.ts";
import { requirePins } from "../recipe/index.ts";
import type { Verdict } from "../store/index.ts";
import type { World } from "../world/index.ts";
import { type BuildFacts, gatherFacts } from "./facts.ts";
import { goalOf } from "./goal.ts";
import { recordsOf } from "./join.ts";
import type { Records } from "./leaving.ts";
import type { PlannedStack } from "./planned-work.ts";
import { withCompilers } from "./plan-build.ts";
import { lookAtPrefixChanges, type PlannedChange } from "./prefix-changes.ts";
import { type DraftResolver, openSessionCache } from "./session-cache.ts";
import { createResolver, findOutOfDate, type Resolver } from "./resolver.ts";
import {
  type LastBuild,
  openSession,
  selectPackages,
  selectWanted,
  type Session,
  type SessionOptions,
} from "../workspace/index.ts";

export type Reason =
  | { readonly kind: "up-to-date" }
  /** Never built in this workspace, but the store has the result of the same inputs. */
  | { readonly kind: "in-store" }
  | { readonly kind: "never-built" }
  | { readonly kind: "changed"; readonly changes: readonly string[] }
  /** The same inputs as before, but the store has lost the result. */
  | { readonly kind: "lost" }
  /** The store has what cannot be relocated, but nothing that was built for this prefix. */
  | { readonly kind: "pinned" }
  /** What it needs is out of date; if that comes out as before, nothing is to be done here. */
  | { readonly kind: "dependencies"; readonly outOfDate: readonly string[] }
  /** It is in the prefix; the next build takes it out, or leaves it to who has put it there. */
  | { readonly kind: "no-recipe"; readonly version: string; readonly leaves: boolean };

export interface PackageReason {
  readonly package: string;
  readonly key?: string;
  readonly reason: Reason;
  /** The shared cache that has the result, where the store has none. */
  readonly cached?: string;
  /** What the next build changes of it in the prefix, as far as that is known; absent for nothing. */
  readonly prefix?: PlannedChange;
  /** What binds it to this prefix. */
  readonly pins?: readonly FilePin[];
  /** What `tenon prove` has found. */
  readonly proof?: Verdict;
}

export interface WhyOptions extends SessionOptions {
  /** Packages with a recipe, or in the prefix; all of the workspace when empty. */
  readonly packages: readonly string[];
  readonly isolation: "auto" | "view" | "none";
}

/** Of packages with a recipe, dependencies first; then of what is in the prefix without one. */
export async function explainWhy(
  world: World,
  options: WhyOptions,
): Promise<readonly PackageReason[]> {
  const session = openSession(world, options);
  const records = recordsOf(session);
  const { recipes } = session.workspace;
  const withoutRecipe = options.packages.filter((name) => !recipes.has(name) && records.has(name));
  const others = options.packages.filter((name) => !withoutRecipe.includes(name));
  const isWanted = others.length > 0 || withoutRecipe.length === 0;
  const selected = isWanted ? selectPackages(session, others) : [];
  const order = inOrder(recipes, buildClosure(recipes, selected));
  requirePins(session.workspace, order);
  const before = new Map(order.map((name) => [name, session.state.lastBuild(name)]));
  const facts = await gatherFacts(session, order, options.isolation);
  const resolver = createResolver(session, facts);
  const outOfDate = new Set(findOutOfDate(resolver, order));
  const cached = await cachedOf(session, { facts, order, outOfDate });
  const { installed, leaving } = wholeGoal(session, records, facts);
  const wanted = new Set(selected);
  const known = installed.filter((name) => wanted.has(name));
  const { changes } = lookAtPrefixChanges(
    { session, resolver, installed: known, leaving },
    records,
  );
  const reasonOf = createReasons(session, { resolver, outOfDate, before });
  const explained = order
    .filter((name) => wanted.has(name))
    .map((name): PackageReason => {
      const prefix = changes.find((change) => change.name === name);
      const key = resolver.resolve(name)?.key;
      return {
        package: name,
        ...(key === undefined ? {} : { key }),
        ...knownOf(session, key),
        reason: reasonOf(name),
        ...(cached?.names.has(name) ? { cached: cached.cache } : {}),
        ...(prefix === undefined ? {} : { prefix }),
      };
    });
  const left = new Set(leaving.packages.map(({ name }) => name));
  return [
    ...explained,
    ...withoutRecipe.map((name): PackageReason => {
      const { version = "" } = records.get(name) ?? {};
      return { package: name, reason: { kind: "no-recipe", version, leaves: left.has(name) } };
    }),
  ];
}

interface CacheQuestion {
  readonly facts: BuildFacts;
  readonly order: readonly string[];
  readonly outOfDate: ReadonlySet<string>;
}

/** What the next build takes from the shared cache; nobody asks where nothing is to be built. */
async function cachedOf(
  session: Session,
  { facts, order, outOfDate }: CacheQuestion,
): Promise<{ readonly cache: string; readonly names: ReadonlySet<string> } | undefined> {
  if (outOfDate.size === 0) return undefined;
  const cache = openSessionCache(session, { isLook: true });
  if (cache === undefined) return undefined;
  const draft: DraftResolver = (also) =>
    createResolver(session, withCompilers(facts, cache), undefined, also);
  const { names } = await cache.foresee(order, draft);
  return { cache: cache.name, names: new Set(names) };
}

/** What `tenon build` would make of the prefix. */
function wholeGoal(
  session: Session,
  records: Records,
  facts: BuildFacts,
): Pick<PlannedStack, "installed" | "leaving"> {
  const { recipes } = session.workspace;
  const packages: string[] = [];
  const selected = selectWanted(session, { packages });
  const order = inOrder(recipes, checkClosure(recipes, selected));
  return goalOf(session, records, { options: { packages }, facts, selected, order });
}

/** What the store knows of the result. */
function knownOf(
  { store }: Session,
  key: Digest | undefined,
): Pick<PackageReason, "pins" | "proof"> {
  const { pins = [], artifact } = (key === undefined ? undefined : store.lookUp(key)) ?? {};
  const proof = artifact === undefined ? undefined : store.proofOf(artifact)?.verdict;
  return {
    ...(pins.length === 0 ? {} : { pins }),
    ...(proof === undefined ? {} : { proof }),
  };
}

interface Known {
  readonly resolver: Resolver;
  readonly outOfDate: ReadonlySet<string>;
  readonly before: ReadonlyMap<string, LastBuild | undefined>;
}

/** What a build would do with a package, and what has changed since the last one. */
function createReasons(
  session: Session,
  { resolver, outOfDate, before }: Known,
): (name: string) => Reason {
  return (name) => {
    const resolved = resolver.resolve(name);
    if (resolved === undefined) {
      const stale = viewOf(session.workspace.recipes, name).filter((need) => outOfDate.has(need));
      return { kind: "dependencies", outOfDate: stale };
    }
    const last = before.get(name);
    if (last === undefined) return { kind: outOfDate.has(name) ? "never-built" : "in-store" };
    if (!outOfDate.has(name)) return { kind: "up-to-date" };
    const changes = changesBetween(last.inputs, resolved.inputs).map(describeChange);
    if (changes.length > 0) return { kind: "changed", changes };
    return { kind: knownOf(session, resolved.key).pins === undefined ? "lost" : "pinned" };
  };
}
