/** Reads uv.lock: what of it the projects that it is for need on this machine. */
import type { Digest } from "../../core/index.ts";
import { normalizeProject, type Requirement } from "../../requirements/index.ts";
import { type Document, openDocument } from "../document.ts";
import type { KeyPath } from "../positions.ts";
import { isTable } from "../schema.ts";
import { applies, digestsOf, reportDirect, type Table, tablesAt, textAt } from "./lock-files.ts";
import { textsOf } from "./lock-files.ts";
import type { Wanted, WantedContext, WantedFile } from "./wanted.ts";

export function readUvLock(file: WantedFile, context: WantedContext): Wanted {
  const { document, values } = openDocument({
    ...file,
    family: "UV_LOCK",
    mistakes: context.mistakes,
  });
  const found = new Map<string, Found>();
  const wanted = (): Wanted => ({
    requirements: [...found.values()].map(({ requirement }) => requirement),
    constraints: [],
    digests: new Map([...found].map(([name, { digests }]) => [name, digests])),
    noBinary: [],
    onlyBinary: [],
  });
  if (values === undefined) return wanted();
  if (values["version"] !== 1) {
    const what = `this tenon does not know version ${JSON.stringify(values["version"])}`;
    document.report({ code: "VERSION", at: ["version"], what, expected: "version = 1" });
    return wanted();
  }
  const packages = tablesAt(document, ["package"], values["package"]).flatMap((item, index) => {
    const at = ["package", index] as const;
    const name = textAt(document, [...at, "name"], item["name"]);
    return name === undefined ? [] : [{ name: normalizeProject(name), item, at }];
  });
  const walk: Walk = { document, context, packages, found, seen: new Set() };
  for (const root of packages.filter(isProject)) followProject(walk, root);
  return wanted();
}

interface Found {
  readonly requirement: Requirement;
  readonly digests: Set<Digest>;
}

interface Locked {
  readonly name: string;
  readonly item: Table;
  readonly at: KeyPath;
}

interface Walk {
  readonly document: Document;
  readonly context: WantedContext;
  readonly packages: readonly Locked[];
  readonly found: Map<string, Found>;
  /** Packages, and extras of packages, that were followed. */
  readonly seen: Set<string>;
}

/** What somebody works on, with uv: it is not installed from an index. */
function isProject({ item }: Locked): boolean {
  const source = sourceOf(item);
  return "virtual" in source || "editable" in source;
}

function sourceOf(item: Table): Table {
  return isTable(item["source"]) ? item["source"] : {};
}

function followProject(walk: Walk, project: Locked): void {
  const { extras, groups } = walk.context;
  follow(walk, project, ["dependencies"]);
  for (const extra of extras) follow(walk, project, ["optional-dependencies", extra]);
  for (const group of groups) follow(walk, project, ["dev-dependencies", group]);
}

/** Goes on with what one list of dependencies names. */
function follow(walk: Walk, from: Locked, key: readonly string[]): void {
  const label = [from.name, from.item["version"], ...key].join(" ");
  if (walk.seen.has(label)) return;
  walk.seen.add(label);
  const { document, context } = walk;
  const [first = "", second] = key;
  const below = from.item[first];
  const list = second === undefined ? below : isTable(below) ? below[second] : undefined;
  tablesAt(document, [...from.at, ...key], list).forEach((dependency, index) => {
    const at = [...from.at, ...key, index];
    if (!applies(document, at, dependency, context.environment)) return;
    const target = findPackage(walk, dependency, at);
    if (target === undefined) return;
    const extras = textsOf(dependency["extra"]).map(normalizeProject);
    take(walk, target, extras);
    follow(walk, target, ["dependencies"]);
    for (const extra of extras) follow(walk, target, ["optional-dependencies", extra]);
  });
}

/** Where several versions are locked, the dependency names its one. */
function findPackage(walk: Walk, dependency: Table, at: KeyPath): Locked | undefined {
  const name = textAt(walk.document, [...at, "name"], dependency["name"]);
  if (name === undefined) return undefined;
  const { version } = dependency;
  const found = walk.packages.find(
    (other) =>
      other.name === normalizeProject(name) &&
      (version === undefined || other.item["version"] === version),
  );
  if (found === undefined) {
    const what = `no package of the file is ${JSON.stringify(name)}`;
    walk.document.report({ code: "VALUE", at, what, expected: "a [[package]] for it" });
  }
  return found;
}

function take({ document, found }: Walk, locked: Locked, extras: readonly string[]): void {
  if (isProject(locked)) return;
  const { name, item, at } = locked;
  const other = Object.keys(sourceOf(item)).find((kind) => kind !== "registry");
  if (other !== undefined) return reportDirect(document, [...at, "source"], name, other);
  const version = textAt(document, [...at, "version"], item["version"]);
  if (version === undefined) return;
  const known = found.get(name);
  const digests =
    known?.digests ??
    digestsOf(document, at, item, ({ hash }) =>
      typeof hash === "string" ? hash.replace(/^sha256:/, "") : undefined,
    );
  const all = [...new Set([...(known?.requirement.extras ?? []), ...extras])];
  found.set(name, { requirement: { name, extras: all, specifier: `==${version}` }, digests });
}
