/** The one way in which a command changes a prefix: its options, what it prints and where, its exit code. */
import { type Ended, openPrefix, type OpenPrefix, type SessionOptions } from "../library/index.ts";
import { renderConflicts } from "../report/index.ts";
import {
  type Context,
  guard,
  makeSink,
  printJson,
  printLines,
  printUnlessQuiet,
  tellLines,
} from "./context.ts";
import { exitCodes } from "./exit-codes.ts";
import { type SessionFlags, sessionOptions } from "./options.ts";

interface OperationFlags extends SessionFlags {
  readonly json: boolean;
  readonly quiet: boolean;
}

interface CommandOperation<Done> {
  /** As the person calls it: `tenon remove`. */
  readonly activity: string;
  /** Throws where the command line makes no sense. */
  readonly check?: () => void;
  readonly operate: (prefix: OpenPrefix & SessionOptions) => Promise<Ended<Done>>;
  /** What was done, or what would be done. */
  readonly show: (value: Done, isPlanned: boolean) => readonly string[];
  readonly exitCode?: (value: Done) => number;
  /** What a dead process has left is the operation's to end. */
  readonly leavesLeftovers?: boolean | undefined;
}

export function runOperation<Done extends object>(
  context: Context,
  flags: OperationFlags,
  { activity, check, operate, show, exitCode, leavesLeftovers }: CommandOperation<Done>,
): Promise<void> {
  return guard(context, async () => {
    check?.();
    const options = sessionOptions(context, flags, {
      activity,
      emit: makeSink(context, { quiet: flags.quiet }),
    });
    const prefix = await openPrefix(context.world, options, { leavesLeftovers });
    const ended = await operate(prefix);
    if (ended.kind === "conflict") {
      if (flags.json) printJson(context, ended);
      else tellLines(context, renderConflicts(ended, context.style.err));
      return exitCodes.conflict;
    }
    const { value } = ended;
    const code = exitCode?.(value) ?? exitCodes.done;
    const isPlanned = ended.kind === "planned";
    if (flags.json) printJson(context, isPlanned ? { ...value, kind: "planned" } : value);
    else if (isPlanned || code !== exitCodes.done) printLines(context, show(value, isPlanned));
    else printUnlessQuiet(context, flags, show(value, isPlanned));
    return code;
  });
}
