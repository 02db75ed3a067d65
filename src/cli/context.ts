/** What every command of the command line has at hand. */
import type { CommandContext } from "@stricli/core";
import { type Event, type EventBody, eventFormat, oneLine, visibleJson } from "../core/index.ts";
import type { World } from "../world/index.ts";
import {
  createProgress,
  foldRow,
  makeStyle,
  renderError,
  sealOf,
  type Style,
} from "../report/index.ts";
import { exitCodeOf } from "./exit-codes.ts";
import type { Output } from "./output.ts";
import type { Counted } from "./waiting-line.ts";
import type { Terminal } from "./terminal.ts";

export interface Context extends CommandContext {
  readonly world: World;
  readonly environment: Readonly<Record<string, string>>;
  readonly currentDirectory: string;
  /** Of the command line, as they were typed. */
  readonly arguments: readonly string[];
  /** stdout without the rewriting that all text gets. */
  readonly output: Output;
  /** stdin. */
  readonly input: AsyncIterable<Uint8Array> & { readonly isTTY?: boolean };
  /** For stdout and stderr, each on its own. */
  readonly style: { readonly out: Style; readonly err: Style };
  /** Absent where nobody looks on. */
  readonly terminal?: Terminal;
  /** Shows a person who waits how far a work is; absent where nobody looks on. */
  readonly count?: (work: Counted) => void;
  /** A folder of the user's cache, by its name, in which nobody else can write; absent where there is none. */
  readonly privateFolder?: (name: string) => string | undefined;
  /** Aborted by Ctrl-C. */
  readonly signal: AbortSignal;
  /** Ctrl-C is not for this program any more, but for the one that it has started. */
  readonly leaveInterruptions: () => void;
  /** Sets the exit code of the program. */
  readonly exit: (code: number) => void;
}

interface Streams {
  readonly stdout: { write(text: string): unknown; readonly isTTY?: boolean };
  readonly stderr: { write(text: string): unknown; readonly isTTY?: boolean };
}

export function printLines(context: Context, lines: readonly string[]): void {
  for (const line of lines) context.process.stdout.write(`${oneLine(line)}\n`);
}

/** A table, for the width of the terminal. */
export function printTable(context: Context, rows: readonly string[]): void {
  const { columns } = context.output;
  printLines(context, columns ? rows.flatMap((row) => foldRow(row, columns)) : rows);
}

/** The same as `printLines`, on stderr. */
export function tellLines(context: Context, lines: readonly string[]): void {
  for (const line of lines) context.process.stderr.write(`${oneLine(line)}\n`);
}

/** For machines: `format` is raised where a program would misread what a later version prints. */
export function printJson(context: Context, value: object): void {
  writeJson(context, { format: eventFormat, ...value });
}

function writeJson(context: Context, value: object): void {
  context.process.stdout.write(`${visibleJson(JSON.stringify(value))}\n`);
}

/** What was done, for a person who wants to read it. */
export function printUnlessQuiet(
  context: Context,
  { quiet }: { readonly quiet: boolean },
  lines: readonly string[],
): void {
  if (!quiet) printLines(context, lines);
}

/** What is said with `--quiet`, too: a person may have to do something about it. */
const importantKinds: ReadonlySet<EventBody["kind"]> = new Set([
  "check-failed",
  "isolation",
  "library",
  "note",
  "recovered",
]);

/** Progress goes to stderr as lines, or with `--json` to stdout as one event a line. */
export function makeSink(
  context: Context,
  options: { readonly json?: boolean; readonly verbose?: boolean; readonly quiet?: boolean },
): (event: EventBody) => void {
  if (options.json) {
    return (body) =>
      writeJson(context, { atMs: context.world.clock.now(), ...body } satisfies Event);
  }
  const render = createProgress({
    style: context.style.err,
    verbose: options.verbose ?? false,
    currentDirectory: context.currentDirectory,
  });
  return (event) => {
    if (event.kind === "counted") context.count?.(event);
    const lines = render(event);
    if (!options.quiet || importantKinds.has(event.kind)) tellLines(context, lines);
  };
}

/** Runs a command's work: what it throws becomes text on stderr and an exit code. */
export async function guard(context: Context, work: () => Promise<number> | number): Promise<void> {
  try {
    context.exit(await work());
  } catch (error) {
    tellLines(context, renderError(error, context.style.err));
    context.exit(exitCodeOf(error));
  }
}

/** Colour where a person looks on, and has not asked for none. `random` gives what makes it tenon's own. */
export function stylesFor(
  streams: Streams,
  environment: Readonly<Record<string, string | undefined>>,
  random = (): string => "",
): Context["style"] {
  const wanted = (stream: { readonly isTTY?: boolean }): boolean => {
    if (environment["NO_COLOR"]) return false;
    if (environment["FORCE_COLOR"]) return environment["FORCE_COLOR"] !== "0";
    return stream.isTTY === true && environment["TERM"] !== "dumb";
  };
  const style = (stream: { readonly isTTY?: boolean }): Style =>
    wanted(stream) ? makeStyle(true, sealOf(random())) : makeStyle(false);
  return { out: style(streams.stdout), err: style(streams.stderr) };
}
