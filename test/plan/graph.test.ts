/** What a package needs, to be built, to be checked and to run. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  buildClosure,
  checkClosure,
  checkViewOf,
  directDependencies,
  inOrder,
  runClosure,
  isUsedInBuilds,
  usedInBuilds,
  viewOf,
} from "../../src/plan/index.ts";
import type { BuildPlan } from "../../src/recipe/index.ts";
import { recipe, recipes } from "./recipes.ts";

const stack = recipes({
  app: { build: ["tool"], run: ["lib"] },
  lib: { build: ["cc"], run: ["base"] },
  tool: { run: ["base"] },
  cc: { build: ["seed"] },
  seed: {},
  base: {},
  other: {},
});

describe("what a package needs", () => {
  test("at run time", () => expect(runClosure(stack, ["app"])).toEqual(["app", "base", "lib"]));
  test("to be built", () =>
    expect(buildClosure(stack, ["app"])).toEqual(["app", "base", "cc", "lib", "seed", "tool"]));
  test("in its view: what its dependencies are built with is not there (I7)", () =>
    expect(viewOf(stack, "app")).toEqual(["base", "lib", "tool"]));
});

describe("what builds can import", () => {
  const graph = recipes({
    program: { build: ["tool"], run: ["lib"] },
    project: { build: ["maker"], run: ["friend"] },
    tool: { run: ["base"] },
    lib: {},
    base: {},
    maker: {},
    friend: {},
  });
  const building = (name: string, build: Partial<BuildPlan>) => {
    const item = recipe(name, { build: ["tool"], run: ["lib"] });
    return new Map([...graph, [name, { ...item, build: { ...item.build, ...build } }]]);
  };

  test("is all that views show", () =>
    expect(usedInBuilds(graph)).toEqual(["base", "friend", "lib", "maker", "tool"]));
  test("is told by name, too", () => {
    const used = [...graph.keys()].filter((name) => isUsedInBuilds(graph, name));
    expect(used.sort()).toEqual(usedInBuilds(graph));
    expect(isUsedInBuilds(graph, "program")).toBe(false);
  });
  test("is not what something that is only unpacked needs at run time", () => {
    const used = ["base", "friend", "maker", "tool"];
    expect(usedInBuilds(building("program", { system: "wheel" }))).toEqual(used);
    expect(usedInBuilds(building("program", { unpacked: true }))).toEqual(used);
  });
});

describe("what a check needs", () => {
  // `lib` is tested by `tester`, which uses it.
  const tested = recipes({
    lib: { check: ["tester"], run: ["base"] },
    tester: { build: ["cc"], run: ["lib", "runner"] },
    runner: {},
    cc: {},
    base: {},
  });
  test("is built as well, in a circle or not", () => {
    expect(checkClosure(tested, ["lib"])).toEqual(["base", "cc", "lib", "runner", "tester"]);
    expect(buildClosure(tested, ["lib"])).toEqual(["base", "lib"]);
  });
  test("is in its view besides what the build saw, without the package itself", () =>
    expect(checkViewOf(tested, "lib")).toEqual(["runner", "tester"]));
  test("is nothing without a check", () => {
    const { check: _check, ...unchecked } = recipe("lib", { check: ["tester"] });
    const graph = new Map([...tested, ["lib", unchecked]]);
    expect(checkClosure(graph, ["lib"])).toEqual(["lib"]);
  });
});

test("a package that is needed twice counts once", () => {
  expect(directDependencies(recipe("a", { build: ["c", "b"], run: ["b"] }))).toEqual(["b", "c"]);
});

describe("the order", () => {
  test("is by name where nothing is needed", () =>
    expect(inOrder(recipes({ b: {}, a: {}, c: {} }), ["c", "b", "a"])).toEqual(["a", "b", "c"]));

  test("is by name among what a package needs, too", () => {
    const graph = recipes({ a: { build: ["z"], run: ["y", "x"] }, x: {}, y: {}, z: {} });
    expect(inOrder(graph, graph.keys())).toEqual(["x", "y", "z", "a"]);
  });

  test("leaves out what was not asked for", () =>
    expect(inOrder(stack, ["tool", "app"])).toEqual(["tool", "app"]));

  test("refuses a name without a recipe", () =>
    expect(() => inOrder(stack, ["nobody"])).toThrow("no recipe is called nobody"));

  test("of a chain of 10,000 packages", () => {
    const name = (index: number): string => `p${index}`;
    const chain = new Map(
      Array.from({ length: 10_000 }, (_, index) => [
        name(index),
        recipe(name(index), { run: index === 0 ? [] : [name(index - 1)] }),
      ]),
    );
    const order = inOrder(chain, chain.keys());
    expect(order).toEqual(Array.from({ length: 10_000 }, (_, index) => name(index)));
    expect(runClosure(chain, ["p9999"])).toHaveLength(10_000);
  });

  test("of 300 packages that need 300 others each", () => {
    const low = Array.from({ length: 300 }, (_, index) => `low${index}`);
    const wide = recipes({
      ...Object.fromEntries(low.map((name) => [name, {}])),
      ...Object.fromEntries(low.map((name) => [`high-${name}`, { build: low }])),
    });
    const order = inOrder(wide, wide.keys());
    expect(new Set(order.slice(0, 300))).toEqual(new Set(low));
  });
});

/** Package `pN` may need only those before it; the names' order has nothing to do with it. */
const anyGraph = fc
  .array(fc.array(fc.nat(), { maxLength: 5 }), { minLength: 1, maxLength: 30 })
  .map((rows) => {
    const name = (index: number): string => `p${(index * 7919) % 1009}`;
    return recipes(
      Object.fromEntries(
        rows.map((row, index) => {
          const needs = index === 0 ? [] : [...new Set(row.map((each) => name(each % index)))];
          const half = Math.floor(needs.length / 2);
          return [name(index), { build: needs.slice(0, half), run: needs.slice(half) }];
        }),
      ),
    );
  });

test("whatever the graph: each package once, and after all that it needs", () => {
  fc.assert(
    fc.property(anyGraph, (graph) => {
      const order = inOrder(graph, graph.keys());
      expect([...order].sort()).toEqual([...graph.keys()].sort());
      const place = new Map(order.map((name, index) => [name, index]));
      for (const [name, { depends }] of graph) {
        for (const need of [...depends.build, ...depends.run]) {
          expect(place.get(need)).toBeLessThan(place.get(name) ?? 0);
        }
      }
    }),
  );
});

test("whatever the graph: a view is the run-time closure of the direct dependencies", () => {
  fc.assert(
    fc.property(anyGraph, (graph) => {
      for (const [name, its] of graph) {
        const view = viewOf(graph, name);
        expect(view).not.toContain(name);
        for (const need of directDependencies(its)) expect(view).toContain(need);
        for (const seen of view)
          for (const need of graph.get(seen)?.depends.run ?? []) expect(view).toContain(need);
      }
    }),
  );
});
