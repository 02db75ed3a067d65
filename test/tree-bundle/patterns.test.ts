/** The last pattern that matches decides. */
import { expect, test } from "vitest";
import { choose, namedSet } from "../../src/tree-bundle/index.ts";

test("the last one that matches decides, and what none matches is left out", () => {
  const isTaken = choose([
    { include: "**" },
    { exclude: "src/**" },
    { include: "src/bin/**" },
    { exclude: "**/*.py[co]" },
    { exclude: "a?c*/x.+" },
  ]);
  const wanted = {
    README: true,
    src: true,
    "src/a": false,
    "src/bin/sage": true,
    "src/bin/x.pyc": false,
    "x.pyo": false,
    "deep/er/x.pyc": false,
    "x.pyd": true,
    "abcd/x.+": false,
    "a/c/x.+": true,
    "abcd/xx+": true,
  };
  expect(Object.fromEntries(Object.keys(wanted).map((path) => [path, isTaken(path)]))).toEqual(
    wanted,
  );
  expect(choose([{ include: "a/**/b" }])("a/b")).toBe(true);
  expect(choose([{ include: "a" }])("b")).toBe(false);
});

test("the sets for a checkout", () => {
  const [whole, runtime] = [
    choose(namedSet("whole", "local")),
    choose(namedSet("runtime", "local")),
  ];
  const paths = {
    sage: [true, true],
    "src/bin/sage": [true, true],
    "src/sage/all.py": [true, false],
    "build/make/Makefile": [true, false],
    "local/lib/libgmp.a": [true, false],
    "local/lib/libgmp.so": [true, true],
    "local/var/tmp/sage/build/x": [false, false],
    "local/var/lib/tenon/packages/x.json": [false, false],
    "local/var/lib/sage/wheels/x.whl": [false, false],
    "logs/install.log": [false, false],
    "src/bin/__pycache__": [false, false],
  };
  const found = Object.keys(paths).map((path) => [path, [whole(path), runtime(path)]]);
  expect(Object.fromEntries(found)).toEqual(paths);
});
