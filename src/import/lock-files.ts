/** What pylock.toml and uv.lock have in common: packages in a TOML document, and their files. */
import { type Digest, isDigest, TenonError } from "../core/index.ts";
import {
  allows,
  holds,
  type MarkerEnvironment,
  normalizeProject,
  parseMarker,
  type Requirement,
} from "../requirements/index.ts";
import {
  didYouMean,
  type Document,
  isTable,
  type KeyPath,
  nameOfKey,
  oneOf,
  quote,
} from "../recipe/index.ts";
import { directRequirement, type ReadDirect } from "./direct-project.ts";
import type { DirectProject, Table } from "./wanted.ts";

/** The tables of a list; what is no table there is reported. Empty when there is no list. */
export function tablesAt(document: Document, at: KeyPath, value: unknown): Table[] {
  if (value === undefined) return [];
  if (Array.isArray(value) && value.every(isTable)) return value;
  document.report({
    code: "TYPE",
    at,
    what: `${nameOfKey(at)} is not a list of tables`,
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
    what: `${nameOfKey(at)} is ${isMissing ? "missing" : "not text"}`,
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
  const marker = typeof text === "string" ? parseMarker(text) : "the marker is not text";
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

/** What does not come from an index, with the requirement that stands for it; reported when it cannot be used. */
export function directAt(
  document: Document,
  { at, name, version }: { at: KeyPath; name: string; version: unknown },
  direct: ReadDirect,
): { readonly project: DirectProject; readonly requirement: Requirement } | undefined {
  const hasVersion = typeof version === "string" && version !== "";
  if (typeof direct !== "string" && hasVersion) {
    const project = { ...direct, version };
    return { project, requirement: directRequirement(name, project) };
  }
  const why = typeof direct === "string" ? direct : "the file does not say its version";
  document.report({
    code: "VALUE",
    at,
    what: `${quote(name)} cannot be imported: ${why}`,
    expected: "a commit of git, a folder, or an address with its sha256, and a version",
    hint: `Take ${name} out of the file, and write a recipe for it by hand.`,
  });
  return undefined;
}

/** `requires-python` of a file or of a package; nothing is said where it holds. */
export function checkRequiresPython(
  document: Document,
  at: KeyPath,
  wanted: unknown,
  { python_full_version: full, python_version: short }: MarkerEnvironment,
): void {
  if (wanted === undefined) return;
  const version = String(full ?? short);
  if (typeof wanted === "string" && allows(wanted, version)) return;
  const said = typeof wanted === "string" ? quote(wanted) : nameOfKey(at);
  const what = `${said} does not take Python ${version}, which the workspace has`;
  const hint =
    "Name another interpreter with workspace.python in tenon.toml, or lock for this one.";
  document.report({
    code: "ENVIRONMENT",
    at,
    what,
    expected: "an interpreter that it takes",
    hint,
  });
}

/** Markers of the environments that a file was made for: one of them has to hold. */
export function checkEnvironments(
  document: Document,
  at: KeyPath,
  markers: unknown,
  environment: MarkerEnvironment,
): void {
  if (markers === undefined) return;
  const fits = textsOf(markers).some((marker, index) =>
    applies(document, [...at, index], { marker }, environment),
  );
  if (fits) return;
  const what = "the file is made for other machines than this one";
  const hint = "Lock the project for this machine, too.";
  document.report({ code: "ENVIRONMENT", at, what, expected: "a marker that holds here", hint });
}

/** A name that is misspelt would silently leave out what it stands for. */
export function checkNames(
  { shownAs }: Document,
  kind: "extra" | "group",
  { wanted, known }: { wanted: readonly string[]; known: Iterable<string> },
): void {
  const names = [...new Set([...known].map(normalizeProject))].sort();
  for (const name of wanted) {
    if (names.includes(normalizeProject(name))) continue;
    const has = names.length === 0 ? `It has no ${kind}s.` : `It has ${oneOf(names)}.`;
    const message = `${shownAs} has no ${kind} ${quote(name)}${didYouMean(name, names)}`;
    throw new TenonError({ kind: "usage", code: "UNKNOWN_NAME", message, hints: [has] });
  }
}
