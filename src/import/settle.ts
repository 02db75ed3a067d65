/**
 * Versions for a whole stack. What an sdist needs to be built is known only when its version is, and
 * which versions go together only when that is known. So it is resolved again with what was learnt,
 * until nothing new is.
 */
import { TenonError } from "../core/index.ts";
import {
  allows,
  type Requirement,
  showRequirement,
  withoutUpperBounds,
} from "../requirements/index.ts";
import type { BuildNeeds } from "./build-needs.ts";
import type { ChosenSource } from "./choose.ts";
import type { Resolution } from "./resolution.ts";
import { type ResolveOutcome, cannotResolve } from "./resolve.ts";

export interface SettleOptions {
  readonly requirements: readonly Requirement[];
  readonly resolve: (requirements: readonly Requirement[]) => Promise<ResolveOutcome>;
  /** The files of what is to have a recipe. */
  readonly choose: (resolution: Resolution) => Promise<readonly ChosenSource[]>;
  /** In the choices' order. */
  readonly ask: (choices: readonly ChosenSource[]) => Promise<readonly BuildNeeds[]>;
  readonly onNote: (name: string, text: string) => void;
}

export interface Settled {
  readonly resolution: Resolution;
  readonly choices: readonly ChosenSource[];
  /** What the sdists among them need to be built, by name. */
  readonly needs: ReadonlyMap<string, BuildNeeds>;
}

const roundsAtMost = 12;

export async function settle(options: SettleOptions): Promise<Settled> {
  let learnt: ReadonlyMap<string, BuildNeeds> = new Map();
  for (let round = 0; round < roundsAtMost; round += 1) {
    const resolution = await resolveWith(options, learnt);
    const choices = await options.choose(resolution);
    const sdists = choices.filter(({ form }) => form === "sdist");
    const answers = await options.ask(sdists);
    const needs = new Map(
      sdists.flatMap(({ recipe }, index) => {
        const answer = answers[index];
        return answer === undefined ? [] : [[recipe.name, answer] as const];
      }),
    );
    if (isSame(learnt, needs)) {
      tell(options, resolution, needs);
      return { resolution, choices, needs };
    }
    learnt = needs;
  }
  throw new TenonError({
    kind: "source",
    code: "CANNOT_SETTLE",
    message: `the versions to build with do not settle: after ${roundsAtMost} rounds they still change`,
    hints: ["Pin the versions of the build backends in the requirements."],
  });
}

/**
 * Each build of pip's or uv's has a backend of its own; a prefix has one for all. Where bounds of
 * several projects exclude each other, those that forbid newer versions are given up: they are mostly
 * put there as a precaution, and a build that they were right about says so.
 */
async function resolveWith(
  options: SettleOptions,
  needs: ReadonlyMap<string, BuildNeeds>,
): Promise<Resolution> {
  const toBuild = [...needs.values()].flatMap(({ requirements }) => requirements);
  const strict = await options.resolve([...options.requirements, ...toBuild]);
  if (strict.kind === "resolved") return strict.resolution;
  if (toBuild.length === 0) throw cannotResolve(strict);
  const loose = toBuild.map((requirement) => ({
    ...requirement,
    specifier: withoutUpperBounds(requirement.specifier),
  }));
  const answer = await options.resolve([...options.requirements, ...loose]);
  if (answer.kind === "refused") throw cannotResolve(answer, sentencesOf(needs));
  return answer.resolution;
}

function sentencesOf(needs: ReadonlyMap<string, BuildNeeds>) {
  return [...needs].flatMap(([name, { requirements }]) =>
    requirements.map((requirement) => ({
      project: requirement.name,
      sentence: `${name} asks for ${showRequirement(requirement)} to build`,
    })),
  );
}

function isSame(
  before: ReadonlyMap<string, BuildNeeds>,
  after: ReadonlyMap<string, BuildNeeds>,
): boolean {
  return JSON.stringify([...before]) === JSON.stringify([...after]);
}

/** Once, of what came out: what could not be found out, and which bounds were given up. */
function tell(
  { onNote }: SettleOptions,
  resolution: Resolution,
  needs: ReadonlyMap<string, BuildNeeds>,
): void {
  for (const [name, { requirements, notes }] of needs) {
    for (const note of notes) onNote(name, note);
    for (const { name: other, specifier } of requirements) {
      const version = resolution.get(other)?.version;
      if (version === undefined || allows(specifier, version)) continue;
      onNote(name, `it asks for ${other}${specifier} to build, and gets ${version}`);
    }
  }
}
