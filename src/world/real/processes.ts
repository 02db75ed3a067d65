/** Processes on this machine: each in a group of its own that is killed whole. */
import { type ChildProcess, spawn } from "node:child_process";
import * as fs from "node:fs";
import { tokenDescriptors } from "../jobserver.ts";
import type { CapturedOutcome, Command, Outcome, Processes } from "../processes.ts";
import { codeOf } from "./attempts.ts";
import { joinJobserver } from "./callers-jobserver.ts";
import { openDescriptor } from "./descriptor.ts";
import { openJobserver, type RealJobserver } from "./jobserver.ts";
import { systemCalls } from "./system-calls.ts";

const captureLimitBytes = 16 << 20;
const { O_WRONLY, O_CREAT, O_APPEND, O_NOFOLLOW } = fs.constants;
const logFlags = O_WRONLY | O_CREAT | O_APPEND | O_NOFOLLOW;

export function createRealProcesses(): Processes {
  return {
    ownId: process.pid,
    startOf,
    run,
    capture,
    attach,
    suspend,
    openJobserver,
    joinJobserver,
  };
}

/** Field 22 of its stat: ticks since the machine was started. The name before may hold anything. */
function startOf(id: number): string | undefined {
  try {
    const text = fs.readFileSync(`/proc/${id}/stat`, "latin1");
    return text.slice(text.lastIndexOf(")") + 2).split(" ")[19];
  } catch {
    return undefined;
  }
}

async function run(command: Command): Promise<Outcome> {
  const { logFile } = command;
  if (logFile === undefined) return start(command, ["pipe", "ignore", "ignore"]).ended;
  const log = openDescriptor("open", logFile, () => fs.openSync(logFile, logFlags));
  try {
    return await log.use("write", (fd) => start(command, ["pipe", fd, fd])).ended;
  } finally {
    log.close();
  }
}

/** An interactive shell takes the terminal for groups of its own, and leaves it to the last of them. */
async function attach(command: Command): Promise<Outcome> {
  const group = systemCalls().foregroundGroup(0);
  try {
    return await startAttached(command);
  } finally {
    if (group > 0) systemCalls().setForegroundGroup(0, group);
  }
}

function startAttached(command: Command): Promise<Outcome> {
  return new Promise((resolve) => {
    const child = spawn(command.program, command.args, { stdio: "inherit", ...placeOf(command) });
    child.once("error", (error) => resolve(missing(command, error)));
    const end = (): void => void child.kill("SIGTERM");
    command.signal?.addEventListener("abort", end);
    child.once("exit", (code, signal) => {
      command.signal?.removeEventListener("abort", end);
      resolve(signal === null ? { kind: "exited", code: code ?? 0 } : { kind: "killed", signal });
    });
  });
}

async function capture(command: Command): Promise<CapturedOutcome> {
  const { child, ended } = start(command, ["pipe", "pipe", "pipe"]);
  const stdout = collect(child?.stdout);
  const stderr = collect(child?.stderr);
  const outcome = await ended;
  return { outcome, stdout: stdout(), stderr: stderr() };
}

type Stream = "pipe" | "ignore" | number;

interface Started {
  readonly child?: ChildProcess;
  readonly ended: Promise<Outcome>;
}

function start(command: Command, streams: readonly Stream[]): Started {
  let child: ChildProcess;
  try {
    child = spawn(command.program, command.args, {
      stdio: [...streams, ...tokenStreams(command)],
      detached: true,
      ...placeOf(command),
    });
  } catch (error) {
    return { ended: Promise.resolve(missing(command, error)) }; // such as E2BIG
  }
  child.stdin?.on("error", () => {}); // a program that reads no input closes its end
  child.stdin?.end(command.input ?? "");
  return { child, ended: watch(child, command) };
}

function placeOf({ workingDirectory, environment }: Command): {
  cwd?: string;
  env?: NodeJS.ProcessEnv;
} {
  return {
    ...(workingDirectory === undefined ? {} : { cwd: workingDirectory }),
    ...(environment === undefined ? {} : { env: { ...environment } }),
  };
}

