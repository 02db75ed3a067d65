/** What a stage may not hold, and how it is said. */
import { posix } from "node:path";
import { isWithin, TenonError } from "../core/index.ts";

export interface StageProblem {
  readonly code: `STAGE_${string}`;
  /** Relative to the stage. */
  readonly path: string;
  readonly what: string;
}

const shownProblems = 10;

/** One error for all problems; its code is that of the first. */
export function refuseStage(owner: string, problems: readonly StageProblem[]): TenonError {
  const shown = problems.slice(0, shownProblems);
  const lines = shown.map(({ path, what }) => `${JSON.stringify(path)} ${what}`);
  const rest = problems.length - shown.length;
  if (rest > 0) lines.push(`and ${rest} more`);
  return new TenonError({
    kind: "recipe",
    code: shown[0]?.code ?? "STAGE_SPECIAL",
    message: `the stage of ${owner} holds what a package cannot: ${lines.join("; ")}`,
    hints: hintsFor(problems),
  });
}

/** The names of the bits that let a file run as someone else. */
export function specialBits(mode: number): string | undefined {
  const names = [(mode & 0o4000) !== 0 && "setuid", (mode & 0o2000) !== 0 && "setgid"];
  const set = names.filter((name) => name !== false);
  return set.length === 0 ? undefined : set.join(" and ");
}

/** An absolute link into the stage would lead nowhere in the prefix. */
export function linkProblem(
  path: string,
  target: string,
  stages: readonly string[],
): StageProblem | undefined {
  if (target.includes("\uFFFD"))
    return { code: "STAGE_NAME", path, what: "is a symlink to a name that is not UTF-8" };
  if (!target.startsWith("/")) return undefined;
  const place = posix.normalize(target).replace(/(?<=.)\/$/, "");
  if (!stages.some((stage) => isWithin(place, stage))) return undefined;
  return {
    code: "STAGE_LINK",
    path,
    what: `is a symlink to ${JSON.stringify(target)}, inside the stage, which will be gone`,
  };
}

function hintsFor(problems: readonly StageProblem[]): string[] {
  const codes = new Set(problems.map(({ code }) => code));
  const hints = ["Leave it out of the stage; a recipe does so with stage.drop."];
  if (codes.has("STAGE_SETUID"))
    hints.push("If it is meant, run `tenon install` with --allow-setuid.");
  if (codes.has("STAGE_LINK")) hints.push("Make the links relative, or to the prefix.");
  return hints;
}
