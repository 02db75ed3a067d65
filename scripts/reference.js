/**
 * docs/reference/codes-and-variables.md, made of what the code says: exit codes, variables, and each error that it throws.
 * Started as a program it writes the page, which a test compares.
 */
import { writeFileSync } from "node:fs";
import { loadManual } from "./manual.js";
import { ts } from "./tidy/parser.js";
import { eachNode, readSources } from "./tidy/sources.js";

/** @import { Node, ObjectLiteralExpression } from "typescript" */

export const referencePage = "docs/reference/codes-and-variables.md";

/** Of each kind, as `src/cli/exit-codes.ts` has it. @type {Record<string, string>} */
const exitCodes = {
  usage: "2",
  recipe: "2",
  source: "1",
  conflict: "3",
  machine: "4",
  interrupted: "130",
  internal: "70",
};

/**
 * @param {readonly (readonly [names: string, text: string])[]} environment
 * @param {readonly (readonly [code: string, text: string])[]} exitStatus
 */
export function renderCodes(environment, exitStatus) {
  return `# Codes and variables

This page is made of what the program says of itself (\`node scripts/reference.js\`).

## Exit codes

| code | meaning |
| --- | --- |
${exitStatus.map(([code, text]) => `| ${code} | ${text} |`).join("\n")}

\`tenon run\` and \`tenon shell\` end with the exit code of what they ran. Results go to the standard output, progress and errors to the
standard error.

## Variables that tenon reads

| variable | meaning |
| --- | --- |
${environment.map(([names, text]) => `| ${quoted(names)} | ${text} |`).join("\n")}

A SageMath checkout has [more](../how-to/sage.md). The variables that builds see are in [Workspaces and recipes](recipes.md#what-a-build-sees).

## Errors

The library throws a \`TenonError\` with a \`kind\`, which decides the exit code, and a \`code\`, which stays the same from version to version.
In the table, \`…\` stands for names, paths and numbers.

| kind | exit code | code | one message with it |
| --- | --- | --- | --- |
${errorRows().join("\n")}
`;
}

function quoted(/** @type {string} */ names) {
  return names
    .split(", ")
    .map((name) => `\`${name}\``)
    .join(", ");
}

function errorRows() {
  /** @type {Map<string, string>} */
  const rows = new Map();
  for (const { tree } of readSources(["src"])) {
    eachNode(tree, (node) => {
      if (!ts.isObjectLiteralExpression(node)) return;
      const [kind, code] = [textOf(node, "kind"), textOf(node, "code")];
      if (kind === undefined || code === undefined || exitCodes[kind] === undefined) return;
      const message = textOf(node, "message") ?? "";
      const known = rows.get(`${kind} ${code}`);
      if (known === undefined || known === "") rows.set(`${kind} ${code}`, message);
    });
  }
  return [...rows]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([names, message]) => {
      const [kind = "", code] = names.split(" ");
      return `| ${kind} | ${exitCodes[kind]} | \`${code}\` | ${message.replaceAll("|", "\\|")} |`;
    });
}

/** The text that a property has, with `…` for what is only known when the program runs. */
function textOf(/** @type {ObjectLiteralExpression} */ object, /** @type {string} */ name) {
  for (const each of object.properties) {
    if (ts.isPropertyAssignment(each) && each.name.getText() === name)
      return literalOf(each.initializer);
  }
  return undefined;
}

/** @returns {string | undefined} */
function literalOf(/** @type {Node} */ node) {
  if (ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node)) return node.text;
  if (ts.isTemplateExpression(node))
    return node.head.text + node.templateSpans.map(({ literal }) => `…${literal.text}`).join("");
  if (ts.isBinaryExpression(node))
    return `${literalOf(node.left) ?? "…"}${literalOf(node.right) ?? "…"}`;
  if (ts.isArrayLiteralExpression(node) && node.elements[0] !== undefined)
    return literalOf(node.elements[0]);
  return undefined;
}

if (process.argv[1]?.endsWith("reference.js")) {
  const { environment, exitStatus } = await loadManual();
  writeFileSync(referencePage, renderCodes(environment, exitStatus));
}
