/** Answers to questions, in words. */
import { expect, test } from "vitest";
import {
  makeStyle,
  renderDot,
  renderExplanation,
  renderGraph,
  renderOwnership,
  renderPackages,
  renderRepair,
  renderVerification,
} from "../../src/report/index.ts";

const style = makeStyle(false);

test("packages as columns", () => {
  const facts = { installedAtMs: 0, artifact: "" };
  expect(renderPackages([])).toEqual(["no packages"]);
  expect(
    renderPackages([
      { name: "a", version: "1.0", files: 1_234, sizeBytes: 10, buildMs: 61_000, ...facts },
      { name: "longer", version: "2", files: 1, sizeBytes: 5_000, ...facts },
    ]),
  ).toEqual([
    "package  version  files    size  build time",
    "a        1.0      1,234    10 B  1 min 01 s",
    "longer   2            1  5.0 kB",
  ]);
});

test("who brought a package is told where that was not always a build", () => {
  const its = { version: "1", files: 1, sizeBytes: 1, installedAtMs: 0, artifact: "" };
  const byBuild = { ...its, name: "a", activity: "tenon build" };
  expect(renderPackages([byBuild])[0]).not.toContain("by");
  expect(renderPackages([byBuild, { ...its, name: "b", activity: "tenon install" }])).toEqual([
    "package  version  files  size  build time  by",
    "a        1            1   1 B              tenon build",
    "b        1            1   1 B              tenon install",
  ]);
});

const undone = { by: "rollback", atMs: Date.UTC(2026, 10, 30, 9, 12) } as const;
test.each([
  [
    { from: "1", to: "2", state: "built", undone },
    "hi 2 is built, but the prefix has hi 1 (rolled back on 2026-11-30 09:12 UTC)",
  ],
  [{ from: null, to: "2", state: "built" }, "hi 2 is built, but the prefix does not have it"],
  [
    { from: "2", to: "2", state: "built" },
    "hi 2 is built, but the prefix has another result of it",
  ],
  [{ from: "2", to: "2", state: "build" }, "hi is up to date"],
  [
    { from: "2", to: null, state: "not-needed" },
    "hi is up to date; no package needs it, so the next build removes it from the prefix",
  ],
] as const)("what the prefix has: %o", (prefix, said) => {
  const reason = { kind: "up-to-date" } as const;
  expect(renderExplanation({ package: "hi", reason, prefix: { name: "hi", ...prefix } })).toEqual([
    said,
  ]);
});

test("what has no recipe", () => {
  const of = (leaves: boolean): string | undefined => {
    const reason = { kind: "no-recipe", version: "1", leaves } as const;
    return renderExplanation({ package: "hi", reason })[0];
  };
  expect(of(true)).toBe("hi 1 has no recipe any more: the next build removes it from the prefix");
  expect(of(false)).toContain("builds leave it there");
});

test.each([
  [{ kind: "owned", path: "lib", owners: ["a", "b"] } as const, "lib: a, b"],
  [{ kind: "by-product", path: "x.pyc" } as const, "x.pyc: a by-product, owned by no package"],
  [{ kind: "foreign", path: "x" } as const, "x: owned by no package"],
  [{ kind: "absent", path: "x" } as const, "x: there is no such file"],
])("%j", (ownership, text) => {
  expect(renderOwnership(ownership)).toBe(text);
});

test("a prefix as recorded, with files of nobody", () => {
  const foreign = Array.from({ length: 12 }, (_, index) => `f${index}`);
  const facts = { packages: 1, files: 2, findings: [], foreign, stale: ["x.pyc"], outside: [] };
  const lines = renderVerification(facts, style);
  expect(lines[0]).toBe("ok: 2 files of 1 package as recorded");
  expect(lines[1]).toBe("12 paths owned by no package:");
  expect(lines.slice(2)).toEqual([
    ...foreign.slice(0, 10).map((f) => `  ${f}`),
    "  and 2 more",
    "1 by-product out of date (`tenon verify --repair` removes them):",
    "  x.pyc",
  ]);
});

