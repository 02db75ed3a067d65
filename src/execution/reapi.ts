/**
 * Actions by a server of the Remote Execution API, which finds the workers and moves the files: an action, the blobs that
 * it names and the program are the input, and the folder of results comes back once the worker has ended.
 */
import { TenonError } from "../core/index.ts";
import type * as Reapi from "../reapi/index.ts";
import type { Execution } from "../recipe/index.ts";
import { serverAddressOf } from "../source/index.ts";
import { makeDirectories, type World } from "../world/index.ts";
import { readAction } from "./action.ts";
import type { Launcher, Work, WorkState } from "./launcher.ts";
import { readOutcome } from "./outcome.ts";
import { blobReader, inputOf } from "./reapi-input.ts";
import { takeResults } from "./reapi-results.ts";

export interface ReapiOptions {
  readonly world: World;
  readonly settings: Execution;
  /** The folder of the blobs that actions name. */
  readonly blobs: string;
  /** The folder of the program's copy. */
  readonly program: () => string;
  /** Told once each time that the server does not answer. */
  readonly onSilent: (said: string) => void;
  readonly signal?: AbortSignal;
}

/** The worker's command line, in the folder where the server has it run. */
export function reapiCommand({ node, workerStore }: Execution): readonly string[] {
  return [
    "/usr/bin/env",
    node,
    "program/dist/tenon.js",
    "execute",
    "action",
    "--blobs",
    "blobs",
    "--results",
    "results",
    ...(workerStore === undefined ? [] : ["--store", workerStore]),
  ];
}

interface Executing {
  state: WorkState;
  readonly end: AbortController;
  over: Promise<void>;
}

/** The protocol is loaded, and the server asked what it allows, when it is first needed. */
export function reapiLauncher(options: ReapiOptions): Launcher {
  const { world, settings } = options;
  const executing = new Map<string, Executing>();
  const blobOf = blobReader(world);
  let opened: Promise<Opened> | undefined;
  return {
    describe: () => `its worker by ${serverAddressOf(settings.place).name}`,
    launch: async (work) => {
      const server = await (opened ??= open(options));
      const id = world.clock.uniqueId();
      const entry: Executing = {
        state: { kind: "waiting" },
        end: new AbortController(),
        over: Promise.resolve(),
      };
      executing.set(id, entry);
      const begun = (): void => {
        entry.state = { kind: "running" };
      };
      const using = { ...options, ...server, blobOf, begun, end: entry.end.signal };
      entry.over = execute(using, work).then((state) => {
        entry.state = state;
      });
      return id;
    },
    stateOf: async (id) =>
      executing.get(id)?.state ?? ended("lost", "was followed by another process"),
    cancel: async (id) => {
      executing.get(id)?.end.abort();
      await executing.get(id)?.over;
    },
  };
}

function ended(how: "done" | "lost" | "given-up", words: string): WorkState {
  const hints =
    how === "given-up"
      ? ["Look at [execution] in tenon.toml, or build here: `tenon build --local`."]
      : [];
  return { kind: "ended", how, words, hints };
}

interface Opened {
  readonly reapi: typeof Reapi;
  readonly server: Reapi.Server;
}

async function open({ world, settings, signal }: ReapiOptions): Promise<Opened> {
  const reapi = await import("../reapi/index.ts");
  const { place, storage } = settings;
  const how = {
    ...serverAddressOf(place),
    ...(storage === undefined ? {} : { storage: serverAddressOf(storage).url }),
    ...(signal === undefined ? {} : { signal }),
  };
  try {
    const server = await reapi.openServer(world, how);
    if (server.limits.mayExecute) return { reapi, server };
    throw refused(`${server.name} executes nothing for this client`);
  } catch (error) {
    throw error instanceof reapi.RemoteTrouble ? refused(error.message) : error;
  }
}

function refused(message: string): TenonError {
  return new TenonError({
    kind: "machine",
    code: "SERVER_REFUSED",
    message,
    hints: ["Correct [execution] in tenon.toml, or build here: `tenon build --local`."],
  });
}

interface Using extends ReapiOptions, Opened {
  readonly blobOf: ReturnType<typeof blobReader>;
  readonly begun: () => void;
  readonly end: AbortSignal;
}

/** Never throws: a trouble becomes the state of the work. */
async function execute(using: Using, work: Work): Promise<WorkState> {
  const { world, reapi, server, settings, begun, onSilent, end } = using;
  try {
    const action = readAction(world.disk, work.action);
    const described = reapi.describeWork({
      argv: work.argv,
      environment: { PATH: action.path.join(":") },
      files: inputOf(world.disk, using, { action, folder: work.action }),
      output: "results",
      platform: settings.platform,
      ...(settings.timeoutMs === undefined ? {} : { timeoutMs: settings.timeoutMs }),
    });
    const how = { onExecuting: begun, onSilent, signal: end };
    const result = await reapi.executeWork(server, described, how);
    makeDirectories(world.disk, work.results);
    world.disk.createFile(work.logFile, await reapi.outputText(server, result));
    await takeResults(world, { reapi, server, result, folder: work.results });
    const isDone = readOutcome(world.disk, work.results) !== undefined;
    return isDone
      ? ended("done", "has ended")
      : ended("lost", `has ended with exit code ${result.exitCode}`);
  } catch (error) {
    if (!(error instanceof reapi.RemoteTrouble))
      return ended("given-up", `was lost: ${String(error)}`);
    return ended(error.mayPass ? "lost" : "given-up", `was not done: ${error.message}`);
  }
}
