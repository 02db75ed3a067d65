/** The end of a build as a person reads it. */
import type { BuildResult, Plan } from "../library/index.ts";
import { renderHint } from "./error-text.ts";
import { renderFailures } from "./failure-text.ts";
import { showCount, showDuration } from "../core/index.ts";
import type { Style } from "./style.ts";

export interface BuildTextOptions {
  readonly style: Style;
  /** Absolute; paths below it are shown without it. */
  readonly currentDirectory: string;
  /** The command line that goes on after a failure. */
  readonly retry: string;
  /** The command lines that look closer at a failed package. */
  readonly lookCloser: (failed: string) => readonly string[];
}

export function renderBuildResult(result: BuildResult, options: BuildTextOptions): string[] {
  const { style } = options;
  switch (result.kind) {
    case "done": {
      const duration = showDuration(result.durationMs);
      if (result.built === 0 && result.changed.length === 0) {
        return [`nothing to do: ${showCount(result.packages, "package")} up to date (${duration})`];
      }
      const built = `${showCount(result.built, "package")} built`;
      return [
        `${style.good("done")}: ${built}, ${result.changed.length} changed in the prefix (${duration})`,
      ];
    }
    case "planned":
      return renderPlan(result, style);
    case "failed":
      return renderFailed(result, options);
    case "conflict":
      return renderConflicts(result, style);
    case "interrupted":
      return [`interrupted; what is built is kept, and ${renderPrefix(result.joined)}`];
  }
}

const pathNames = 12;

function renderPlan(plan: Plan, style: Style): string[] {
  const lines = plan.order.map(({ name, version, state, expectedMs, basis }) => {
    const guess = basis === "guessed" ? "perhaps " : "";
    const duration = expectedMs === undefined ? "" : `(${guess}${showDuration(expectedMs)})`;
    return `${stateWord[state]}  ${name} ${version} ${style.dim(duration)}`.trimEnd();
  });
  const { criticalPath, criticalPathMs, workMs, lowerBoundMs, estimateMs } = plan.forecast;
  if (criticalPath.length === 0) return lines;
  const more = criticalPath.length - pathNames;
  const path = [...criticalPath.slice(0, pathNames), ...(more > 0 ? [`${more} more`] : [])];
  const guesses = plan.guessed === 0 ? "" : `; ${showCount(plan.guessed, "duration")} guessed`;
  return [
    ...lines,
    "",
    `critical path: ${showDuration(criticalPathMs)}: ${path.join(" > ")}`,
    `work: ${showDuration(workMs)}; with -j${plan.jobs} at least ${showDuration(lowerBoundMs)}`,
    `${style.strong("estimate")}: ${showDuration(estimateMs)}${guesses}`,
  ];
}

const stateWord = { "up-to-date": "up to date", build: "build     ", unknown: "perhaps   " };

function renderFailed(
  result: Extract<BuildResult, { kind: "failed" }>,
  options: BuildTextOptions,
): string[] {
  const { failures, built } = result;
  const kept = built === 0 ? "" : `; ${showCount(built, "package")} built and kept`;
  return [
    ...renderFailures(result, options),
    "",
    `${options.style.bad("failed")}: ${showCount(failures.length, "package")}${kept}; ${renderPrefix(result.joined)}`,
    `to go on: ${options.retry}`,
  ];
}

/** Without views, what was built before has joined the prefix already. */
function renderPrefix(joined: readonly string[]): string {
  return joined.length === 0
    ? "the prefix is as it was"
    : `the prefix has changed in ${showCount(joined.length, "package")}`;
}

const shownConflicts = 20;

type Conflict = Extract<BuildResult, { kind: "conflict" }>["conflicts"][number];

function asFolder(
  { folder }: Extract<Conflict, { kind: "owned" }>,
  side: "package" | "owner",
): string {
  return folder === side ? ", as a folder" : "";
}

/** `joined` are the packages that were in the prefix before. */
export function renderConflicts(
  {
    conflicts,
    cures,
    joined = [],
  }: Pick<Extract<BuildResult, { kind: "conflict" }>, "conflicts" | "cures"> & {
    readonly joined?: readonly string[];
  },
  style: Style,
): string[] {
  const lines = conflicts.slice(0, shownConflicts).map((conflict) => {
    const path = style.strong(conflict.path);
    switch (conflict.kind) {
      case "owned":
        return `  ${path} comes with ${conflict.package}${asFolder(conflict, "package")}, but belongs to ${conflict.owner}${asFolder(conflict, "owner")}`;
      case "foreign":
        return `  ${path} comes with ${conflict.package}, but a file that no package owns is there`;
      case "state":
        return `  ${path} comes with ${conflict.package}, but that folder is tenon's own`;
    }
  });
  const more = conflicts.length - lines.length;
  return [
    `${style.bad("conflict")}: ${renderPrefix(joined)}`,
    ...lines,
    ...(more > 0 ? [`  and ${more} more`] : []),
    ...cures.map((cure) => renderHint(cure, style)),
  ];
}