/** What lies between the streams and a jobserver's ends is closed in the program. */
function tokenStreams({ jobserver }: Command): Stream[] {
  if (jobserver === undefined) return [];
  const { ends } = jobserver as RealJobserver;
  const { take, giveBack } = tokenDescriptors;
  const streams = Array.from({ length: giveBack - 2 }, (): Stream => "ignore");
  streams[take - 3] = ends.take.use("pass on", (fd) => fd);
  streams[giveBack - 3] = ends.giveBack.use("pass on", (fd) => fd);
  return streams;
}

/** The leaders of the groups of what runs. */
const leaders = new Set<number>();

/** Where nobody could continue this process, the kernel does not stop it: the listeners go first. */
function suspend(): void {
  for (const leader of leaders) signalGroup(leader, "SIGSTOP");
  const listeners = process.listeners("SIGTSTP");
  process.removeAllListeners("SIGTSTP");
  process.kill(process.pid, "SIGTSTP");
  for (const listener of listeners) process.on("SIGTSTP", listener);
  for (const leader of leaders) signalGroup(leader, "SIGCONT");
}

/** Ends with the program itself; what it left running in its group is killed. */
function watch(child: ChildProcess, command: Command): Promise<Outcome> {
  let timedOut = false;
  const { pid } = child;
  if (pid !== undefined) leaders.add(pid);
  const kill = (): void => {
    if (pid !== undefined) signalGroup(pid, "SIGKILL");
  };
  const timer =
    command.timeoutMs === undefined
      ? undefined
      : setTimeout(() => {
          timedOut = true;
          kill();
        }, command.timeoutMs);
  command.signal?.addEventListener("abort", kill, { once: true });
  if (command.signal?.aborted) kill();

  return new Promise<Outcome>((resolve) => {
    const finish = (outcome: Outcome): void => {
      clearTimeout(timer);
      command.signal?.removeEventListener("abort", kill);
      if (pid !== undefined) leaders.delete(pid);
      resolve(outcome);
    };
    child.once("error", (error) => finish(missing(command, error)));
    // A survivor that holds the output open would delay "close" for as long as it lives.
    child.once("exit", () => {
      clearTimeout(timer);
      kill();
    });
    child.once("close", async (code, signal) => {
      await groupEnd(child);
      if (timedOut) finish({ kind: "timed-out" });
      else if (signal !== null) finish({ kind: "killed", signal });
      else finish({ kind: "exited", code: code ?? 0 });
    });
  });
}

function signalGroup(leader: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-leader, signal);
  } catch {
    // The group has ended by itself.
  }
}

const pollMs = 2;
const longestPollMs = 1000;

/** What was killed may write for a moment longer; callers remove its folders next. */
async function groupEnd({ pid }: ChildProcess): Promise<void> {
  if (pid === undefined) return;
  const endMs = performance.now() + longestPollMs;
  while (performance.now() < endMs && mayWrite(pid)) {
    await new Promise((resolve) => setTimeout(resolve, pollMs));
  }
}

/** What has ended, and waits for a slow init to take note, writes no more. */
function mayWrite(leader: number): boolean {
  try {
    process.kill(-leader, 0);
  } catch {
    return false;
  }
  const pids = fs.readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  return pids.some((pid) => {
    const [state, , group] = statusOf(pid);
    return group === String(leader) && state !== "Z" && state !== "X";
  });
}

/** Its state, its parent and its group: what /proc has after its name. Nothing where it is gone. */
function statusOf(pid: string): string[] {
  try {
    const text = fs.readFileSync(`/proc/${pid}/stat`, "latin1");
    return text.slice(text.lastIndexOf(")") + 2).split(" ", 3);
  } catch {
    return [];
  }
}

function missing(command: Command, error: unknown): Outcome {
  const reason = codeOf(error) ?? (error instanceof Error ? error.message : String(error));
  return { kind: "missing", program: command.program, reason };
}

function collect(stream: NodeJS.ReadableStream | null | undefined): () => string {
  const chunks: Buffer[] = [];
  let sizeBytes = 0;
  stream?.on("data", (chunk: Buffer) => {
    if (sizeBytes >= captureLimitBytes) return;
    chunks.push(chunk);
    sizeBytes += chunk.length;
  });
  return () => Buffer.concat(chunks).toString("utf8");
}
