/** `tenon why PACKAGE`: which input changed since the package was last built here. */
import { buildClosure, changesBetween, describeChange, inOrder, viewOf } from "../plan/index.ts";
import type { FilePin } from "../relocation/index.ts";
import { requirePins } from "../recipe/index.ts";
import type { Verdict } from "../store/index.ts";
import type { World } from "../world/index.ts";
import { gatherFacts } from "./facts.ts";
import { createResolver, findOutOfDate } from "./resolver.ts";
import { openSession, selectPackages, type SessionOptions } from "../workspace/index.ts";

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
  | { readonly kind: "dependencies"; readonly outOfDate: readonly string[] };

export interface Explanation {
  readonly package: string;
  readonly key?: string;
  readonly reason: Reason;
  /** What binds it to this prefix. */
  readonly pins?: readonly FilePin[];
  /** What `tenon prove` has found. */
  readonly proof?: Verdict;
}

export interface WhyOptions extends SessionOptions {
  /** All packages of the workspace when empty. */
  readonly packages: readonly string[];
  readonly isolation: "auto" | "view" | "none";
}

export async function explainWhy(
  world: World,
  options: WhyOptions,
): Promise<readonly Explanation[]> {
  const session = openSession(world, options);
  const { recipes } = session.workspace;
  const selected = selectPackages(session, options.packages);
  const order = inOrder(recipes, buildClosure(recipes, selected));
  requirePins(session.workspace, order);
  const before = new Map(order.map((name) => [name, session.state.lastBuild(name)]));
  const resolver = createResolver(session, await gatherFacts(session, order, options.isolation));
  const outOfDate = new Set(findOutOfDate(resolver, order));

  const wanted = new Set(selected);
  return order
    .filter((name) => wanted.has(name))
    .map((name): Explanation => {
      const resolved = resolver.resolve(name);
      if (resolved === undefined) {
        const stale = viewOf(recipes, name).filter((need) => outOfDate.has(need));
        return { package: name, reason: { kind: "dependencies", outOfDate: stale } };
      }
      const last = before.get(name);
      const record = session.store.lookUp(resolved.key);
      const { pins = [] } = record ?? {};
      const proof = record && session.store.proofOf(record.artifact)?.verdict;
      const place = {
        package: name,
        key: resolved.key,
        ...(pins.length === 0 ? {} : { pins }),
        ...(proof === undefined ? {} : { proof }),
      };
      if (last === undefined) {
        return { ...place, reason: { kind: outOfDate.has(name) ? "never-built" : "in-store" } };
      }
      const changes = changesBetween(last.inputs, resolved.inputs).map(describeChange);
      if (!outOfDate.has(name)) return { ...place, reason: { kind: "up-to-date" } };
      if (changes.length === 0 && pins.length > 0) return { ...place, reason: { kind: "pinned" } };
      if (changes.length === 0) return { ...place, reason: { kind: "lost" } };
      return { ...place, reason: { kind: "changed", changes } };
    });
}
