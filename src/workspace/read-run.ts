/** What a run has left behind: its events, and the logs of the packages that failed. */
import { type Event, eventFormat, TenonError } from "../core/index.ts";
import { type Disk, readText, type World } from "../world/index.ts";
import { parseEvent } from "../events/index.ts";
import { eventsFile, listRuns, logsOf, type Runs } from "./runs.ts";
import { requireWorkspace, stateFolderOf, type WorkspacePlace } from "./open-workspace.ts";
import { openWorkspaceState } from "./workspace-state.ts";
import { sayPrefix } from "../relocation/index.ts";

export interface RecordedRun {
  readonly id: string;
  /** Where the run keeps its events and logs. */
  readonly folder: string;
  readonly events: readonly Event[];
  /** Of failed packages, by name; long ones without their middle. */
  readonly logs: ReadonlyMap<string, string>;
}

/** Needs no valid recipes: a report is also wanted of a workspace that has gone wrong since. */
export function readRun(
  world: World,
  options: WorkspacePlace & { readonly run?: string },
): RecordedRun {
  const workspace = requireWorkspace(world, options);
  const state = openWorkspaceState(world, stateFolderOf(world, options));
  const runs: Runs = { world, state };
  const id = (options.run === undefined ? listRuns(runs) : [options.run]).find(
    (each) => world.disk.status(eventsFile(runs, each))?.type === "file",
  );
  if (id === undefined) throw noRun(options.run, workspace);
  const events = parseEvents(readText(world.disk, eventsFile(runs, id)));
  return { id, folder: `${state.runs}/${id}`, events, logs: readLogs(runs, id, events) };
}

/** Of each failed package the log of the step that failed. */
function readLogs(runs: Runs, id: string, events: readonly Event[]): Map<string, string> {
  const failed = events.flatMap((event): { package: string; step: string }[] => {
    if (event.kind === "build-failed") return [event];
    const isFailedCheck = event.kind === "check-failed" && !event.isWarning;
    return isFailedCheck ? [{ package: event.package, step: "check" }] : [];
  });
  const logs = new Map<string, string>();
  for (const { package: name, step } of failed) {
    const known = logsOf(runs, id, name);
    const log = known.find((each) => each.step === step) ?? known.at(-1);
    if (log !== undefined)
      logs.set(name, sayPrefix(readLogEnds(runs.world.disk, log.file, failed.length)));
  }
  return logs;
}

function parseEvents(text: string): Event[] {
  const events = text.split("\n").flatMap((line) => parseEvent(line) ?? []);
  const opened = events.find((event) => event.kind === "opened");
  if (opened === undefined || opened.format <= eventFormat) return events;
  throw new TenonError({
    kind: "usage",
    code: "EVENT_FORMAT",
    message: `the run was recorded by tenon ${opened.version}, whose events this version cannot read`,
    hints: [`Use tenon ${opened.version} or a newer one.`],
  });
}

const beginBytes = 8 * 1024;
const endBytes = 96 * 1024;
/** Of all logs together. */
const mostBytes = 1024 * 1024;

/** Its beginning and its end, by which a person finds the middle in the file. */
function readLogEnds(disk: Disk, file: string, logs: number): string {
  const share = Math.min(endBytes, Math.floor(mostBytes / logs));
  let begin = Buffer.alloc(0);
  let end = Buffer.alloc(0);
  let size = 0;
  for (const chunk of disk.readChunks(file)) {
    size += chunk.length;
    if (begin.length < beginBytes) begin = Buffer.concat([begin, chunk]).subarray(0, beginBytes);
    end = Buffer.concat([end, chunk]).subarray(-share);
  }
  if (size <= share) return end.toString("utf8");
  const left = size - share - begin.length;
  if (left <= 0) return begin.subarray(0, size - share).toString("utf8") + end.toString("utf8");
  return `${begin.toString("utf8")}\n… ${left} bytes are left out …\n${end.toString("utf8")}`;
}

function noRun(run: string | undefined, workspace: string): TenonError {
  return new TenonError({
    kind: "usage",
    code: "NO_RUN",
    message:
      run === undefined
        ? `nothing has been built in ${workspace} yet`
        : `${workspace} remembers no run ${run}`,
    hints: ["Runs are kept in .tenon/runs, one folder each."],
  });
}
