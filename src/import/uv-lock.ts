/** Reads uv.lock: what of it the projects that it is for need on this machine. */
import { dirname } from "node:path";
import type { Digest } from "../core/index.ts";
import {
  type MarkerEnvironment,
  normalizeProject,
  type Requirement,
} from "../requirements/index.ts";
import { type Document, isTable, type KeyPath, openDocument } from "../recipe/index.ts";
import { uvDirect } from "./direct-project.ts";
import {
  applies,
  checkEnvironments,
  checkNames,
  checkRequiresPython,
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
  type Requested,
  type WantedContext,
  type WantedFile,
} from "./wanted.ts";

export function readUvLock(file: WantedFile, context: WantedContext): Requested {
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
  checkRequiresPython(document, ["requires-python"], values["requires-python"], environment);
  checkEnvironments(document, ["supported-markers"], values["supported-markers"], environment);
  const walk: Walk = {
    document,
    context: { ...context, environment },
    folder: dirname(file.file),
    packages: byName(packages),
    found: new Map(),
    needs: new Map(),
  };
  followAll(
    walk,
    projects.flatMap((project) => listsOf(project, context)),
  );
  const asked = projects.flatMap(({ name }) => [...(walk.needs.get(name) ?? [])]);
  return { ...wantedFrom(walk), asked: new Set(asked) };
}

function wantedFrom(walk: Walk): Requested {
  const { needs, found } = walk;
  const all = [...found];
  // A resolver has to know of what a package of the index needs; of other needs the file says all.
  const resolved = new Set(
    [...needs].flatMap(([from, names]) => (found.get(from)?.digests ? [...names] : [])),
  );
  const withNeeds = (name: string, direct: DirectProject): DirectProject =>
    resolved.has(name) ? direct : { ...direct, needs: [...(needs.get(name) ?? [])] };
  return {
    ...emptyWanted,
    requirements: all.map(([, { requirement, extras }]) => ({
      ...requirement,
      extras: [...extras],
    })),
    digests: new Map(all.flatMap(([name, { digests }]) => (digests ? [[name, digests]] : []))),
    direct: new Map(
      all.flatMap(([name, { direct }]) => (direct ? [[name, withNeeds(name, direct)]] : [])),
    ),
  };
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
  /** Without its extras. */
  readonly requirement: Requirement;
  readonly extras: Set<string>;
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
  readonly packages: ReadonlyMap<string, readonly Locked[]>;
  readonly found: Map<string, Found>;
  /** By package: the names of what it needs. */
  readonly needs: Map<string, Set<string>>;
}

/** One of a package's lists of dependencies. */
interface List {
  readonly from: Locked;
  readonly key: readonly string[];
}

function byName(packages: readonly Locked[]): Map<string, Locked[]> {
  const named = new Map<string, Locked[]>();
  for (const each of packages) {
    const same = named.get(each.name);
    if (same === undefined) named.set(each.name, [each]);
    else same.push(each);
  }
  return named;
}

/** What somebody works on, with uv. It is imported only where another package needs it. */
function isProject({ item }: Locked): boolean {
  const source = sourceOf(item);
  return "virtual" in source || "editable" in source;
}

function sourceOf(item: Table): Table {
  return isTable(item["source"]) ? item["source"] : {};
}

function listsOf(
  from: Locked,
  { extras, groups }: Pick<WantedContext, "extras" | "groups">,
): List[] {
  return [
    { from, key: ["dependencies"] },
    ...extras.map((extra) => ({ from, key: ["optional-dependencies", extra] })),
    ...groups.map((group) => ({ from, key: ["dev-dependencies", group] })),
  ];
}

/** Depth first, on a stack of its own: a chain of dependencies may be of any length. */
function followAll(walk: Walk, roots: readonly List[]): void {
  const followed = new Set<string>();
  const open: Iterator<List>[] = [roots.values()];
  while (open.length > 0) {
    const { value: list } = open.at(-1)?.next() ?? {};
    if (list === undefined) {
      open.pop();
      continue;
    }
    const label = [...list.from.at, ...list.key].join(" ");
    if (!followed.has(label)) open.push(follow(walk, list));
    followed.add(label);
  }
}

/** Takes what a list names, and gives the lists of that, one by one. */
function* follow(walk: Walk, { from, key }: List): Generator<List, undefined> {
  const { document, context } = walk;
  const [first = "", second] = key;
  const below = from.item[first];
  const list = second === undefined ? below : isTable(below) ? below[second] : undefined;
  const tables = tablesAt(document, [...from.at, ...key], list);
  for (const [index, dependency] of tables.entries()) {
    const at = [...from.at, ...key, index];
    if (!applies(document, at, dependency, context.environment)) continue;
    const target = findPackage(walk, dependency, at);
    if (target === undefined) continue;
    walk.needs.set(from.name, (walk.needs.get(from.name) ?? new Set()).add(target.name));
    const extras = textsOf(dependency["extra"]).map(normalizeProject);
    take(walk, target, extras);
    yield* listsOf(target, { extras, groups: [] });
  }
}

/** Where several versions are locked, the dependency names its one. */
function findPackage(walk: Walk, dependency: Table, at: KeyPath): Locked | undefined {
  const name = textAt(walk.document, [...at, "name"], dependency["name"]);
  if (name === undefined) return undefined;
  const { version } = dependency;
  const found = walk.packages
    .get(normalizeProject(name))
    ?.find((other) => version === undefined || other.item["version"] === version);
  if (found === undefined) {
    const what = `no package of the file is ${JSON.stringify(name)}`;
    walk.document.report({ code: "VALUE", at, what, expected: "a [[package]] for it" });
  }
  return found;
}

function take(walk: Walk, locked: Locked, extras: readonly string[]): void {
  const { name, item } = locked;
  if ("virtual" in sourceOf(item)) return;
  const found = walk.found.get(name) ?? findSource(walk, locked);
  if (found === undefined) return;
  for (const extra of extras) found.extras.add(extra);
  walk.found.set(name, found);
}

function findSource({ document, folder }: Walk, { name, item, at }: Locked): Found | undefined {
  const source = uvDirect(item, folder);
  if (source !== undefined) {
    const place = { at: [...at, "source"], name, version: item["version"] };
    const found = directAt(document, place, source);
    return found && { requirement: found.requirement, extras: new Set(), direct: found.project };
  }
  const version = textAt(document, [...at, "version"], item["version"]);
  if (version === undefined) return undefined;
  const digests = digestsOf(document, at, item, ({ hash }) =>
    typeof hash === "string" ? hash.replace(/^sha256:/, "") : undefined,
  );
  const requirement = { name, extras: [], specifier: `==${version}` };
  return { requirement, extras: new Set(), digests };
}
