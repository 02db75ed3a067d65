/** Runs a command line on a simulated machine. */
import { run } from "@stricli/core";
import { createApplication } from "../../src/cli/application.ts";
import { normalizeArguments } from "../../src/cli/arguments.ts";
import { type Context, stylesFor } from "../../src/cli/context.ts";
import { createSimulatedWorld, type SimulatedWorld } from "../../src/world/simulated/index.ts";

export interface Ran {
  readonly out: string;
  readonly error: string;
  /** Of the command, when one was run. */
  readonly code: number | undefined;
  /** Whether the command line was refused before. */
  readonly refused: boolean;
}

const style = stylesFor({ stdout: { write: () => {} }, stderr: { write: () => {} } }, {});

export interface Machine {
  readonly world: SimulatedWorld;
  /** Has come before the command where it is aborted. */
  readonly signal?: AbortSignal;
  /** What comes on standard input; it is a terminal when absent. */
  readonly input?: string;
  /** Of the terminal. */
  readonly columns?: number;
}

/** On a machine with a workspace of one package. */
export function workspaceMachine(): Machine {
  const world = createSimulatedWorld();
  world.disk.plant("/w", {
    "tenon.toml": '[workspace]\nprefix = "prefix"\nrecipes = "packages"\n',
    "packages/zlib.toml":
      'name = "zlib"\nversion = "1"\n[build]\nsystem = "script"\nscript = ":"\n',
  });
  return { world };
}

export async function tenon(
  line: string,
  environment: Record<string, string> = {},
  {
    world,
    signal = new AbortController().signal,
    input,
    columns = 80,
  }: Machine = workspaceMachine(),
): Promise<Ran> {
  const written = { out: "", error: "" };
  let code: number | undefined;
  const program: { exitCode?: number | string | null } & Record<"stdout" | "stderr", object> = {
    stdout: { write: (text: string) => (written.out += text) },
    stderr: { write: (text: string) => (written.error += text) },
  };
  await run(
    createApplication("1.2.3", { columns, style: style.err }),
    normalizeArguments(line.split(" ").map((word) => (word === "''" ? "" : word))),
    {
      process: program as never,
      world,
      environment: { HOME: "/home/u", ...environment },
      currentDirectory: "/w",
      arguments: [],
      leaveInterruptions: () => {},
      style,
      input: inputOf(input),
      output: { isTTY: false, write: () => {}, writeRaw: () => {} },
      signal,
      exit: (given: number) => void (code = given),
    },
  );
  return { ...written, code, refused: code === undefined && program.exitCode !== 0 };
}

function inputOf(text: string | undefined): Context["input"] {
  const chunks = async function* (): AsyncGenerator<Uint8Array> {
    yield Buffer.from(text ?? "");
  };
  return Object.assign(chunks(), { isTTY: text === undefined });
}
