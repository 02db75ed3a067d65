/** `tenon completion SHELL`, and the names of packages that its scripts ask for. */
import { compareText, nearestOf } from "../core/index.ts";
import { listNames, TenonError } from "../library/index.ts";
import {
  type CompletedShell,
  completedShells,
  type CompletionFlags,
  namesWord,
} from "./commands/completion.ts";
import { renderCompletion } from "./completion-scripts.ts";
import { type Context, guard, printLines } from "./context.ts";
import { describeAll } from "./descriptions.ts";
import { exitCodes } from "./exit-codes.ts";
import { sessionOptions } from "./options.ts";

export default function runCompletion(
  this: Context,
  flags: CompletionFlags,
  shell: string,
): Promise<void> {
  return guard(this, async () => {
    if (shell === namesWord) printLines(this, await namesFor(this, flags));
    else if (isKnown(shell)) printLines(this, renderCompletion(shell, describeAll()));
    else throw unknownShell(shell);
    return exitCodes.done;
  });
}

/** Whatever is wrong: a person who only presses a key is not told. */
async function namesFor(context: Context, flags: CompletionFlags): Promise<string[]> {
  try {
    const command = { activity: "tenon completion", emit: () => {} };
    const names = await listNames(context.world, sessionOptions(context, flags, command));
    return [...new Set(names)].sort(compareText);
  } catch {
    return [];
  }
}

function isKnown(shell: string): shell is CompletedShell {
  return (completedShells as readonly string[]).includes(shell);
}

function unknownShell(shell: string): TenonError {
  return new TenonError({
    kind: "usage",
    code: "UNKNOWN_SHELL",
    message: `there is no completion for ${shell}, only for ${completedShells.join(", ")}`,
    hints: nearestOf(shell, completedShells),
  });
}
