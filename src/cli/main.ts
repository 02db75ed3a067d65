/** Arguments → command → exit code. */
import { run } from "@stricli/core";
import { createRealWorld, privateFolder } from "../world/index.ts";
import { createApplication } from "./application.ts";
import { renderError } from "../report/index.ts";
import { type Context, stylesFor, tellLines } from "./context.ts";
import { refuseDamagedText } from "./damaged-text.ts";
import { exitCodeOf, exitCodes } from "./exit-codes.ts";
import { normalizeArguments } from "./arguments.ts";
import { openOutput } from "./output.ts";
import { cacheFolder } from "./store-folder.ts";
import { type WaitingLine, startWaitingLine } from "./waiting-line.ts";
import { openTerminal, type Terminal } from "./terminal.ts";
import { version } from "./version.ts";

process.exitCode = await main();

async function main(): Promise<number> {
  const environment = definedOnly(process.env);
  const interruption = new AbortController();
  const signals = watchSignals(interruption);
  goOnWhenNobodyReads();

  let exitCode: number | undefined;
  const world = createRealWorld(environment);
  const style = stylesFor(process, environment, () => world.clock.uniqueId());
  const terminal = openTerminal(process, world, environment);
  const patience = startWaitingLine(world.clock, terminal);
  const streams = {
    stdout: openOutput(process.stdout, style.out, patience),
    stderr: openOutput(process.stderr, style.err, patience),
    env: environment,
  };
  const stricliProcess: { exitCode?: number | string | null } & typeof streams = streams;
  process.on("SIGTSTP", () => world.processes.suspend());
  const context: Context = {
    ...(terminal === undefined ? {} : { terminal: takenOver(terminal, patience) }),
    count: patience.count,
    process: stricliProcess,
    world,
    output: streams.stdout,
    input: process.stdin,
    environment,
    privateFolder: (name) => {
      const cache = cacheFolder(environment);
      return cache === undefined ? undefined : privateFolder(`${cache}/${name}`);
    },
    currentDirectory: currentDirectory(),
    arguments: process.argv.slice(2),
    style,
    signal: interruption.signal,
    leaveInterruptions: () => {
      signals.isLeft = true;
      patience.end();
    },
    exit: (code) => {
      exitCode = code;
    },
  };
  try {
    refuseDamagedText(world.disk, context);
  } catch (error) {
    tellLines(context, renderError(error, style.err));
    patience.end();
    return exitCodeOf(error);
  }
  const args = normalizeArguments(context.arguments);
  const screen = { columns: columnsOf(process.stdout), style: context.style.err };
  await run(createApplication(version, screen), args, {
    ...context,
    process: stricliProcess,
  }).finally(patience.end);
  const refused = stricliProcess.exitCode !== undefined && stricliProcess.exitCode !== 0;
  return exitCode ?? (refused ? exitCodes.usage : exitCodes.done);
}

/** Whoever draws on the terminal has it alone. */
function takenOver(terminal: Terminal, patience: WaitingLine): Terminal {
  return {
    ...terminal,
    write: (text) => {
      patience.end();
      terminal.write(text);
    },
  };
}

/** Longer lines are hard to read, however wide a terminal is. */
function columnsOf({ columns = 80 }: { readonly columns?: number }): number {
  return Math.min(columns, 100);
}

function currentDirectory(): string {
  try {
    return process.cwd();
  } catch {
    process.stderr.write("error: the current folder has been removed\n");
    process.exit(exitCodes.machine);
  }
}

/** Ctrl-C once: stop what runs and keep what is done. Twice: at once. */
function watchSignals(interruption: AbortController): { isLeft: boolean } {
  const signals = { isLeft: false };
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.on(signal, () => {
      if (signals.isLeft && signal === "SIGINT") return;
      if (interruption.signal.aborted) process.exit(exitCodes.interrupted);
      interruption.abort();
    });
  }
  return signals;
}

/** `tenon build | head` builds to its end, and its exit code says how that was. */
function goOnWhenNobodyReads(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "EPIPE") return;
      process.once("exit", () => (process.exitCode ||= exitCodes.machine));
      if (stream === process.stdout) process.stderr.write(`error: stdout: ${error.message}\n`);
    });
  }
}

function definedOnly(environment: NodeJS.ProcessEnv): Record<string, string> {
  const defined: Record<string, string> = {};
  for (const [name, value] of Object.entries(environment)) {
    if (value !== undefined) defined[name] = value;
  }
  return defined;
}
