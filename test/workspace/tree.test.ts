/** The graph as a tree: what is below what, how deep, and each thing once. */
import { describe, expect, test } from "vitest";
import { renderTree } from "../../src/report/tree-text.ts";
import type { GraphNode } from "../../src/workspace/graph.ts";
import { makeTree, type TreeOptions } from "../../src/workspace/tree.ts";

const nodes: GraphNode[] = Object.entries({
  setuptools: [[], []],
  click: [["setuptools"], []],
  flask: [["setuptools"], ["click"]],
  app: [["click", "flask"], ["flask"]],
  other: [[], ["flask"]],
} as const).map(([name, [build, run]]) => ({ name, version: "1", system: "python", build, run }));

function drawn(options: Partial<TreeOptions> = {}): string[] {
  return renderTree(makeTree(nodes, { packages: [], invert: false, ...options }));
}

test("what is needed at run time comes first, and is named once; what was shown is not again", () => {
  expect(drawn()).toEqual([
    "app 1",
    "├── flask 1",
    "│   ├── click 1",
    "│   │   └── setuptools 1 (build)",
    "│   └── setuptools 1 (build)",
    "└── click 1 (build) (*)",
    "other 1",
    "└── flask 1 (*)",
    "(*) shown above with all below it",
  ]);
});

test("from the packages that are named", () => {
  expect(drawn({ packages: ["click", "click"] })).toEqual(["click 1", "└── setuptools 1 (build)"]);
});

test("so deep, and no deeper", () => {
  expect(drawn({ packages: ["app"], depth: 1 })).toEqual([
    "app 1",
    "├── flask 1",
    "└── click 1 (build)",
  ]);
  expect(drawn({ depth: 0 })).toEqual(["app 1", "other 1"]);
});

test("the other way round", () => {
  expect(drawn({ packages: ["flask"], invert: true })).toEqual([
    "flask 1",
    "├── app 1",
    "└── other 1",
  ]);
  expect(drawn({ invert: true, depth: 0 })).toEqual(["setuptools 1"]);
});

describe("as data", () => {
  test("what is below, and how it is needed", () => {
    expect(makeTree(nodes, { packages: ["click"], invert: false })).toEqual([
      {
        name: "click",
        version: "1",
        below: [{ name: "setuptools", version: "1", need: "build", below: [] }],
      },
    ]);
  });

  test("a graph in which each needs all earlier ones grows no faster than its edges", () => {
    const many = Array.from({ length: 60 }, (_, at): GraphNode => {
      const run = Array.from({ length: at }, (_each, other) => `p${other}`);
      return { name: `p${at}`, version: "1", system: "script", build: [], run };
    });
    const tree = makeTree(many, { packages: [], invert: false });
    expect(renderTree(tree).length).toBeLessThan(60 * 60);
  });
});
