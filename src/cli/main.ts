/** The program's entry: arguments → command → exit code. */
import { run } from "@stricli/core";
import { createRealWorld } from "../world/index.ts";
import { createApplication } from "./application.ts";
import { type Context, stylesFor } from "./context.ts";
import { exitCodes } from "./exit-codes.ts";
import { normalizeArguments } from "./arguments.ts";
import { version } from "./version.ts";

await main();

async function main(): Promise<void> {
  const environment = definedOnly(process.env);
  const interruption = new AbortController();
  watchSignals(interruption);
  quitQuietlyWhenNobodyReads();

  let exitCode: number | undefined;
  const streams = { stdout: process.stdout, stderr: process.stderr, env: environment };
  const stricliProcess: { exitCode?: number | string | null } & typeof streams = streams;
  const context: Context = {
    process: stricliProcess,
    world: createRealWorld(environment),
    environment,
    currentDirectory: process.cwd(),
    style: stylesFor(streams, environment),
    signal: interruption.signal,
    exit: (code) => {
      exitCode = code;
    },
  };
  const args = normalizeArguments(process.argv.slice(2));
  await run(createApplication(version), args.length === 0 ? ["--help"] : args, {
    ...context,
    process: stricliProcess,
  });
  const refused = stricliProcess.exitCode !== undefined && stricliProcess.exitCode !== 0;
  process.exitCode = exitCode ?? (refused ? exitCodes.usage : exitCodes.done);
}

/** Ctrl-C once: stop what runs and keep what is done. Twice: at once. */
function watchSignals(interruption: AbortController): void {
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.on(signal, () => {
      if (interruption.signal.aborted) process.exit(exitCodes.interrupted);
      interruption.abort();
    });
  }
}

/** `tenon list | head` is no error. */
function quitQuietlyWhenNobodyReads(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "EPIPE") process.exit(exitCodes.done);
      throw error;
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
