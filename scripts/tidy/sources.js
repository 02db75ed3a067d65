/** The program's own files, parsed. */
import { readdirSync, readFileSync } from "node:fs";
import { ts } from "./parser.js";

/** @import { Node, SourceFile } from "typescript" */

/**
 * @typedef {object} Source
 * @property {string} file from the project's folder
 * @property {string} text
 * @property {SourceFile} tree its nodes know their parents
 */

/** @returns {Source[]} */
export function readSources(/** @type {readonly string[]} */ folders) {
  return folders.flatMap(filesIn).map((file) => {
    const text = readFileSync(file, "utf8");
    return { file, text, tree: ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true) };
  });
}

/** Without those that a program has made. @returns {string[]} */
function filesIn(/** @type {string} */ folder) {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && /(?<!_pb)\.(ts|js)$/.test(entry.name))
    .map((entry) => `${entry.parentPath}/${entry.name}`)
    .sort();
}

/** Every node of a tree, parents before children. */
export function eachNode(/** @type {Node} */ node, /** @type {(node: Node) => void} */ look) {
  look(node);
  ts.forEachChild(node, (child) => eachNode(child, look));
}

/** The line of a node, counted from 1. */
export function lineOf(/** @type {Node} */ node) {
  return node.getSourceFile().getLineAndCharacterOfPosition(node.getStart()).line + 1;
}

/** What a chain of calls and properties begins with: `test` in `test.skipIf(noView)("…")`. */
export function rootOf(/** @type {Node} */ node) {
  let root = node;
  while (
    ts.isCallExpression(root) ||
    ts.isPropertyAccessExpression(root) ||
    ts.isTaggedTemplateExpression(root)
  )
    root = ts.isTaggedTemplateExpression(root) ? root.tag : root.expression;
  return ts.isIdentifier(root) ? root.text : "";
}
