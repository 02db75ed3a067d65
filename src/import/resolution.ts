/** What a resolver has decided: one version a project, and who needs whom here. */
import type { Requested } from "./wanted.ts";
import {
  isWanted,
  type MarkerEnvironment,
  normalizeProject,
  parseRequirement,
  type Requirement,
} from "../requirements/index.ts";

/** By name. */
export type Resolution = ReadonlyMap<string, ResolvedProject>;

export interface ResolvedProject {
  readonly name: string;
  readonly version: string;
  /** At run time, with the extras that somebody wants of it; by name, sorted. */
  readonly needs: readonly string[];
}

/**
 * Reads what `uv pip compile` prints: `name[extra]==version`, and below it, in comments that begin
 * with `via`, one a line, who asked for it. What is not from the index is `name @ ADDRESS`; its version
 * is known to who asked.
 */
export function readCompiled(text: string, direct: Requested["direct"] = new Map()): Resolution {
  const versions = new Map<string, string>();
  const needs = new Map<string, string[]>();
  let current = "";
  for (const line of text.split("\n")) {
    const [, name, version] = /^([A-Za-z0-9._-]+)(?:\[[^\]]*\])?==([^\s;]+)/.exec(line) ?? [];
    if (name !== undefined && version !== undefined) {
      current = normalizeProject(name);
      versions.set(current, version);
      continue;
    }
    const other = /^([A-Za-z0-9._-]+)(?:\[[^\]]*\])? @ /.exec(line)?.[1];
    if (other !== undefined) {
      current = normalizeProject(other);
      versions.set(current, direct.get(current)?.version ?? "");
      continue;
    }
    const asker = /^\s+#\s+(?:via\s+)?([A-Za-z0-9][A-Za-z0-9._-]*)(?:\[[^\]]*\])?$/.exec(line)?.[1];
    if (asker === undefined || asker === "via") continue;
    const from = normalizeProject(asker);
    needs.set(from, [...(needs.get(from) ?? []), current]);
  }
  return resolutionOf(versions, needs);
}

interface Report {
  readonly install: readonly {
    readonly metadata: {
      readonly name: string;
      readonly version: string;
      readonly requires_dist?: readonly string[];
    };
  }[];
}

/**
 * Reads pip's installation report. It tells what each project may need; what it does need follows
 * from the markers, and from the extras that are wanted of it.
 */
export function readReport(
  text: string,
  roots: readonly Requirement[],
  environment: MarkerEnvironment,
): Resolution {
  const { install } = JSON.parse(text) as Report;
  const projects = new Map(
    install.map(({ metadata }) => [normalizeProject(metadata.name), metadata]),
  );
  const extras = new Map<string, Set<string>>();
  const needs = new Map<string, Set<string>>();
  const open = [...roots];
  for (const { name, extras: wanted } of open) {
    const known = extras.get(name);
    const fresh = wanted.filter((extra) => known?.has(extra) !== true);
    if (known !== undefined && fresh.length === 0) continue;
    const all = new Set([...(known ?? []), ...fresh]);
    extras.set(name, all);
    const own = needs.get(name) ?? new Set();
    needs.set(name, own);
    for (const line of projects.get(name)?.requires_dist ?? []) {
      const requirement = parseRequirement(line);
      if (typeof requirement === "string" || !isWanted(requirement, environment, all)) continue;
      if (!projects.has(requirement.name)) continue;
      own.add(requirement.name);
      open.push(requirement);
    }
  }
  return resolutionOf(new Map([...projects].map(([name, { version }]) => [name, version])), needs);
}

/** With the projects of which no resolver was asked, as all that they need is known. */
export function withDirect(resolution: Resolution, direct: Requested["direct"]): Resolution {
  const known = [...direct].flatMap(([name, { version, needs }]) => {
    const others = needs?.filter((other) => resolution.has(other) || direct.has(other));
    return others === undefined ? [] : [[name, { name, version, needs: others.sort() }] as const];
  });
  return new Map([...resolution, ...known]);
}

function resolutionOf(
  versions: ReadonlyMap<string, string>,
  needs: ReadonlyMap<string, Iterable<string>>,
): Resolution {
  return new Map(
    [...versions].map(([name, version]) => {
      const others = [...(needs.get(name) ?? [])].filter((other) => other !== name);
      return [name, { name, version, needs: [...new Set(others)].sort() }];
    }),
  );
}
