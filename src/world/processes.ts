/** Processes: starting programs and waiting for them. */
import type { CallersJobserver, Jobserver } from "./jobserver.ts";

export interface Processes {
  /** The id of this process. */
  readonly ownId: number;
  /** When a process was started, in a form of the machine's; undefined where there is none. */
  startOf(id: number): string | undefined;
  /** Starts a program and waits for its end. A program that cannot be started gives `missing`. */
  run(command: Command): Promise<Outcome>;
  /**
   * Runs a program at the person's terminal: with this process's own streams, and in its process
   * group, so that keys reach it. Of the command, only program, arguments, folder, environment and
   * signal count, and of the signal that the program gets SIGTERM when it is aborted.
   */
  attach(command: Command): Promise<Outcome>;
  /** Like `run`, but keeps up to 16 MiB of what the program prints. */
  capture(command: Command): Promise<CapturedOutcome>;
  /**
   * Stops all that `run` and `capture` have started, then this process, as Ctrl-Z's signal does by
   * itself. When this process goes on, so does the rest.
   */
  suspend(): void;
  /**
   * Makes a jobserver with its FIFO at this path, and a second one beside it. `onReturn` is called
   * with the number of tokens that have just been given back.
   */
  openJobserver(fifo: string, onReturn: (count: number) => void): Jobserver;
  /** `address`: what follows `--jobserver-auth=`. Undefined when nothing is to be reached there. */
  joinJobserver(address: string): CallersJobserver | undefined;
}

export interface Command {
  readonly program: string;
  readonly args: readonly string[];
  readonly workingDirectory?: string;
  /** The whole environment; this process's own when absent. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Appends both output streams to this file. Ignored by `capture`. */
  readonly logFile?: string;
  /** Open in the program at `tokenDescriptors`. */
  readonly jobserver?: Jobserver;
  readonly input?: string | Uint8Array;
  /** Kills the program's whole process group when it is aborted. */
  readonly signal?: AbortSignal;
  readonly timeoutMs?: number;
}

export type Outcome =
  | { readonly kind: "exited"; readonly code: number }
  | { readonly kind: "killed"; readonly signal: string }
  | { readonly kind: "timed-out" }
  | { readonly kind: "missing"; readonly program: string; readonly reason: string };

export interface CapturedOutcome {
  readonly outcome: Outcome;
  readonly stdout: string;
  readonly stderr: string;
}
