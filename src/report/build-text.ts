/** The end of a build as a person reads it. */
import type { BuildResult, Plan } from "../library/index.ts";
import { renderChange } from "./change-text.ts";
import { renderHint } from "./error-text.ts";
import { renderFailures } from "./failure-text.ts";
import { showCount, showDuration, showNames } from "../core/index.ts";
import type { Style } from "./style.ts";

interface BuildTextOptions {
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
      const { packages, built, changed, removed, fromCache = 0 } = result;
      if (packages === 0 && removed.length === 0) return nothingWanted;
      if (built + changed.length + removed.length === 0) {
        return [`nothing to do: ${showCount(packages, "package")} up to date (${duration})`];
      }
      const taken = fromCache === 0 ? "" : `, ${fromCache} taken from the cache`;
      const left = removed.length === 0 ? "" : `, ${removed.length} removed from it`;
      return [
        ...(left === "" ? [] : [`removed ${showNames(removed)}`]),
        `${style.good("done")}: ${showCount(built, "package")} built${taken}, ${changed.length} changed in the prefix${left} (${duration})`,
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

const nothingWanted = [
  "nothing to do: the workspace has no recipe yet",
  "  hint: `tenon add pypi:NAME` and `tenon import FILE` write recipes for Python projects; `tenon init` in an empty folder shows what a recipe looks like",
];

const pathNames = 12;

function renderPlan(plan: Plan, style: Style): string[] {
  const built = new Set(plan.changes.map(({ name, state }) => (state === "built" ? name : "")));
  const packages = plan.order.map(({ name, version, state, expectedMs, basis }) => {
    const guess = basis === "guessed" ? "perhaps " : "";
    const duration = expectedMs === undefined ? "" : `(${guess}${showDuration(expectedMs)})`;
    const word = built.has(name) ? "built     " : stateWord[state];
    return `${word}  ${name} ${version} ${style.dim(duration)}`.trimEnd();
  });
  const changes = renderChanges(plan, style);
  const space = packages.length > 0 && changes.length > 0 ? [""] : [];
  const lines = [...packages, ...space, ...changes];
  if (lines.length === 0) return nothingWanted;
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

/** What the prefix would hold otherwise, and how it came that it does not. */
function renderChanges({ changes, undoing }: Plan, style: Style): string[] {
  // Where all that comes is new and to be built, that has been said.
  const isSaid = changes.every(({ state, from }) => state === "build" && from === null);
  if (isSaid) return [];
  const refusal =
    "  hint: a build does that only with --again, because it was rolled back; a changed recipe needs no --again";
  return [
    "in the prefix:",
    ...changes.map((change) => renderChange(change, style)),
    ...(undoing.length === 0 ? [] : [refusal]),
  ];
}

const stateWord = {
  "up-to-date": "up to date",
  cached: "from cache",
  build: "build     ",
  unknown: "perhaps   ",
};

function renderFailed(
  result: Extract<BuildResult, { kind: "failed" }>,
  options: BuildTextOptions,
): string[] {
  const { failures, built, whole, heldBack } = result;
  const kept = built === 0 ? "" : `; ${showCount(built, "package")} built and kept`;
  return [
    ...renderFailures(result, options),
    "",
    `${options.style.bad("failed")}: ${showCount(failures.length, "package")}${kept}; ${renderPrefix(result.joined)}`,
    ...(heldBack.length === 0 || whole.length > 0
      ? []
      : [
          `not joined, because it does not fit the old version of what failed: ${showNames(heldBack)}`,
        ]),
    `to continue: ${options.retry}`,
    ...(whole.length === 0
      ? []
      : [
          `to join ${showCount(whole.length, "finished package")} already now: ${options.retry} --keep-going=join`,
        ]),
  ];
}

/** Without views, what was built before has joined the prefix already. */
function renderPrefix(joined: readonly string[]): string {
  return joined.length === 0
    ? "the prefix is unchanged"
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
        return `  ${path} comes with ${conflict.package}, but there is already a file that no package owns`;
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
