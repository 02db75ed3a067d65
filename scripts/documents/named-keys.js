/** That the reference names every key of the files, every kind of event and every folder that the code knows. */
import { readFileSync } from "node:fs";
import { ts } from "../tidy/parser.js";
import { eachNode } from "../tidy/sources.js";

/** @import { Expression, SourceFile } from "typescript" */

/** @returns {string[]} */
export function unnamedKeys() {
  const schema = parse("src/recipe/schema.ts");
  const recipes = read("docs/reference/recipes.md");
  const trust = read("docs/explanation/trust.md");
  return [
    ...missing("docs/reference/recipes.md", recipes, keysOf(schema, "recipeSchema")),
    ...missing("docs/reference/recipes.md", recipes, keysOf(schema, "workspaceSchema").map(lastOf)),
    ...missing("docs/explanation/trust.md", trust, ["trust"]),
    ...missing(
      "docs/reference/events.md",
      read("docs/reference/events.md"),
      keysOf(parse("src/events/event-shape.ts"), "shapes").map(firstOf),
    ),
    ...missing("docs/reference/files.md", read("docs/reference/files.md"), storeFolders()),
    ...missing(
      "docs/reference/codes-and-variables.md or docs/reference/recipes.md",
      read("docs/reference/codes-and-variables.md") + recipes,
      variables(),
    ),
  ];
}

function missing(
  /** @type {string} */ page,
  /** @type {string} */ text,
  /** @type {string[]} */ names,
) {
  return names
    .filter((name) => !new RegExp(`(?<![\\w.-])${name}(?![\\w-])`).test(text))
    .map((name) => `${page}: does not name ${name}`);
}

/** `source.url` and the like, of a constant that holds an object of objects. @returns {string[]} */
function keysOf(/** @type {SourceFile} */ tree, /** @type {string} */ constant) {
  /** @type {string[]} */
  const keys = [];
  eachNode(tree, (node) => {
    if (ts.isVariableDeclaration(node) && node.name.getText() === constant && node.initializer)
      keys.push(...keysIn(node.initializer, ""));
  });
  if (keys.length === 0) throw new Error(`there is no ${constant}`);
  return keys;
}

/** @returns {string[]} */
function keysIn(/** @type {Expression} */ value, /** @type {string} */ before) {
  if (ts.isAsExpression(value) || ts.isSatisfiesExpression(value))
    return keysIn(value.expression, before);
  if (!ts.isObjectLiteralExpression(value)) return [];
  return value.properties.flatMap((each) => {
    if (!ts.isPropertyAssignment(each)) return [];
    const name = each.name.getText().replaceAll('"', "");
    const below = keysIn(each.initializer, `${before}${name}.`);
    return below.length === 0 ? [`${before}${name}`] : below;
  });
}

/** @returns {string} */
function firstOf(/** @type {string} */ key) {
  return key.split(".")[0] ?? key;
}

/** @returns {string} */
function lastOf(/** @type {string} */ key) {
  return key.split(".").at(-1) ?? key;
}

/** @returns {string[]} */
function storeFolders() {
  const [, list = ""] = /const folders = \[([^\]]*)\]/.exec(read("src/store/layout.ts")) ?? [];
  return [...list.matchAll(/"(\w+)"/g)].map(([, name = ""]) => name);
}

/** Of tenon's own variables those that a person sets. @returns {string[]} */
function variables() {
  const files = [
    "src/cli/store-folder.ts",
    "src/run/writable-folders.ts",
    "src/workspace/activated.ts",
  ];
  const found = files.flatMap((file) => [...read(file).matchAll(/\bTENON_[A-Z]+\b/g)]);
  return [...new Set(found.map(([name]) => name))];
}

function parse(/** @type {string} */ file) {
  return ts.createSourceFile(file, read(file), ts.ScriptTarget.Latest, true);
}

function read(/** @type {string} */ file) {
  return readFileSync(file, "utf8");
}
