/** `tenon run [COMMAND…]`, and the environment that `tenon env` prints. */
import {
  applySettings,
  lookAtPrefix,
  runEnvironment,
  type RunEnvironment,
  TenonError,
} from "../library/index.ts";
import { showNames } from "../core/index.ts";
import { exists } from "../world/index.ts";
import type { RunFlags } from "./commands/run.ts";
import { type Context, guard, makeSink, tellLines } from "./context.ts";
import { exitCodeOfProgram } from "./exit-codes.ts";
import { sessionOptions } from "./options.ts";

export default function runRun(
  this: Context,
  flags: RunFlags,
  ...command: string[]
): Promise<void> {
  return guard(this, async () => {
    const { prefix, settings } = await openRunEnvironment(this, flags, "tenon run");
    const environment = applySettings(settings, this.environment);
    const [program = environment["SHELL"] ?? "sh", ...args] = command;
    if (command.length === 0) tellLines(this, [`a shell for ${prefix}; \`exit\` leaves it`]);
    this.leaveInterruptions();
    const outcome = await this.world.processes.attach({
      program,
      args,
      environment,
      signal: this.signal,
    });
    if (outcome.kind === "missing") tellLines(this, notStarted(program, prefix, outcome.reason));
    return exitCodeOfProgram(outcome);
  });
}

/** Throws where there is no prefix yet; says where packages disagree. */
export async function openRunEnvironment(
  context: Context,
  flags: RunFlags,
  activity: string,
): Promise<RunEnvironment> {
  const emit = makeSink(context, {});
  const options = sessionOptions(context, flags, { activity, emit });
  const layout = await lookAtPrefix(context.world, options);
  const { prefix } = layout;
  if (!exists(context.world.disk, prefix)) {
    throw new TenonError({
      kind: "usage",
      code: "NO_PREFIX",
      message: `there is no prefix at ${prefix} yet`,
      hints: ["`tenon build` makes the prefix."],
    });
  }
  const found = runEnvironment(context.world, layout);
  for (const { variable, packages } of found.contested) {
    const last = packages.at(-1);
    const text = `${showNames(packages)} set ${variable}, each to another value: that of ${last} is taken`;
    emit({ kind: "note", text });
  }
  return found;
}

function notStarted(program: string, prefix: string, reason: string): string[] {
  const isUnknown = reason.includes("ENOENT");
  return isUnknown
    ? [`error: there is no program ${program}, in ${prefix}/bin or elsewhere on PATH`]
    : [`error: ${program} cannot be started: ${reason}`];
}
