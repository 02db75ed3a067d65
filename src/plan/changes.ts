/** Why a package is out of date: which of its inputs changed since it was last built here. */
import { canonicalJson, type Json } from "../core/index.ts";
import type { Input } from "./key.ts";

interface InputChange {
  readonly name: string;
  readonly before: Json | undefined;
  readonly now: Json | undefined;
}

/** In the order of today's inputs; those that are gone come last. */
export function changesBetween(before: readonly Input[], now: readonly Input[]): InputChange[] {
  const old = new Map(before.map(({ name, value }) => [name, value]));
  const changes: InputChange[] = [];
  for (const { name, value } of now) {
    const previous = old.get(name);
    old.delete(name);
    if (previous === undefined || canonicalJson(previous) !== canonicalJson(value)) {
      changes.push({ name, before: previous, now: value });
    }
  }
  for (const [name, value] of old) changes.push({ name, before: value, now: undefined });
  return changes;
}

/**
 * One sentence part: `build.args changed from [] to ["--without-x"]`. Of a table, each entry that differs:
 * `build.env.CFLAGS is new`.
 */
export function describeChange({ name, before, now }: InputChange): string {
  if (before === undefined) return `${name} is new`;
  if (now === undefined) return `${name} is gone`;
  if (isTable(before) && isTable(now))
    return changesBetween(entriesOf(name, before), entriesOf(name, now))
      .map(describeChange)
      .join(", ");
  return `${name} changed from ${brief(before)} to ${brief(now)}`;
}

type Table = Readonly<Record<string, Json>>;

function isTable(value: Json): value is Table {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function entriesOf(name: string, table: Table): Input[] {
  return Object.entries(table).map(([key, value]) => ({ name: `${name}.${key}`, value }));
}

const longestValue = 60;

function brief(value: Json): string {
  if (typeof value === "string" && /^[0-9a-f]{64}$/.test(value)) return value.slice(0, 12);
  const text = canonicalJson(value);
  return text.length <= longestValue ? text : `${text.slice(0, longestValue - 1)}…`;
}
