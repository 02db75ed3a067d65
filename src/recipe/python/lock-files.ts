/** What pylock.toml and uv.lock have in common: packages in a TOML document, and their files. */
import { type Digest, isDigest } from "../../core/index.ts";
import { holds, type MarkerEnvironment, parseMarker } from "../../requirements/index.ts";
import type { Document } from "../document.ts";
import type { KeyPath } from "../positions.ts";
import { isTable } from "../schema.ts";
import { nameOfKey, quote } from "../wording.ts";

export type Table = Readonly<Record<string, unknown>>;

/** The tables of a list; what is no table there is reported. Empty when there is no list. */
export function tablesAt(document: Document, at: KeyPath, value: unknown): Table[] {
  if (value === undefined) return [];
  if (Array.isArray(value) && value.every(isTable)) return value;
  document.report({
    code: "TYPE",
    at,
    what: `${nameOfKey(at)} is no list of tables`,
    expected: "[[…]] or [{…}]",
  });
  return [];
}

/** A text that must be there; reported when it is not. */
export function textAt(document: Document, at: KeyPath, value: unknown): string | undefined {
  if (typeof value === "string" && value !== "") return value;
  const isMissing = value === undefined;
  document.report({
    code: isMissing ? "MISSING_KEY" : "TYPE",
    at,
    what: `${nameOfKey(at)} is ${isMissing ? "missing" : "no text"}`,
    expected: "text in quotes",
  });
  return undefined;
}

export function textsOf(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === "string") : [];
}

/** Whether a table's marker holds; without one it does, and a broken one is reported. */
export function applies(
  document: Document,
  at: KeyPath,
  { marker: text }: Table,
  environment: MarkerEnvironment,
): boolean {
  if (text === undefined) return true;
  const marker = typeof text === "string" ? parseMarker(text) : "the marker is no text";
  if (typeof marker !== "string") return holds(marker, environment);
  document.report({ code: "VALUE", at: [...at, "marker"], what: marker, expected: "a marker" });
  return false;
}

/** The digests of a package's sdist and wheels, each read by `digestOf`. */
export function digestsOf(
  document: Document,
  at: KeyPath,
  item: Table,
  digestOf: (file: Table) => unknown,
): Set<Digest> {
  const sdist = isTable(item["sdist"]) ? [[["sdist"], item["sdist"]] as const] : [];
  const wheels = tablesAt(document, [...at, "wheels"], item["wheels"]).map(
    (file, index) => [["wheels", index], file] as const,
  );
  const digests = new Set<Digest>();
  for (const [place, file] of [...sdist, ...wheels]) {
    const digest = digestOf(file);
    if (typeof digest === "string" && isDigest(digest)) digests.add(digest);
    else {
      const what = `${nameOfKey([...at, ...place])} has no sha256`;
      const expected = "a sha256 for each file";
      document.report({ code: "VALUE", at: [...at, ...place], what, expected });
    }
  }
  return digests;
}

/** What is not from an index: a folder, a repository, a file at some address. */
export function reportDirect(document: Document, at: KeyPath, name: string, kind: string): void {
  document.report({
    code: "VALUE",
    at,
    what: `${quote(name)} comes from its ${kind}, not from an index`,
    expected: "a package of the index",
    hint: `Write a recipe for ${name}, with source.path, source.git or source.url, and lock the others without it.`,
  });
}
