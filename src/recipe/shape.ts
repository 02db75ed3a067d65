/** Checks a file's keys and types, reports what is wrong, and goes on with what is good. */
import * as v from "valibot";
import type { Document } from "./document.ts";
import { nearestName } from "./nearest-name.ts";
import type { KeyPath } from "./positions.ts";
import { isTable } from "./schema.ts";
import { didYouMean, nameOfKey, oneOf, quote } from "./wording.ts";

type Schema = v.GenericSchema;

/** The values without those of a wrong type and without unknown keys, which are reported. */
export function checkShape<S extends Schema>(
  schema: S,
  document: Document,
  values: Record<string, unknown>,
): v.InferOutput<S> {
  const result = v.safeParse(schema, values);
  if (result.success) return result.output;
  // Told first and marked after: one mistake must not hide another one beside it.
  const broken = result.issues.flatMap((issue) =>
    issue.type === "strict_object"
      ? reportUnknownKeys(document, issue)
      : [reportWrongValue(document, issue)],
  );
  for (const path of broken) document.markBroken(path);
  // Wrong values were taken out of the input, and the output leaves unknown keys out.
  return v.safeParse(schema, values).output as v.InferOutput<S>;
}

type Issue = v.BaseIssue<unknown>;

/** All of the table, because valibot tells the first only; gives the places to say no more about. */
function reportUnknownKeys(document: Document, issue: Issue): KeyPath[] {
  const parent = pathOf(issue).slice(0, -1);
  const known = issue.message.split(" ");
  const given = Object.keys(issue.path?.at(-1)?.input as object);
  const missing = known.filter((name) => !given.includes(name));
  const unknown = given.filter((key) => !known.includes(key));
  for (const key of unknown) {
    document.report({
      code: "UNKNOWN_KEY",
      at: [...parent, key],
      part: "key",
      what: `unknown key ${quote(key)}${parent.length === 0 ? "" : ` in ${nameOfKey(parent)}`}`,
      expected: `${oneOf(known)}${didYouMean(key, known)}`,
    });
  }
  const meant = unknown.flatMap((key) => nearestName(key, missing) ?? []);
  return [...unknown, ...meant].map((key) => parent.concat(key));
}

function reportWrongValue(document: Document, issue: Issue): KeyPath {
  const path = pathOf(issue);
  const isText = issue.type === "check";
  document.report({
    code: isText ? "VALUE" : "TYPE",
    at: path,
    what: isText
      ? `${nameOfKey(path)} contains a NUL character`
      : `${nameOfKey(path)} is ${describeType(issue.input)}`,
    expected: expectations[issue.type] ?? issue.type,
  });
  return takeOut(issue, path);
}

const expectations: Readonly<Record<string, string>> = {
  array: "a list in brackets",
  boolean: "true or false",
  check: "text without it",
  custom: "a table",
  number: "a number",
  string: "text in quotes",
};

/** Removes the value, or the whole list that it is an element of, and says which. */
function takeOut(issue: Issue, path: KeyPath): KeyPath {
  const items = [...(issue.path ?? [])];
  let removed = path;
  while (Array.isArray(items.at(-1)?.input)) {
    items.pop();
    removed = removed.slice(0, -1);
  }
  const item = items.at(-1);
  if (item !== undefined) delete (item.input as Record<string, unknown>)[String(item.key)];
  return removed;
}

function pathOf(issue: Issue): KeyPath {
  return (issue.path ?? []).map((item) => item.key as string | number);
}

function describeType(value: unknown): string {
  if (typeof value === "string") return "text";
  if (typeof value === "boolean") return String(value);
  if (typeof value === "number" || typeof value === "bigint") return "a number";
  if (Array.isArray(value)) return "a list";
  return isTable(value) ? "a table" : "a date";
}
