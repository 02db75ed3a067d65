/** Processes on this machine: each in a group of its own that is killed whole. */
import { type ChildProcess, spawn, type StdioOptions } from "node:child_process";
import * as fs from "node:fs";
import type { CapturedOutcome, Command, Outcome, Processes } from "../processes.ts";

const captureLimitBytes = 16 << 20;

export function createRealProcesses(): Processes {
  return { ownId: process.pid, run, capture };
}

async function run(command: Command): Promise<Outcome> {
  const log = command.logFile === undefined ? "ignore" : fs.openSync(command.logFile, "a");
  try {
    return await start(command, ["pipe", log, log]).ended;
  } finally {
    if (typeof log === "number") fs.closeSync(log);
  }
}

async function capture(command: Command): Promise<CapturedOutcome> {
  const { child, ended } = start(command, ["pipe", "pipe", "pipe"]);
  const stdout = collect(child.stdout);
  const stderr = collect(child.stderr);
  const outcome = await ended;
  return { outcome, stdout: stdout(), stderr: stderr() };
}

function start(
  command: Command,
  stdio: StdioOptions,
): { child: ChildProcess; ended: Promise<Outcome> } {
  const child = spawn(command.program, command.args, {
    stdio,
    detached: true,
    ...(command.workingDirectory === undefined ? {} : { cwd: command.workingDirectory }),
    ...(command.environment === undefined ? {} : { env: { ...command.environment } }),
  });
  let timedOut = false;
  const killGroup = (): void => {
    if (child.pid === undefined) return;
    try {
      process.kill(-child.pid, "SIGKILL");
    } catch {
      // The group has ended by itself.
    }
  };
  const timer =
    command.timeoutMs === undefined
      ? undefined
      : setTimeout(() => {
          timedOut = true;
          killGroup();
        }, command.timeoutMs);
  command.signal?.addEventListener("abort", killGroup, { once: true });
  if (command.signal?.aborted) killGroup();
  child.stdin?.on("error", () => {}); // a program that reads no input closes its end
  child.stdin?.end(command.input ?? "");

  const ended = new Promise<Outcome>((resolve) => {
    const finish = (outcome: Outcome): void => {
      clearTimeout(timer);
      command.signal?.removeEventListener("abort", killGroup);
      killGroup();
      resolve(outcome);
    };
    child.once("error", (error: NodeJS.ErrnoException) =>
      finish({ kind: "missing", program: command.program, reason: error.code ?? error.message }),
    );
    child.once("close", (code, signal) => {
      if (timedOut) finish({ kind: "timed-out" });
      else if (signal !== null) finish({ kind: "killed", signal });
      else finish({ kind: "exited", code: code ?? 0 });
    });
  });
  return { child, ended };
}

function collect(stream: NodeJS.ReadableStream | null): () => string {
  const chunks: Buffer[] = [];
  let sizeBytes = 0;
  stream?.on("data", (chunk: Buffer) => {
    if (sizeBytes >= captureLimitBytes) return;
    chunks.push(chunk);
    sizeBytes += chunk.length;
  });
  return () => Buffer.concat(chunks).toString("utf8");
}
