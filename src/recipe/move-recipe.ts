/** Another version in a recipe's text: nothing else of what a person has written is touched. */
import { createRequire } from "node:module";
import type * as Parser from "toml-eslint-parser";
import type { Digest } from "../core/index.ts";
import type { Recipe } from "./recipe.ts";

/**
 * `text` is the recipe's, which is good TOML; `to` is what it is to be, of the package index as before, and
 * `sha256` its file's digest. Its version, system and digest are replaced where they stand, and what it
 * needs besides is added: what it does not need any more may be a person's and stays. Undefined where the text
 * has a form that is not edited, such as `depends = { run = [] }` without what is to be changed.
 */
export function moveRecipe(
  text: string,
  to: Recipe,
  sha256: Digest | undefined,
): string | undefined {
  const edits: (Edit | undefined)[] = [];
  const document: Parsed = { text, tables: parse(text) };
  const { tables } = document;
  const replace = (path: Path, value: string): void => {
    const found = find(tables, path);
    if (found !== undefined) edits.push({ range: found.range, text: JSON.stringify(value) });
  };
  if (find(tables, ["version"]) === undefined) return undefined;
  replace(["version"], to.version);
  if (to.source?.kind === "pypi") replace(["source", "version"], to.source.version);
  replace(["build", "system"], to.build.system);
  if (sha256 !== undefined) replace(["source", "sha256"], sha256);
  for (const kind of ["build", "run"] as const)
    edits.push(...addNames(document, ["depends", kind], to.depends[kind]));
  if (to.crates !== undefined && find(tables, ["source", "crates"]) === undefined)
    edits.push(addKey(document, ["source", "crates"], JSON.stringify(to.crates)));
  return edits.includes(undefined) ? undefined : apply(text, edits as Edit[]);
}

interface Edit {
  readonly range: readonly [number, number];
  readonly text: string;
}

interface Parsed {
  readonly text: string;
  readonly tables: readonly Table[];
}

type Path = readonly [string] | readonly [string, string];
type Table = Parser.AST.TOMLTable | Parser.AST.TOMLTopLevelTable;

function parse(text: string): readonly Table[] {
  // Loaded here and not at the head: few commands need it.
  const parser = createRequire(import.meta.url)("toml-eslint-parser") as typeof Parser;
  const top = parser.parseTOML(text, { tomlVersion: "latest" }).body[0];
  return [top, ...top.body.filter((node) => node.type === "TOMLTable")];
}

/** In a table of its own, an inline one, or with a dotted key. */
function find(tables: readonly Table[], path: Path): Parser.AST.TOMLContentNode | undefined {
  for (const table of tables) {
    const above = table.type === "TOMLTable" ? table.resolvedKey.map(String) : [];
    const found = findBelow(table.body, above, path);
    if (found !== undefined) return found;
  }
  return undefined;
}

function findBelow(
  nodes: Table["body"],
  above: readonly string[],
  path: readonly string[],
): Parser.AST.TOMLContentNode | undefined {
  for (const node of nodes) {
    if (node.type !== "TOMLKeyValue") continue;
    const names = node.key.keys.map((key) => (key.type === "TOMLBare" ? key.name : key.value));
    const here = [...above, ...names];
    if (here.some((name, index) => name !== path[index])) continue;
    if (here.length === path.length) return node.value;
    if (node.value.type !== "TOMLInlineTable") continue;
    const found = findBelow(node.value.body, here, path);
    if (found !== undefined) return found;
  }
  return undefined;
}

function addNames(
  document: Parsed,
  path: readonly [string, string],
  wanted: readonly string[],
): (Edit | undefined)[] {
  const list = find(document.tables, path);
  const elements = list?.type === "TOMLArray" ? list.elements : [];
  const present = new Set(elements.map((each) => (each.type === "TOMLValue" ? each.value : "")));
  const missing = wanted.filter((name) => !present.has(name)).map((name) => JSON.stringify(name));
  if (missing.length === 0) return [];
  const last = elements.at(-1);
  if (list === undefined) return [addKey(document, path, `[${missing.join(", ")}]`)];
  if (last === undefined) return [{ range: list.range, text: `[${missing.join(", ")}]` }];
  const end = last.range[1];
  return [{ range: [end, end], text: missing.map((name) => `, ${name}`).join("") }];
}

/** At the end of its table, or in a new one; undefined where the table is written in another form. */
function addKey(
  { text, tables }: Parsed,
  [table, key]: readonly [string, string],
  value: string,
): Edit | undefined {
  const own = tables.find(
    (each) => each.type === "TOMLTable" && each.resolvedKey.map(String).join("\0") === table,
  );
  const [top] = tables;
  if (own !== undefined) {
    const end = `${text}\n`.indexOf("\n", own.range[1]); // a comment of its last key stays there
    return { range: [end, end], text: `\n${key} = ${value}` };
  }
  const isWritten = top?.body.some(
    (node) =>
      node.type === "TOMLKeyValue" &&
      node.key.keys.some((each) => each.type === "TOMLBare" && each.name === table),
  );
  if (isWritten !== false) return undefined;
  const start = text.endsWith("\n") ? "\n" : "\n\n";
  const range = [text.length, text.length] as const;
  return { range, text: `${start}[${table}]\n${key} = ${value}\n` };
}

function apply(text: string, edits: readonly Edit[]): string {
  const sorted = edits.toSorted((a, b) => b.range[0] - a.range[0] || b.range[1] - a.range[1]);
  return sorted.reduce(
    (before, { range: [start, end], text: next }) =>
      `${before.slice(0, start)}${next}${before.slice(end)}`,
    text,
  );
}
