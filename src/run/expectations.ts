/** How long what is to be done is expected to take: as recorded, else as its like, else a guess. */
import { recipeOf } from "../plan/index.ts";
import type { BuildSystem, Recipe, Workspace } from "../recipe/index.ts";
import type { Durations, NodeKind, Session } from "../workspace/index.ts";

interface Expectation {
  readonly expectedMs: number;
  /** Whether it was done before in this workspace. */
  readonly isRecorded: boolean;
}

export type Expect = (kind: NodeKind, name: string) => Expectation;

/** Seconds that a build takes, where nothing is known of it: only the order of magnitude counts. */
const buildPriors: Readonly<Record<BuildSystem, number>> = {
  wheel: 1,
  "python-venv": 2,
  script: 15,
  python: 15,
  make: 20,
  meson: 40,
  cmake: 60,
  autotools: 60,
};
const priorMs = { fetch: 2_000, check: 10_000 };

/** Fewer say nothing of a build system in general. */
const fewest = 3;

export function createExpect({ workspace }: Session, durations: Durations): Expect {
  const typical = typicalBuilds(workspace, durations);
  return (kind, name) => {
    const known = durations.of(kind, name);
    if (known !== undefined) return { expectedMs: known.durationMs, isRecorded: true };
    if (kind !== "build") return { expectedMs: priorMs[kind], isRecorded: false };
    const recipe = recipeOf(workspace.recipes, name);
    const expectedMs = typical.get(kindOf(workspace, recipe)) ?? priorOf(workspace, recipe) * 1000;
    return { expectedMs, isRecorded: false };
  };
}

/** Builds of one kind take about as long as each other: of one system, or of what a companion counts as one. */
function kindOf({ companion }: Workspace, { name, build }: Recipe): string {
  return companion?.packages.get(name)?.kind ?? build.system;
}

function priorOf({ companion }: Workspace, { name, build }: Recipe): number {
  return companion?.packages.get(name)?.priorSeconds ?? buildPriors[build.system];
}

/** The middle one of the recorded durations, for each kind of which enough are recorded. */
function typicalBuilds(workspace: Workspace, durations: Durations): Map<string, number> {
  const recorded = new Map<string, number[]>();
  for (const recipe of workspace.recipes.values()) {
    const known = durations.of("build", recipe.name);
    if (known === undefined) continue;
    const kind = kindOf(workspace, recipe);
    const list = recorded.get(kind);
    if (list === undefined) recorded.set(kind, [known.durationMs]);
    else list.push(known.durationMs);
  }
  return new Map(
    [...recorded]
      .filter(([, list]) => list.length >= fewest)
      .map(([like, list]) => [like, list.sort((a, b) => a - b)[list.length >> 1] as number]),
  );
}
