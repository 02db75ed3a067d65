/** The house's own law finds what it is for, and nothing in what keeps it. */
import ts from "typescript";
import { expect, test } from "vitest";
import { bannedCalls } from "../../scripts/tidy/banned-calls.js";
import { leftOut, notFound, untested } from "../../scripts/tidy/forgotten-tests.js";
import { tooLong } from "../../scripts/tidy/function-lengths.js";
import { badNames } from "../../scripts/tidy/names.js";

function source(file: string, text: string) {
  return { file, text, tree: ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true) };
}

const lines = (count: number, line = "go();"): string => `\n${`${line}\n`.repeat(count)}`;

test("functions of more than 60 lines, each by its name or what it is given to", () => {
  const found = tooLong([
    source("src/a.ts", `function short() {${lines(58)}}\nfunction long() {${lines(59)}}`),
    source("src/b.ts", `const arrow = () => {${lines(70)}};`),
    source("src/c.ts", `function outer() {${lines(2)}return { inner() {${lines(80)}} };}`),
  ]);
  expect(found).toEqual([
    "src/a.ts: long has 61 lines",
    "src/b.ts: arrow has 72 lines",
    "src/c.ts: outer has 85 lines",
    "src/c.ts: inner has 82 lines",
  ]);
});

test("a list of tests may have 100", () => {
  const list = (count: number): string =>
    `describe.skipIf(no)("x", () => {${lines(count, 'test("y", () => {});')}});`;
  expect(tooLong([source("test/a.test.ts", list(98))])).toEqual([]);
  expect(tooLong([source("test/a.test.ts", list(99))])).toEqual([
    'test/a.test.ts: describe "x" has 101 lines',
  ]);
});

test.each([
  ['test.only("x", () => {});', "keeps the other tests from running"],
  ['describe.only.each([1])("x", () => {});', "keeps the other tests from running"],
  ['test.skip("x", () => {});', "why this may be skipped"],
  ['test.skipIf(!isRoot)("x", () => {});', "why this may be skipped"],
  ["test.skipIf(!isRoot)(\n  `x`, () => {});", "why this may be skipped"],
])("%s is told", (text, fault) => {
  expect(leftOut([source("test/a.test.ts", text)])).toEqual([expect.stringContaining(fault)]);
});

test.each([
  'test.skipIf(!isRoot)("x (needs root)", () => {});',
  "describe.skipIf(no !== undefined)(`x${skippedWord}`, () => {});",
  'test("x", (context) => context.skip("there is no second disk"));',
])("%s is in order", (text) => {
  expect(leftOut([source("test/a.test.ts", text)])).toEqual([]);
});

test("tests in a file that vitest does not look at", () => {
  const text = 'test("x", () => {});';
  expect(notFound([source("test/a.test.ts", text)])).toEqual([]);
  expect(notFound([source("test/a.spec.ts", text)])).toHaveLength(1);
});

test("code that no unit test leads to: through indexes, and within its room", () => {
  const sources = [
    source("src/a/index.ts", 'export { one } from "./one.ts"; export { two } from "./two.ts";'),
    source("src/a/one.ts", 'import { deep } from "./deep.ts"; export function one() {}'),
    source("src/a/two.ts", "export function two() {}"),
    source("src/a/deep.ts", 'import { other } from "../b/index.ts"; export const deep = () => 1;'),
    source("src/a/data.ts", "export const facts = [1];"),
    source("src/b/index.ts", 'export { other } from "./other.ts";'),
    source("src/b/other.ts", "export function other() {}"),
  ];
  const unit = source("test/a.test.ts", 'import { one } from "../src/a/index.ts";');
  const types = source("test/t.test.ts", 'import type { two } from "../src/a/two.ts";');
  const system = source("test/system/b.test.ts", 'import { other } from "../../src/b/other.ts";');
  expect(untested(sources, [unit, types, system])).toEqual(["src/a/two.ts", "src/b/other.ts"]);
});

test.each([
  ["src/utils/a.ts", ""],
  ["src/string-utils.ts", ""],
  ["proof/shared.js", ""],
  ["src/camelCase.ts", ""],
  ["src/a.ts", "function helper() {}"],
  ["src/a.ts", "class LockManager {}"],
])("%s %s is named badly", (file, text) => {
  expect(badNames([source(file, text)])).toHaveLength(1);
});

test("names that say something", () => {
  const text = "function share() {} interface SharedFiles {}";
  expect(badNames([source("src/store/shared-files.crash.test.ts", text)])).toEqual([]);
});

test.each([
  ["src/plan/a.ts", "const now = Date.now();"],
  ["src/plan/a.ts", "const now = new Date();"],
  ["src/plan/a.ts", "setTimeout(go, 1);"],
  ["src/plan/a.ts", "process.exit(1);"],
  ["src/plan/a.ts", 'console.log("x");'],
  ["src/cli/a.ts", 'eval("1");'],
  ["src/cli/a.ts", 'export * from "./b.ts";'],
  ["src/cli/a.ts", ["// @ts", "ignore"].join("-")],
  ["test/plan/a.test.ts", "const startedMs = performance.now();"],
])("in %s not: %s", (file, text) => {
  expect(bannedCalls([source(file, text)])).toEqual([expect.stringContaining(file)]);
});

test.each([
  ["src/world/a.ts", "const now = Date.now();"],
  ["src/cli/a.ts", "process.exit(1);"],
  ["src/plan/a.ts", "const day = new Date(startedMs); clock.now(); // Date.now() is not called"],
  ["src/plan/a.ts", 'const text = "process.exit(1)"; context.process.stdout.write(text);'],
])("in %s as well: %s", (file, text) => {
  expect(bannedCalls([source(file, text)])).toEqual([]);
});
