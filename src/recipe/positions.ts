/** Where the keys and values of a TOML file stand; only needed to show a mistake. */
import { createRequire } from "node:module";
import type * as Parser from "toml-eslint-parser";

/** The way to a value: names of keys and, from 0, numbers of elements. */
export type KeyPath = readonly (string | number)[];

/** A piece of one line; line and column count from 1. */
export interface TextSpan {
  readonly line: number;
  readonly column: number;
  readonly length: number;
}

export interface Positions {
  /** The key or the value at a path; where it is missing, the nearest table around it. */
  find(path: KeyPath, part: "key" | "value"): TextSpan;
}

/** The text must be good TOML; of text that the second parser refuses, only the start is found. */
export function findPositions(text: string): Positions {
  const places = new Map<string, Place>();
  for (const node of parse(text)) addNode(places, [], node);
  return {
    find: (path, part) => {
      for (let length = path.length; length > 0; length -= 1) {
        const place = places.get(keyOf(path.slice(0, length)));
        if (place !== undefined) return length < path.length ? place.key : place[part];
      }
      return { line: 1, column: 1, length: 1 };
    },
  };
}

interface Place {
  readonly key: TextSpan;
  readonly value: TextSpan;
}

type Node = Parser.AST.TOMLKeyValue | Parser.AST.TOMLTable;

function parse(text: string): readonly Node[] {
  // Loaded here and not at the head: it costs more time than reading hundreds of good recipes.
  const parser = createRequire(import.meta.url)("toml-eslint-parser") as typeof Parser;
  try {
    return parser.parseTOML(text, { tomlVersion: "latest" }).body[0].body;
  } catch {
    return [];
  }
}

function addNode(places: Map<string, Place>, parent: KeyPath, node: Node): void {
  if (node.type === "TOMLTable") {
    const closing = node.kind === "array" ? 2 : 1;
    const header = spanOf(node.loc.start, {
      ...node.key.loc.end,
      column: node.key.loc.end.column + closing,
    });
    const tablePath = node.resolvedKey;
    for (let length = 1; length <= tablePath.length; length += 1) {
      addPlace(places, tablePath.slice(0, length), { key: header, value: header });
    }
    for (const inner of node.body) addNode(places, tablePath, inner);
    return;
  }
  const path = [...parent];
  for (const key of node.key.keys) {
    path.push(key.type === "TOMLBare" ? key.name : key.value);
    const span = spanOf(key.loc.start, key.loc.end);
    const isLast = key === node.key.keys.at(-1);
    addPlace(places, path, { key: span, value: isLast ? spanOfNode(node.value) : span });
  }
  addContent(places, path, node.value);
}

function addContent(
  places: Map<string, Place>,
  path: KeyPath,
  content: Parser.AST.TOMLContentNode,
): void {
  if (content.type === "TOMLInlineTable") {
    for (const inner of content.body) addNode(places, path, inner);
  } else if (content.type === "TOMLArray") {
    content.elements.forEach((element, index) => {
      const span = spanOfNode(element);
      addPlace(places, [...path, index], { key: span, value: span });
      addContent(places, [...path, index], element);
    });
  }
}

/** A table may be named again by the tables below it: the first place stands. */
function addPlace(places: Map<string, Place>, path: KeyPath, place: Place): void {
  const key = keyOf(path);
  if (!places.has(key)) places.set(key, place);
}

function keyOf(path: KeyPath): string {
  return JSON.stringify(path);
}

function spanOfNode(node: Parser.AST.HasLocs): TextSpan {
  return spanOf(node.loc.start, node.loc.end);
}

interface Point {
  readonly line: number;
  /** From 0. */
  readonly column: number;
}

/** Of several lines, the rest of the first: the code frame cuts at its end. */
function spanOf(start: Point, end: Point): TextSpan {
  const length = end.line === start.line ? end.column - start.column : Number.MAX_SAFE_INTEGER;
  return { line: start.line, column: start.column + 1, length };
}
