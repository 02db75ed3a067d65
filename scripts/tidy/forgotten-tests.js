/** Tests that do not run, and code that no test looks at. */
import { importsAmong } from "./imports.js";
import { ts } from "./parser.js";
import { eachNode, lineOf, rootOf } from "./sources.js";

/** @import { Node } from "typescript" */

/** @typedef {import("./sources.js").Source} Source */

/** In the title of a test that may be left out: `(needs root)`, or the reason that was found. */
const reason = /\$\{|\((?:needs|skipped)\b/;

/** Where a test keeps others from running, or may be left out without a word. */
export function leftOut(/** @type {readonly Source[]} */ tests) {
  /** @type {string[]} */
  const faults = [];
  for (const { file, tree } of tests) {
    eachNode(tree, (node) => {
      if (!ts.isPropertyAccessExpression(node) || !["test", "describe"].includes(rootOf(node)))
        return;
      const at = `${file}:${lineOf(node)}`;
      if (node.name.text === "only") faults.push(`${at}: .only keeps the other tests from running`);
      if (!["skip", "skipIf", "runIf", "todo", "fails"].includes(node.name.text)) return;
      if (!reason.test(titleOf(node)))
        faults.push(
          `${at}: the title does not say why this may be skipped, as "(needs root)" does`,
        );
    });
  }
  return faults;
}

/** The first text that is given to `test.skip("…")`, or to what `test.skipIf(…)` gives. */
function titleOf(/** @type {Node} */ node) {
  let call = node.parent;
  while (ts.isCallExpression(call) || ts.isPropertyAccessExpression(call)) {
    if (ts.isCallExpression(call)) {
      const [first] = call.arguments;
      if (first !== undefined && (ts.isStringLiteralLike(first) || ts.isTemplateExpression(first)))
        return first.getText();
    }
    call = call.parent;
  }
  return "";
}

/** Names of test files that no run looks for: vitest finds `*.test.ts` alone. */
export function notFound(/** @type {readonly Source[]} */ tests) {
  return tests
    .filter(({ file, text }) => !file.endsWith(".test.ts") && /^(test|describe)\b.*\(/m.test(text))
    .map(({ file }) => `${file}: vitest does not look for tests in it`);
}

/**
 * Files with functions that no unit test leads to: none imports the file, nor one of its room that imports it.
 * System tests do not count, for they are slow to say what is broken.
 */
export function untested(
  /** @type {readonly Source[]} */ sources,
  /** @type {readonly Source[]} */ tests,
) {
  const importsOf = importsAmong(sources);
  const byFile = new Map(sources.map((source) => [source.file, source]));
  const unitTests = tests.filter(({ file }) => !file.startsWith("test/system/"));
  const reached = new Set(unitTests.flatMap(importsOf));
  for (const file of reached) {
    const source = file.endsWith("/index.ts") ? undefined : byFile.get(file);
    const further = source === undefined ? [] : importsOf(source);
    for (const each of further) if (roomOf(each) === roomOf(file)) reached.add(each);
  }
  return sources
    .filter((source) => !reached.has(source.file) && hasFunctions(source))
    .map(({ file }) => file);
}

function hasFunctions(/** @type {Source} */ { tree }) {
  let found = false;
  eachNode(tree, (node) => {
    found ||= ts.isFunctionLike(node) && "body" in node && node.body !== undefined;
  });
  return found;
}

function roomOf(/** @type {string} */ file) {
  return file.split("/")[1];
}
