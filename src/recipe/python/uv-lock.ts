/** Reads uv.lock: what of it the projects that it is for need on this machine. */
import { dirname } from "node:path";
import type { Digest } from "../../core/index.ts";
import {
  type MarkerEnvironment,
  normalizeProject,
  type Requirement,
} from "../../requirements/index.ts";
import { type Document, openDocument } from "../document.ts";
import type { KeyPath } from "../positions.ts";
import { isTable } from "../schema.ts";
import { uvDirect } from "./direct-project.ts";
import {
  applies,
  checkEnvironments,
  checkNames,
  checkPython,
  digestsOf,
  directAt,
  tablesAt,
  textAt,
  textsOf,
} from "./lock-files.ts";
import {
  type DirectProject,
  emptyWanted,
  type Table,
  type Wanted,
  type WantedContext,
  type WantedFile,
} from "./wanted.ts";

export function readUvLock(file: WantedFile, context: WantedContext): Wanted {
  const { document, values } = openDocument({
    ...file,
    family: "UV_LOCK",
    mistakes: context.mistakes,
  });
  if (values === undefined) return emptyWanted;
  if (values["version"] !== 1) {
    const what = `this tenon does not know version ${JSON.stringify(values["version"])}`;
    document.report({ code: "VERSION", at: ["version"], what, expected: "version = 1" });
    return emptyWanted;
  }
  const packages = tablesAt(document, ["package"], values["package"]).flatMap((item, index) => {
    const at = ["package", index] as const;
    const name = textAt(document, [...at, "name"], item["name"]);
    return name === undefined ? [] : [{ name: normalizeProject(name), item, at }];
  });
  const projects = packages.filter(isProject);
  checkNamesOf(document, projects, context);
  const environment = { ...context.environment, ...withConflicts(values, projects, context) };
  checkPython(document, ["requires-python"], values["requires-python"], environment);
  checkEnvironments(document, ["supported-markers"], values["supported-markers"], environment);
  const walk: Walk = {
    document,
    context: { ...context, environment },
    folder: dirname(file.file),
    packages,
    found: new Map(),
    needs: new Map(),
    seen: new Set(),
  };
  for (const project of projects) followProject(walk, project);
  return wantedFrom(walk);
}

function wantedFrom(walk: Walk): Wanted {
  const all = [...walk.found];
  return {
    ...emptyWanted,
    requirements: all.map(([, { requirement }]) => requirement),
    digests: new Map(all.flatMap(([name, { digests }]) => (digests ? [[name, digests]] : []))),
    direct: new Map(
      all.flatMap(([name, { direct }]) => (direct ? [[name, withNeeds(walk, name, direct)]] : [])),
    ),
  };
}

/** A resolver has to know of what a package of the index needs; of other needs the file says all. */
function withNeeds({ needs, found }: Walk, name: string, direct: DirectProject): DirectProject {
  const isKnown = ([from, names]: readonly [string, ReadonlySet<string>]) =>
    !names.has(name) || found.get(from)?.digests === undefined;
  return [...needs].every(isKnown) ? { ...direct, needs: [...(needs.get(name) ?? [])] } : direct;
}

/** An extra without a dependency stands in the metadata alone. */
function checkNamesOf(
  document: Document,
  projects: readonly Locked[],
  { extras, groups }: WantedContext,
): void {
  const tables = (key: string): Table[] => projects.map(({ item }) => item[key]).filter(isTable);
  const metadata = tables("metadata");
  const knownExtras = [
    ...tables("optional-dependencies").flatMap(Object.keys),
    ...metadata.flatMap((table) => textsOf(table["provides-extras"])),
  ];
  const knownGroups = [
    ...tables("dev-dependencies").flatMap(Object.keys),
    ...metadata
      .map((table) => table["requires-dev"])
      .filter(isTable)
      .flatMap(Object.keys),
  ];
  checkNames(document, "extra", { wanted: extras, known: knownExtras });
  checkNames(document, "group", { wanted: groups, known: knownGroups });
}

/**
 * Where extras or groups exclude each other, uv's markers name those that are wanted, in the form
 * `extra-LENGTH-PROJECT-EXTRA` and `group-LENGTH-PROJECT-GROUP`.
 */
function withConflicts(
  values: Table,
  projects: readonly Locked[],
  { extras, groups }: WantedContext,
): MarkerEnvironment {
  if (values["conflicts"] === undefined) return {};
  return {
    extra: projects.flatMap(({ name }) => [
      ...extras.map((extra) => `extra-${name.length}-${name}-${extra}`),
      ...groups.map((group) => `group-${name.length}-${name}-${group}`),
    ]),
  };
}

interface Found {
  readonly requirement: Requirement;
  readonly digests?: Set<Digest>;
  readonly direct?: DirectProject;
}

interface Locked {
  readonly name: string;
  readonly item: Table;
  readonly at: KeyPath;
}

interface Walk {
  readonly document: Document;
  readonly context: WantedContext;
  /** Of the lock file; its paths begin there. */
  readonly folder: string;
  readonly packages: readonly Locked[];
  readonly found: Map<string, Found>;
  /** By package: the names of what it needs. */
  readonly needs: Map<string, Set<string>>;
  /** Packages, and extras of packages, that were followed. */
  readonly seen: Set<string>;
}

/** What somebody works on, with uv. It is imported only where another package needs it. */
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
    walk.needs.set(from.name, (walk.needs.get(from.name) ?? new Set()).add(target.name));
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

function take(walk: Walk, locked: Locked, extras: readonly string[]): void {
  const { name, item } = locked;
  if ("virtual" in sourceOf(item)) return;
  const known = walk.found.get(name);
  const found = known ?? findSource(walk, locked);
  if (found === undefined) return;
  const all = [...new Set([...found.requirement.extras, ...extras])];
  walk.found.set(name, { ...found, requirement: { ...found.requirement, extras: all } });
}

function findSource({ document, folder }: Walk, { name, item, at }: Locked): Found | undefined {
  const source = uvDirect(item, folder);
  if (source !== undefined) {
    const place = { at: [...at, "source"], name, version: item["version"] };
    const found = directAt(document, place, source);
    return found && { requirement: found.requirement, direct: found.project };
  }
  const version = textAt(document, [...at, "version"], item["version"]);
  if (version === undefined) return undefined;
  const digests = digestsOf(document, at, item, ({ hash }) =>
    typeof hash === "string" ? hash.replace(/^sha256:/, "") : undefined,
  );
  return { requirement: { name, extras: [], specifier: `==${version}` }, digests };
}
