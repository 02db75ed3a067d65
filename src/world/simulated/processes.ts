/** Simulated Processes: each command is answered by a function, and every call is kept. */
import type { Disk } from "../disk.ts";
import type { CallersJobserver } from "../jobserver.ts";
import type { CapturedOutcome, Command, Outcome, Processes } from "../processes.ts";
import { createSimulatedJobserver, type SimulatedJobserver } from "./jobserver.ts";

export interface SimulatedProcesses extends Processes {
  /** The commands that were started, in order. */
  readonly calls: readonly Command[];
  /** By the path of the FIFO. */
  readonly jobservers: ReadonlyMap<string, SimulatedJobserver>;
}

/** What a command does: how it ends, and what it prints if that matters. */
export type ProgramAnswer = (
  command: Command,
) => Outcome | CapturedOutcome | Promise<Outcome | CapturedOutcome>;

interface SimulatedProcessesOptions {
  readonly ownId?: number;
  /** Without it every process is. */
  readonly isAlive?: (id: number) => boolean;
  /** Without it every program is missing. */
  readonly answer?: ProgramAnswer;
  /** Where log files are written; without it they are not. */
  readonly disk?: Disk;
  /** What is reached at any address. */
  readonly callersJobserver?: CallersJobserver;
}

export function createSimulatedProcesses(
  options: SimulatedProcessesOptions = {},
): SimulatedProcesses {
  const calls: Command[] = [];
  const jobservers = new Map<string, SimulatedJobserver>();
  const answer = options.answer ?? missing;
  const start = (command: Command): Promise<CapturedOutcome> => {
    calls.push(command);
    return untilAborted(command, async () => complete(await answer(command)));
  };
  return {
    ownId: options.ownId ?? 1,
    startOf: (id) => (options.isAlive?.(id) === false ? undefined : `start of ${id}`),
    calls,
    jobservers,
    openJobserver: (fifo, onReturn) => {
      const jobserver = createSimulatedJobserver(onReturn);
      jobservers.set(fifo, jobserver);
      return jobserver;
    },
    joinJobserver: () => options.callersJobserver,
    run: async (command) => {
      const { outcome, stdout, stderr } = await start(command);
      if (command.logFile !== undefined) append(options.disk, command.logFile, stdout + stderr);
      return outcome;
    },
    capture: start,
    attach: async (command) => (await start(command)).outcome,
    suspend: () => {},
  };
}

function missing(command: Command): Outcome {
  return { kind: "missing", program: command.program, reason: "ENOENT" };
}

function complete(answer: Outcome | CapturedOutcome): CapturedOutcome {
  return "outcome" in answer ? answer : { outcome: answer, stdout: "", stderr: "" };
}

const killed = complete({ kind: "killed", signal: "SIGKILL" });

async function untilAborted(
  { signal }: Command,
  work: () => Promise<CapturedOutcome>,
): Promise<CapturedOutcome> {
  if (signal === undefined) return work();
  if (signal.aborted) return killed;
  let onAbort = (): void => {};
  const aborted = new Promise<CapturedOutcome>((resolve) => {
    onAbort = () => resolve(killed);
    signal.addEventListener("abort", onAbort, { once: true });
  });
  try {
    return await Promise.race([work(), aborted]);
  } finally {
    signal.removeEventListener("abort", onAbort);
  }
}

function append(disk: Disk | undefined, path: string, text: string): void {
  const writer = disk?.openWriter(path, { append: true });
  if (text !== "") writer?.write(Buffer.from(text));
  writer?.close();
}
