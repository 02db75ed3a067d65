/**
 * `tenon prove`: whether the files of a package name the placeholder nowhere but where their maps say.
 *
 * It is built once more at the placeholder's twin, a path of the same length with another byte at every place: what
 * differs, and is not on a map, depends on the path in a way that no search finds, such as a hash. A third build, at the
 * placeholder again, tells what would differ anyhow. What depends on the length, only running it at a shorter path
 * shows: the recipe's check does, and is watched, since a program that finds no file at the path that it was built at
 * may go on without. The verdict is kept with the artifact; what is found to be pinned is built for each prefix from
 * then on.
 */
import { TenonError } from "../core/index.ts";
import { buildClosure, inOrder, recipeOf, viewOf } from "../plan/index.ts";
import { requirePins } from "../recipe/index.ts";
import type { Verdict } from "../store/index.ts";
import type { World } from "../world/index.ts";
import { openSession, selectPackages, type SessionOptions } from "../workspace/index.ts";
import { gatherFacts } from "./facts.ts";
import { waitForKey } from "./key-lock.ts";
import { proveBuilt, type Unproved } from "./prove-package.ts";
import { createResolver, findOutOfDate, type Resolver } from "./resolver.ts";
import { planOnSound } from "./sound-plan.ts";
import type { PackageTask } from "./task.ts";

export interface ProveOptions extends SessionOptions {
  /** All packages of the workspace when empty. */
  readonly packages: readonly string[];
  readonly isolation: "auto" | "view" | "none";
  readonly jobs: number;
  /** Also what has a verdict already. */
  readonly again: boolean;
  readonly onStart?: (name: string) => void;
  /** Told of each package when its verdict is known. */
  readonly onProven?: (proven: Proven) => void;
}

export interface Proven {
  readonly package: string;
  readonly version: string;
  /** `isNew`: found out now. */
  readonly result:
    | (Verdict & { readonly isNew: boolean })
    /** It is built at the prefix's own path, so that there is nothing to prove. */
    | { readonly kind: "at-prefix"; readonly reason: string }
    | Unproved;
}

/** Throws where a package has not been built from the current recipes. */
export async function provePackages(
  world: World,
  options: ProveOptions,
): Promise<{ readonly results: readonly Proven[]; readonly isInterrupted: boolean }> {
  const session = openSession(world, options);
  const { workspace } = session;
  const selected = selectPackages(session, options.packages);
  const order = inOrder(workspace.recipes, buildClosure(workspace.recipes, selected));
  requirePins(workspace, order);
  const facts = await gatherFacts(session, order, options.isolation);
  const renew = (): Resolver => createResolver(session, facts);
  const names = order.filter((name) => selected.includes(name));
  const { resolver } = planOnSound(session, renew(), {
    renew,
    findOutOfDate: (each) => findOutOfDate(each, order),
    toBuild: names,
  });
  const results: Proven[] = [];
  for (const name of names) {
    options.onStart?.(name);
    const place = { session, facts, resolver, name, jobs: options.jobs };
    const result = await proveOne({ ...place, check: "no", logFolder: "" }, options.again);
    if (result === undefined) return { results, isInterrupted: true };
    const { version } = recipeOf(workspace.recipes, name);
    const proven = { package: name, version, result };
    options.onProven?.(proven);
    results.push(proven);
  }
  return { results, isInterrupted: false };
}

async function proveOne(task: PackageTask, again: boolean): Promise<Proven["result"] | undefined> {
  const { session, resolver, facts, name } = task;
  const { store, workspace, world } = session;
  const resolved = resolver.resolve(name);
  const record = resolved && store.lookUp(resolved.key);
  if (resolved === undefined || record === undefined) throw notBuilt(resolver, name);
  if (resolver.placeOf(name) === "prefix") {
    const own = "a recipe asks for the prefix's own path with relocatable = false";
    return { kind: "at-prefix", reason: facts.fixed ?? own };
  }
  const known = store.proofOf(record.artifact);
  if (known !== undefined && !again) return { ...known.verdict, isNew: false };
  if (known === undefined && record.pins !== undefined)
    return { kind: "pinned", pins: record.pins, isNew: false };
  const missing = viewOf(workspace.recipes, name).filter((each) => !resolver.artifacts.has(each));
  if (missing.length > 0) throw notBuilt(resolver, missing[0] ?? name);
  const lock = await waitForKey(session, `proving ${name}`, resolved);
  try {
    const result = await proveBuilt(task, { key: resolved.key, artifact: record.artifact });
    if (result === undefined || result.kind === "unproved") return result;
    store.keepProof(record.artifact, { provedAtMs: world.clock.now(), verdict: result });
    return { ...result, isNew: true };
  } finally {
    lock.release();
  }
}

function notBuilt(resolver: Resolver, name: string): TenonError {
  const isSettled = resolver.artifacts.has(name);
  return new TenonError({
    kind: "usage",
    code: "NOT_BUILT",
    message: `${name} has not been built from the current recipes${isSettled ? " in the store" : ""}`,
    hints: [`Run \`tenon build ${name}\` first.`],
  });
}
