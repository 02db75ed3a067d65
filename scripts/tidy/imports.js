/** Which files import which: a name that comes through an index counts for the file that defines it. */
import { dirname, join } from "node:path";
import { ts } from "./parser.js";

/** @import { ExportDeclaration, ImportDeclaration } from "typescript" */

/** @typedef {import("./sources.js").Source} Source */
/** @typedef {{ file: string, name: string, as: string }} Imported */

/**
 * Gives for a file the files whose values it imports when it is loaded.
 *
 * @param {readonly Source[]} sources where indexes are looked into
 */
export function importsAmong(sources) {
  const indexes = new Map(
    sources
      .filter(({ file }) => file.endsWith("/index.ts"))
      .map((source) => [source.file, new Map(importedBy(source).map((each) => [each.as, each]))]),
  );

  /** @returns {string} */
  const definitionOf = (/** @type {Imported} */ { file, name }) => {
    const further = indexes.get(file)?.get(name);
    return further === undefined ? file : definitionOf(further);
  };

  return (/** @type {Source} */ source) => importedBy(source).map(definitionOf);
}

/** @returns {Imported[]} */
function importedBy(/** @type {Source} */ { file, tree }) {
  return tree.statements.flatMap((statement) => {
    if (!ts.isImportDeclaration(statement) && !ts.isExportDeclaration(statement)) return [];
    const from = statement.moduleSpecifier;
    if (from === undefined || !ts.isStringLiteral(from) || !from.text.startsWith(".")) return [];
    const target = join(dirname(file), from.text);
    return namesOf(statement).map(({ name, as }) => ({ file: target, name, as }));
  });
}

/** No types; a module that is imported whole is `*`. */
function namesOf(/** @type {ImportDeclaration | ExportDeclaration} */ statement) {
  const clause = ts.isImportDeclaration(statement) ? statement.importClause : statement;
  if (clause?.isTypeOnly) return [];
  const names = ts.isImportDeclaration(statement)
    ? statement.importClause?.namedBindings
    : statement.exportClause;
  if (names === undefined || !("elements" in names)) return [{ name: "*", as: "*" }];
  return [...names.elements]
    .filter(({ isTypeOnly }) => !isTypeOnly)
    .map(({ name, propertyName }) => ({ name: (propertyName ?? name).text, as: name.text }));
}
