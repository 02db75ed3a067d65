/** Functions that are longer than a screen. What is a list of tests may be longer. */
import { ts } from "./parser.js";
import { eachNode, lineOf, rootOf } from "./sources.js";

/** @import { Node } from "typescript" */

const mostLines = 60;
const mostLinesOfTests = 100;

/**
 * A fault for each function that is too long.
 *
 * @param {readonly import("./sources.js").Source[]} sources
 */
export function tooLong(sources) {
  /** @type {string[]} */
  const faults = [];
  for (const { file, tree } of sources) {
    eachNode(tree, (node) => {
      const body = ts.isFunctionLike(node) && "body" in node ? node.body : undefined;
      if (body === undefined) return;
      const last = tree.getLineAndCharacterOfPosition(node.getEnd()).line + 1;
      const lines = last - lineOf(node) + 1;
      if (lines > (isListOfTests(body) ? mostLinesOfTests : mostLines))
        faults.push(`${file}: ${nameOf(node)} has ${lines} lines`);
    });
  }
  return faults;
}

function isListOfTests(/** @type {Node} */ body) {
  return (
    ts.isBlock(body) &&
    body.statements.some(
      (statement) =>
        ts.isExpressionStatement(statement) &&
        ["test", "describe"].includes(rootOf(statement.expression)),
    )
  );
}

/**
 * Its own name, else that of what it is given to, with what stands before it: `describe "durability"`.
 *
 * @returns {string}
 */
function nameOf(/** @type {Node} */ node) {
  if ("name" in node && node.name !== undefined) return /** @type {Node} */ (node.name).getText();
  const { parent } = node;
  if (ts.isCallExpression(parent)) {
    const [first] = parent.arguments;
    const called = rootOf(parent.expression);
    return first === undefined || first === node ? called : `${called} ${first.getText()}`;
  }
  return parent === undefined ? "the file" : nameOf(parent);
}
