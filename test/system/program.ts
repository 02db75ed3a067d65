/** The built program, run as a person's script runs it: as a process, without a terminal. */
import { spawn, spawnSync } from "node:child_process";
import * as path from "node:path";

export interface Ended {
  /** Null when it was killed by a signal. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Running {
  readonly pid: number;
  readonly ended: Promise<Ended>;
  /** What it has said so far. */
  said(): string;
  kill(signal: NodeJS.Signals): void;
}

export interface StartOptions {
  readonly directory: string;
  readonly environment: Readonly<Record<string, string>>;
  /** Options for node itself. */
  readonly node?: readonly string[];
}

/** Another bundle of the same sources can be tried with TENON_PROGRAM. */
export const program = process.env["TENON_PROGRAM"] ?? bundle();

function bundle(): string {
  const { status, stderr } = spawnSync(process.execPath, ["scripts/setup.js"], {
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(`the program could not be bundled: ${stderr}`);
  return path.resolve("dist/tenon.js");
}

export function start(args: readonly string[], options: StartOptions): Running {
  const child = spawn(process.execPath, [...(options.node ?? []), program, ...args], {
    cwd: options.directory,
    env: { ...options.environment },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
  const ended = new Promise<Ended>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => resolve({ code, stdout, stderr }));
  });
  return {
    pid: child.pid ?? 0,
    ended,
    said: () => stdout + stderr,
    kill: (signal) => void child.kill(signal),
  };
}
