/** Checks a file's keys and types, reports what is wrong, and goes on with what is good. */
import type { Document } from "./document.ts";
import { nearestName } from "../core/index.ts";
import type { KeyPath } from "./positions.ts";
import { didYouMean, nameOfKey, oneOf, quote } from "./wording.ts";

/** The type of a value: a list has one kind of element, a table these keys, and `variables` any keys with text. */
export type Shape = keyof Values | readonly [Shape] | { readonly [key: string]: Shape };

interface Values {
  text: string;
  "text or list": string | readonly string[];
  number: number;
  boolean: boolean;
  variables: Readonly<Record<string, string>>;
}

/** What a good value of a shape is; each key of a table may be missing. */
export type ShapedValue<S> = S extends keyof Values
  ? Values[S]
  : S extends readonly [infer Element]
    ? readonly ShapedValue<Element>[]
    : { readonly [Key in keyof S]?: ShapedValue<S[Key]> };

interface Walk {
  readonly document: Document;
  /** Of what is left out. */
  readonly broken: KeyPath[];
}

/** The values without those of a wrong type and without unknown keys, which are reported. */
export function checkShape<S extends Shape>(
  shape: S,
  document: Document,
  values: Record<string, unknown>,
): ShapedValue<S> {
  const broken: KeyPath[] = [];
  const good = takeGood({ document, broken }, shape, values, []);
  // Reported first and marked after: one mistake must not hide another one beside it.
  for (const path of broken) document.markBroken(path);
  return good as ShapedValue<S>;
}

/** What is good of a value; undefined where nothing is, or an element of a list is not. */
function takeGood(walk: Walk, shape: Shape, value: unknown, at: KeyPath): unknown {
  const wrong = describeWrong(shape, value);
  if (wrong !== undefined) {
    const what = `${nameOfKey(at)} ${wrong.what}`;
    walk.document.report({ code: wrong.code, at, what, expected: wrong.expected });
    return undefined;
  }
  if (Array.isArray(value)) {
    const [element] = shape === "text or list" ? (["text"] as const) : (shape as readonly [Shape]);
    const items = value.map((item, index) => takeGood(walk, element, item, [...at, index]));
    return items.includes(undefined) ? undefined : items;
  }
  return isTable(value) ? takeGoodKeys(walk, shape, value, at) : value;
}

function takeGoodKeys(
  walk: Walk,
  shape: Shape,
  table: Record<string, unknown>,
  at: KeyPath,
): Record<string, unknown> {
  const shapes = typeof shape === "object" ? (shape as Readonly<Record<string, Shape>>) : {};
  const isKnown = (key: string): boolean => Object.hasOwn(shapes, key);
  const keys = Object.keys(table);
  if (shape !== "variables" && !keys.every(isKnown))
    reportUnknownKeys(walk, Object.keys(shapes), keys, at);
  const entries: [string, unknown][] = [];
  for (const key of keys) {
    const its = shape === "variables" ? "text" : isKnown(key) ? shapes[key] : undefined;
    if (its === undefined) continue;
    const good = takeGood(walk, its, table[key], [...at, key]);
    if (good === undefined) walk.broken.push([...at, key]);
    else entries.push([key, good]);
  }
  return Object.fromEntries(entries);
}

/** Nothing more is to be said of an unknown key, nor of the one that was probably meant. */
function reportUnknownKeys(
  { document, broken }: Walk,
  known: readonly string[],
  given: readonly string[],
  at: KeyPath,
): void {
  const missing = known.filter((name) => !given.includes(name));
  for (const key of given.filter((name) => !known.includes(name))) {
    document.report({
      code: "UNKNOWN_KEY",
      at: [...at, key],
      part: "key",
      what: `unknown key ${quote(key)}${at.length === 0 ? "" : ` in ${nameOfKey(at)}`}`,
      expected: `${oneOf(known)}${didYouMean(key, known)}`,
    });
    const meant = nearestName(key, missing);
    broken.push([...at, key], ...(meant === undefined ? [] : [[...at, meant]]));
  }
}

function describeWrong(
  shape: Shape,
  value: unknown,
): { readonly code: string; readonly what: string; readonly expected: string } | undefined {
  const kind = typeof shape === "string" ? shape : Array.isArray(shape) ? "list" : "variables";
  const { isGood, expected } = kinds[kind];
  if (!isGood(value)) return { code: "TYPE", what: `is ${describeType(value)}`, expected };
  const hasNul = typeof value === "string" && value.includes("\0");
  if (!hasNul) return undefined;
  return { code: "VALUE", what: "contains a NUL character", expected: "text without it" };
}

interface Kind {
  readonly isGood: (value: unknown) => boolean;
  readonly expected: string;
}

const kinds: Readonly<Record<keyof Values | "list", Kind>> = {
  text: { isGood: (value) => typeof value === "string", expected: "text in quotes" },
  "text or list": {
    isGood: (value) => typeof value === "string" || Array.isArray(value),
    expected: "text in quotes, or a list of it in brackets",
  },
  number: { isGood: (value) => typeof value === "number", expected: "a number" },
  boolean: { isGood: (value) => typeof value === "boolean", expected: "true or false" },
  list: { isGood: Array.isArray, expected: "a list in brackets" },
  variables: { isGood: isTable, expected: "a table" },
};

/** Needed because dates and arrays are objects too. */
export function isTable(value: unknown): value is Record<string, unknown> {
  const isObject = typeof value === "object" && value !== null;
  return isObject && !Array.isArray(value) && !(value instanceof Date);
}

function describeType(value: unknown): string {
  if (typeof value === "string") return "text";
  if (typeof value === "boolean") return String(value);
  if (typeof value === "number" || typeof value === "bigint") return "a number";
  if (Array.isArray(value)) return "a list";
  return isTable(value) ? "a table" : "a date";
}
