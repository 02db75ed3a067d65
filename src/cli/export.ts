/** `tenon export [PACKAGE…]` */
import { basename, dirname } from "node:path";
import { type EventSink, showNames, TenonError } from "../core/index.ts";
import { exportPylock, exportRequirements } from "../library/index.ts";
import type { ExportFlags } from "./commands/export.ts";
import { type Context, guard, makeSink, printJson, printLines } from "./context.ts";
import { exitCodes } from "./exit-codes.ts";
import { absolute, sessionOptions } from "./options.ts";
import { writeOutput } from "./write-output.ts";

export default function runExport(
  this: Context,
  flags: ExportFlags,
  ...packages: string[]
): Promise<void> {
  return guard(this, async () => {
    const { text, value } = isPylock(flags)
      ? await asPylock(this, flags, packages)
      : asRequirements(this, flags, packages);
    if (flags.output !== undefined) writeOutput(this, flags.output, text);
    if (flags.json) printJson(this, value);
    else if (flags.output === undefined) printLines(this, text.trimEnd().split("\n"));
    return exitCodes.done;
  });
}

interface Written {
  readonly text: string;
  /** For `--json`. */
  readonly value: Readonly<Record<string, unknown>>;
}

function isPylock({ format, output, noHashes }: ExportFlags): boolean {
  const name = output === undefined ? "" : basename(output);
  const chosen =
    format === undefined ? /^pylock\.([^.]+\.)?toml$/.test(name) : format === "pylock.toml";
  if (!chosen || !noHashes) return chosen;
  throw new TenonError({
    kind: "usage",
    code: "WRONG_USAGE",
    message: "a pylock.toml has the digest of every file, so --no-hashes cannot be",
    hints: ["Leave it out, or write a requirements.txt."],
  });
}

function asRequirements(context: Context, flags: ExportFlags, packages: string[]): Written {
  const emit = makeSink(context, {});
  const { lines, leftOut, unhashed } = exportRequirements(context.world, {
    ...sessionOptions(context, flags, { activity: "tenon export", emit }),
    packages,
    hashes: !flags.noHashes,
  });
  const notes = [
    { what: "left out, for no package index has them", names: leftOut },
    { what: "written without digests, for these have none", names: unhashed },
  ];
  if (!flags.json) tell(emit, notes);
  return {
    text: lines.map((line) => `${line}\n`).join(""),
    value: { requirements: lines, leftOut, unhashed },
  };
}

async function asPylock(
  context: Context,
  flags: ExportFlags,
  packages: string[],
): Promise<Written> {
  const emit = makeSink(context, {});
  const { currentDirectory } = context;
  const { text, pylock, leftOut, patched } = await exportPylock(context.world, {
    ...sessionOptions(context, flags, { activity: "tenon export", emit }),
    packages,
    folder: dirname(absolute(currentDirectory, flags.output ?? "pylock.toml")),
  });
  const notes = [
    { what: "left out, for Python's tools cannot install them", names: leftOut },
    { what: "written without their patches", names: patched },
  ];
  if (!flags.json) tell(emit, notes);
  return { text, value: { pylock, leftOut, patched } };
}

interface Note {
  readonly what: string;
  readonly names: readonly string[];
}

function tell(emit: EventSink, notes: readonly Note[]): void {
  for (const { what, names } of notes) {
    if (names.length > 0) emit({ kind: "note", text: `${what}: ${showNames(names)}` });
  }
}