test("what others did is told once for each package, in place of its files", () => {
  const place = { kind: "missing", path: "x" } as const;
  const facts = {
    packages: 3,
    files: 9,
    findings: ["a", "b", "c"].map((name) => ({ ...place, package: name })),
    foreign: ["site/d", "mine"],
    stale: [],
    outside: [
      { kind: "replaced", package: "a", version: "1", by: "2", installer: "pip" },
      { kind: "removed", package: "b", version: "1" },
      { kind: "installed", name: "d", version: "3", paths: ["site/d"] },
    ],
  } as const;
  expect(renderVerification(facts, style)).toEqual([
    "missing x (c)",
    "replaced a 1: pip has installed 2 in its place",
    "removed b 1: it is gone, as after `pip uninstall`; remove or install it again with tenon, too",
    "differs: 3 differences in 9 files of 3 packages",
    "d 3 was installed by somebody, not by tenon",
    "1 path owned by no package:",
    "  mine",
  ]);
});

test("what was put right, and what could not be", () => {
  const place = { package: "a", path: "bin/a" };
  const repair = {
    kind: "repaired",
    repaired: [{ kind: "missing", ...place }],
    lost: [{ kind: "changed", ...place }],
    swept: ["x.pyc"],
  } as const;
  const lost = "lost bin/a: its content is nowhere on this machine; build or install a again";
  expect(renderRepair(repair, { style, isPlanned: false })).toEqual([
    "removed x.pyc, which was out of date",
    "repaired bin/a (a)",
    lost,
  ]);
  expect(renderRepair(repair, { style, isPlanned: true })).toEqual([
    "would remove x.pyc, which is out of date",
    "would repair bin/a (a)",
    lost,
  ]);
});

test("every difference with its package", () => {
  const place = { package: "a", path: "bin/a" };
  expect(
    renderVerification(
      {
        packages: 1,
        files: 5,
        foreign: [],
        stale: [],
        outside: [],
        findings: [
          { kind: "missing", ...place },
          { kind: "changed", ...place },
          { kind: "wrong-type", ...place, expected: "file", found: "link" },
          { kind: "wrong-mode", ...place, expected: 0o755, found: 0o644 },
          { kind: "wrong-target", ...place, expected: "b", found: "c" },
        ],
      },
      style,
    ),
  ).toEqual([
    "missing bin/a (a)",
    "changed bin/a (a)",
    "type bin/a (a): a link, not a file",
    "mode bin/a (a): 644, not 755",
    "target bin/a (a): c, not b",
    "differs: 5 differences in 5 files of 1 package",
  ]);
});

test.each([
  [{ kind: "up-to-date" } as const, ["a is up to date"]],
  [
    { kind: "changed", changes: ["version changed", "x is new"] } as const,
    ["a will be built again:", "  version changed", "  x is new"],
  ],
  [
    { kind: "dependencies", outOfDate: ["b"] } as const,
    [
      "a depends on b, which is out of date; if its result stays the same, this package is not built again",
    ],
  ],
])("why: %j", (reason, lines) => {
  expect(renderExplanation({ package: "a", reason })).toEqual(lines);
});

const nodes = [
  { name: "lib", version: "1", system: "make", build: [], run: [] },
  { name: "app", version: "2", system: "make", build: ["lib", "cc"], run: ["lib"] },
];

test("a graph as lines and in the DOT language", () => {
  expect(renderGraph(nodes)).toEqual(["lib 1", "app 2 ← lib (run), cc"]);
  expect(renderDot(nodes)).toEqual([
    "digraph tenon {",
    '  "lib";',
    '  "app";',
    '  "app" -> "lib";',
    '  "app" -> "cc" [style=dashed];',
    "}",
  ]);
});
