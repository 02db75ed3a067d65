/** `tenon shell PACKAGE [COMMAND…]` */
import { openShell, type ShellPlace, type ShellResult } from "../library/index.ts";
import { renderHint } from "../report/index.ts";
import type { ShellFlags } from "./commands/shell.ts";
import { type Context, guard, makeSink, tellLines } from "./context.ts";
import { exitCodeOfProgram, exitCodes } from "./exit-codes.ts";
import { sessionOptions } from "./options.ts";

export default function runShell(
  this: Context,
  flags: ShellFlags,
  name: string,
  ...command: string[]
): Promise<void> {
  return guard(this, async () => {
    const told = makeSink(this, {});
    const result = await openShell(this.world, {
      ...sessionOptions(this, flags, { activity: "tenon shell", emit: told }),
      package: name,
      ...(flags.step === undefined ? {} : { step: flags.step }),
      command,
      isolation: flags.isolation,
      jobs: flags.jobs ?? this.world.machine.processors,
      terminal: this.environment["TERM"] ?? "dumb",
      onReady: (place) => {
        this.leaveInterruptions();
        if (command.length === 0) tellLines(this, greet(place));
      },
    });
    return exitCode(this, name, result);
  });
}

function greet(place: ShellPlace): string[] {
  const { step, version, commandLine, isKept } = place;
  const how = isKept ? `as its failed step ${step} has left it` : `before its step ${step}`;
  const again = isKept ? "to run the step again" : "to run the step";
  return [
    `${place.package} ${version}, ${how}`,
    ...(commandLine === undefined ? [] : [`${again}: ${commandLine}`]),
    "`exit` leaves it.",
  ];
}

function exitCode(context: Context, name: string, result: ShellResult): number {
  switch (result.kind) {
    case "interrupted":
      return exitCodes.interrupted;
    case "failed": {
      tellLines(context, [
        `${name} failed in ${result.step}: ${result.reason}`,
        ...result.logTail.map((line) => `  | ${line}`),
        ...result.hints.map((hint) => renderHint(hint, context.style.err)),
      ]);
      return exitCodes.failed;
    }
    case "ended":
      return exitCodeOfProgram(result.outcome);
  }
}
