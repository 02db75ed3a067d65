/** What the sdist of one project needs to be built: what it declares, and what its backend adds. */
import { joinPath } from "../core/index.ts";
import { askBackend, type BuildBackend, readBuildBackend } from "../builder/index.ts";
import { type Pin, type Recipe } from "../recipe/index.ts";
import {
  isWanted,
  type MarkerEnvironment,
  parseRequirement,
  type Requirement,
} from "../requirements/index.ts";
import { placeSource, type SourceContext } from "../source/index.ts";
import { type Disk, makeDirectories, readTextIfAny, removeTree } from "../world/index.ts";
import type { Backends } from "./backends.ts";
import { findCrates, usesRust } from "./find-crates.ts";

export interface BuildNeeds {
  readonly requirements: readonly Requirement[];
  /** Its Cargo.lock, where its crates have to be fetched too. */
  readonly crates?: string;
  /** What could not be found out, in a sentence each. */
  readonly notes: readonly string[];
}

export interface AskContext {
  readonly sources: SourceContext;
  readonly markers: MarkerEnvironment;
  readonly backends: Backends;
  /** Where builds find the machine's programs. */
  readonly path: readonly string[];
  /** The workspace's variables for builds. */
  readonly env: Readonly<Record<string, string>>;
  readonly scratch: string;
}

/** The sdist is in the store afterwards. */
export async function findBuildNeeds(
  context: AskContext,
  recipe: Recipe,
  pin: Pin | undefined,
): Promise<BuildNeeds> {
  const { disk } = context.sources.world;
  const folder = `${context.scratch}/${recipe.name}`;
  makeDirectories(disk, `${folder}/source`);
  try {
    await placeSource(context.sources, recipe, pin, `${folder}/source`);
    const source = joinPath(`${folder}/source`, recipe.build.directory ?? "");
    const project = readBuildBackend(readTextIfAny(disk, `${source}/pyproject.toml`));
    if (typeof project === "string") return { requirements: [], notes: [project] };
    const told = await ask(context, { folder, source }, project);
    const needs = needsFrom([...project.requires, ...told.requires], context.markers, told.notes);
    return usesRust(needs.requirements) ? withCrates(needs, disk, source) : needs;
  } finally {
    removeTree(disk, folder);
  }
}

function withCrates(needs: BuildNeeds, disk: Disk, source: string): BuildNeeds {
  const crates = findCrates(disk, source);
  if (crates !== undefined) return { ...needs, crates };
  const note = "it has Rust in it but no Cargo.lock: its crates cannot be fetched beforehand";
  return { ...needs, notes: [...needs.notes, note] };
}

interface Told {
  readonly requires: readonly string[];
  readonly notes: readonly string[];
}

async function ask(
  context: AskContext,
  { folder, source }: { readonly folder: string; readonly source: string },
  project: BuildBackend,
): Promise<Told> {
  const backend = await context.backends.provide(project.requires);
  if (backend.kind === "failed") return silent(backend.reason);
  makeDirectories(context.sources.world.disk, `${folder}/home`);
  const answer = await askBackend(context.sources.world, {
    project,
    source,
    python: `${backend.folder}/bin/python`,
    args: [],
    scratch: `${folder}/question`,
    environment: {
      PATH: [`${backend.folder}/bin`, ...context.path].join(":"),
      HOME: `${folder}/home`,
      TMPDIR: `${folder}/home`,
      LANG: "C.UTF-8",
      PYTHONDONTWRITEBYTECODE: "1",
      PYTHONNOUSERSITE: "1",
      ...context.env,
    },
  });
  return answer.kind === "failed"
    ? silent(answer.reason)
    : { requires: answer.requires, notes: [] };
}

function silent(reason: string): Told {
  const note = `its backend does not say what more it needs to build (${reason}); what it declares is taken`;
  return { requires: [], notes: [note] };
}

function needsFrom(
  lines: readonly string[],
  markers: MarkerEnvironment,
  notes: readonly string[],
): BuildNeeds {
  const wrong: string[] = [];
  const requirements = lines.flatMap((line) => {
    const requirement = parseRequirement(line);
    if (typeof requirement !== "string") return isWanted(requirement, markers) ? requirement : [];
    wrong.push(
      `it asks for ${JSON.stringify(line)} to build, which cannot be read: ${requirement}`,
    );
    return [];
  });
  return { requirements, notes: [...notes, ...wrong] };
}
