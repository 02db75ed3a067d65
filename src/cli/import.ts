/** `tenon import FILE`, and what `tenon add` has in common with it. */
import {
  importProjects,
  type ImportOptions,
  type ImportResult,
  TenonError,
} from "../library/index.ts";
import { showCount, showNames } from "../core/index.ts";
import type { ImportFlags } from "./commands/import.ts";
import { type Context, guard, makeSink, printJson, printUnlessQuiet } from "./context.ts";
import { showPath } from "../report/index.ts";
import { exitCodes } from "./exit-codes.ts";
import { absolute, sessionOptions } from "./options.ts";

export default function runImport(this: Context, flags: ImportFlags, file: string): Promise<void> {
  const what = { file: absolute(this.currentDirectory, file) };
  return importInto(this, flags, { activity: "tenon import", what });
}

export function importInto(
  context: Context,
  flags: ImportFlags,
  { activity, what }: { readonly activity: string; readonly what: ImportOptions["what"] },
): Promise<void> {
  return guard(context, async () => {
    if (flags.fromSource && flags.wheels) throw bothForms();
    const all = flags.fromSource ? "sdist" : flags.wheels ? "wheel" : undefined;
    const result = await importProjects(context.world, {
      ...sessionOptions(context, flags, {
        activity,
        emit: makeSink(context, { quiet: flags.quiet }),
      }),
      what,
      forms: {
        ...(all === undefined ? {} : { all }),
        noBinary: flags.noBinary ?? [],
        onlyBinary: flags.onlyBinary ?? [],
      },
      extras: flags.extra ?? [],
      groups: flags.group ?? [],
      upgrade: flags.upgrade,
    });
    if (flags.json) printJson(context, result);
    else printUnlessQuiet(context, flags, describe(result, context.currentDirectory));
    return exitCodes.done;
  });
}

function describe(
  { madeWorkspace, written, kept, folder }: ImportResult,
  currentDirectory: string,
): string[] {
  const lines =
    madeWorkspace === undefined ? [] : [`made ${showPath(madeWorkspace, currentDirectory)}`];
  if (kept.length > 0) lines.push(`kept ${showNames(kept)}`);
  if (written.length === 0) return [...lines, "nothing to write: the recipes are there"];
  const count = (form: "sdist" | "wheel") => written.filter((one) => one.form === form).length;
  const sorted = [...written].sort((a, b) => (a.name < b.name ? -1 : 1));
  return [
    ...lines,
    ...sorted.map(({ name, version, from }) =>
      from === undefined || from === version
        ? `wrote ${name} ${version}`
        : `${name} ${from} → ${version}`,
    ),
    `wrote ${showCount(written.length, "recipe")} to ${showPath(folder, currentDirectory)}: ${count("sdist")} to build from source, ` +
      `${showCount(count("wheel"), "wheel")}`,
  ];
}

function bothForms(): TenonError {
  return new TenonError({
    kind: "usage",
    code: "WRONG_USAGE",
    message: "--from-source and --wheels exclude each other",
    hints: ["Name what is to be different with --no-binary NAME or --only-binary NAME."],
  });
}
