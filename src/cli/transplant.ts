/** What `tenon clone`, `tenon move` and `tenon relocate` have in common on the command line. */
import type { Ended, OpenPrefix, Transplanted, TransplantOptions } from "../library/index.ts";
import { renderTransplanted } from "../report/index.ts";
import type { Context } from "./context.ts";
import { exitCodes } from "./exit-codes.ts";
import type { TransplantFlags } from "./flags.ts";
import { runOperation } from "./operation.ts";
import { absolute } from "./options.ts";

interface TransplantCommand {
  readonly activity: string;
  /** As they were typed. */
  readonly from: string;
  readonly to: string;
  readonly act: (prefix: OpenPrefix, options: TransplantOptions) => Promise<Ended<Transplanted>>;
}

export function runTransplant(
  context: Context,
  flags: TransplantFlags,
  { activity, from, to, act }: TransplantCommand,
): Promise<void> {
  const { link = "hardlink", ...others } = flags;
  return runOperation(
    context,
    { ...others, prefix: from },
    {
      activity,
      operate: (prefix) => act(prefix, { to: absolute(context.currentDirectory, to), link }),
      show: (value, isPlanned) =>
        renderTransplanted(value, { style: context.style.out, isPlanned }),
      exitCode,
    },
  );
}

/** Where a person said that what is left does not matter, it does not. */
function exitCode({ kind, left }: Transplanted): number {
  if (kind === "refused") return exitCodes.conflict;
  return kind === "relocated" && left.length > 0 ? exitCodes.failed : exitCodes.done;
}
