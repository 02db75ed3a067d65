/** Events as lines of plain progress: one line a fact, in order. */
import {
  type Event,
  type EventBody,
  showCount,
  showDuration,
  showNames,
  showSize,
  unreachable,
} from "../core/index.ts";
import { fold, noRun, type RunState } from "../events/index.ts";
import { showPath } from "./place.ts";
import type { Style } from "./style.ts";

export interface ProgressOptions {
  readonly style: Style;
  /** Also what a person seldom wants to know: where each source comes from. */
  readonly verbose: boolean;
  /** Absolute; paths below it are shown without it. */
  readonly currentDirectory: string;
}

/** Takes the events of one run in order, and gives the lines that each is worth. */
export function createProgress(options: ProgressOptions): (event: EventBody) => string[] {
  let run = noRun;
  return (body) => {
    const event: Event = { atMs: 0, ...body };
    run = fold(run, event);
    return progressOf(event, run, options);
  };
}

/** The lines that an event is worth; `run` is what is known with it. */
export function progressOf(event: EventBody, run: RunState, options: ProgressOptions): string[] {
  const text = isOfPackage(event) ? packageText(event, options) : runText(event, options);
  if (text === undefined) return [];
  // Outside of a build there is nothing to count.
  if (!isOfPackage(event) || run.total === 0) return [text];
  const { ended, total } = run;
  return [
    `${options.style.dim(`[${String(ended).padStart(String(total).length)}/${total}]`)} ${text}`,
  ];
}

/** What moves a package on: such lines tell how far all is. */
type PackageEvent = Extract<EventBody, { readonly kind: (typeof packageKinds)[number] }>;

const packageKinds = [
  "fetch-started",
  "fetch-finished",
  "build-started",
  "build-finished",
  "build-failed",
  "build-blocked",
  "check-started",
  "check-finished",
  "check-failed",
] as const;

function isOfPackage(event: EventBody): event is PackageEvent {
  return (packageKinds as readonly string[]).includes(event.kind);
}

function packageText(event: PackageEvent, { style, verbose }: ProgressOptions): string | undefined {
  const name = "version" in event ? `${event.package} ${event.version}` : event.package;
  const took = "durationMs" in event ? style.dim(`(${showDuration(event.durationMs)})`) : "";
  switch (event.kind) {
    case "fetch-started":
      return verbose ? `fetching ${name} from ${event.from}` : undefined;
    case "fetch-finished":
      return `fetched ${name} ${style.dim(`(${showSize(event.bytes)})`)}`;
    case "build-started":
      return `building ${name}`;
    case "build-finished":
      if (event.result === "reused") return `${style.good("reused")} ${name} from the store`;
      return `${style.good("built")} ${name} ${took}${event.result === "built" ? "" : ", the same result as before"}`;
    case "build-failed":
      return `${style.bad("failed")} ${name} in ${event.step} ${took}`;
    case "build-blocked":
      return `${style.warn("blocked")} ${name}: it needs ${showNames(event.by)}`;
    case "check-started":
      return verbose ? `checking ${name}` : undefined;
    case "check-finished":
      return `${style.good("checked")} ${name} ${took}`;
    case "check-failed": {
      const paint = event.isWarning ? style.warn : style.bad;
      return `${paint("check failed")} ${name}: ${event.reason} ${took}`;
    }
    default:
      return unreachable(event);
  }
}

function runText(
  event: Exclude<EventBody, PackageEvent>,
  { style, currentDirectory }: ProgressOptions,
): string | undefined {
  switch (event.kind) {
    case "opened":
    case "graph":
    case "step-started":
    case "step-finished":
    case "tokens":
    case "counted":
    case "hints":
    case "run-finished":
      return undefined;
    case "run-started": {
      const { packages, outOfDate, jobs, prefix } = event;
      const known = packages - outOfDate;
      const rest = known === 0 ? "" : ` (${known} of ${packages} are up to date)`;
      return `building ${showCount(outOfDate, "package")}${rest} for ${showPath(prefix, currentDirectory)}, -j${jobs}`;
    }
    case "isolation":
      if (event.mode === "view") return undefined;
      return `${style.warn("without views:")} ${event.reason ?? ""}; builds use the live prefix, so undeclared dependencies are not noticed`;
    case "fetch-retried":
      return `${style.warn("retry")} ${event.package}: ${event.reason}`;
    case "fetch-failed":
      return `${style.warn("note:")} ${event.package}: its source could not be fetched ahead: ${event.reason}`;
    case "cache-started": {
      const { packages, sizeBytes, cache } = event;
      return `taking ${showCount(packages, "package")} (${showSize(sizeBytes)}) from the cache ${showPath(cache, currentDirectory)}`;
    }
    case "cache-finished": {
      const { packages, missed, savedMs, durationMs } = event;
      if (packages === 0) return undefined;
      const rest = missed === 0 ? "" : `, ${missed} did not come`;
      return `${style.good("taken")} ${showCount(packages, "package")}${rest}, which took ${showDuration(savedMs)} to build ${style.dim(`(${showDuration(durationMs)})`)}`;
    }
    case "waiting":
      return `${style.warn("waiting")} for ${event.for}`;
    case "recovered":
      return `${style.warn("recovered:")} ${event.text}`;
    case "library":
      return `${style.warn("warning:")} ${event.package}: ${event.text}`;
    case "note":
      return `${style.warn("note:")} ${event.package === undefined ? "" : `${event.package}: `}${event.text}`;
    case "prefix-changed": {
      const { packages, removed, files, sizeBytes, durationMs } = event;
      if (packages.length === 0) return undefined; // a removal, which the command itself tells
      const what = `${showCount(packages.length, "package")} (${showCount(files, "file")}, ${showSize(sizeBytes)})`;
      const left = removed.length === 0 ? "" : `, removed ${showCount(removed.length, "package")}`;
      return `${style.good("joined")} ${what}${left} in one transaction ${style.dim(`(${showDuration(durationMs)})`)}`;
    }
    default:
      return unreachable(event);
  }
}
