/** Events as lines of plain progress: one line a fact, in order. */
import { type EventBody, unreachable } from "../core/index.ts";
import { showCount, showDuration, showNames, showSize } from "../core/index.ts";
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
  const { style } = options;
  let total = 0;
  let ended = 0;
  /** Outside of a build there is nothing to count. */
  const counted = (text: string): string =>
    total === 0
      ? text
      : `${style.dim(`[${String(ended).padStart(String(total).length)}/${total}]`)} ${text}`;
  const end = (text: string): string[] => {
    ended += 1;
    return [counted(text)];
  };

  return (event) => {
    switch (event.kind) {
      case "opened":
      case "graph":
      case "step-started":
      case "step-finished":
      case "run-finished":
        return [];
      case "run-started": {
        total = event.outOfDate;
        ended = 0;
        const { packages, outOfDate, jobs, prefix } = event;
        const known = packages - outOfDate;
        const rest = known === 0 ? "" : ` (${known} of ${packages} are up to date)`;
        return [
          `building ${showCount(outOfDate, "package")}${rest} for ${showPath(prefix, options.currentDirectory)}, -j${jobs}`,
        ];
      }
      case "isolation":
        return event.mode === "view"
          ? []
          : [
              `${style.warn("without views:")} ${event.reason ?? ""}; ` +
                "builds use the live prefix, so undeclared dependencies are not noticed",
            ];
      case "fetch-started":
        return options.verbose ? [counted(`fetching ${event.package} from ${event.from}`)] : [];
      case "fetch-finished":
        return [counted(`fetched ${event.package} ${style.dim(`(${showSize(event.bytes)})`)}`)];
      case "fetch-retried":
        return [`${style.warn("retry")} ${event.package}: ${event.reason}`];
      case "fetch-failed":
        return [
          `${style.warn("note:")} ${event.package}: its source could not be fetched ahead: ${event.reason}`,
        ];
      case "build-started":
        return [counted(`building ${event.package} ${event.version}`)];
      case "build-finished": {
        const duration = style.dim(`(${showDuration(event.durationMs)})`);
        const name = `${event.package} ${event.version}`;
        const { result } = event;
        switch (result) {
          case "built":
            return end(`${style.good("built")} ${name} ${duration}`);
          case "unchanged":
            return end(`${style.good("built")} ${name} ${duration}, the same result as before`);
          case "reused":
            return end(`${style.good("reused")} ${name} from the store`);
          default:
            return unreachable(result);
        }
      }
      case "build-failed":
        return end(
          `${style.bad("failed")} ${event.package} ${event.version} in ${event.step} ` +
            style.dim(`(${showDuration(event.durationMs)})`),
        );
      case "build-blocked":
        return end(`${style.warn("blocked")} ${event.package}: it needs ${showNames(event.by)}`);
      case "tokens":
        return [];
      case "check-started":
        return options.verbose ? [counted(`checking ${event.package} ${event.version}`)] : [];
      case "check-finished":
        return [
          counted(
            `${style.good("checked")} ${event.package} ${event.version} ` +
              style.dim(`(${showDuration(event.durationMs)})`),
          ),
        ];
      case "check-failed": {
        const word = event.isWarning ? style.warn("check failed") : style.bad("check failed");
        const duration = style.dim(`(${showDuration(event.durationMs)})`);
        return [counted(`${word} ${event.package} ${event.version}: ${event.reason} ${duration}`)];
      }
      case "waiting":
        return [`${style.warn("waiting")} for ${event.for}`];
      case "recovered":
        return [`${style.warn("recovered:")} ${event.text}`];
      case "library":
        return [`${style.warn("warning:")} ${event.package}: ${event.text}`];
      case "note": {
        const place = event.package === undefined ? "" : `${event.package}: `;
        return [`${style.warn("note:")} ${place}${event.text}`];
      }
      case "prefix-changed":
        if (event.packages.length === 0) return []; // a removal, which the command itself tells
        return [
          `${style.good("joined")} ${showCount(event.packages.length, "package")} ` +
            `(${showCount(event.files, "file")}, ${showSize(event.sizeBytes)}) in one transaction ` +
            style.dim(`(${showDuration(event.durationMs)})`),
        ];
      default:
        return unreachable(event);
    }
  };
}
