/** `tenon prove [PACKAGE…]` */
import { type Proven, provePackages } from "../library/index.ts";
import { renderProven } from "../report/index.ts";
import type { ProveFlags } from "./commands/prove.ts";
import { type Context, guard, makeSink, printJson, printLines, tellLines } from "./context.ts";
import { exitCodes } from "./exit-codes.ts";
import { sessionOptions } from "./options.ts";

export default function runProve(
  this: Context,
  flags: ProveFlags,
  ...packages: string[]
): Promise<void> {
  return guard(this, async () => {
    const emit = makeSink(this, {});
    const { results, isInterrupted } = await provePackages(this.world, {
      ...sessionOptions(this, flags, { activity: "tenon prove", emit }),
      packages,
      isolation: flags.isolation,
      jobs: flags.jobs ?? this.world.machine.processors,
      again: flags.again,
      onStart: (name) => tellLines(this, [`proving ${name}`]),
      onProven: (proven) => {
        if (flags.json) printJson(this, proven);
        else printLines(this, renderProven(proven, this.style.out));
      },
    });
    if (isInterrupted) return exitCodes.interrupted;
    return results.every(isKnownRight) ? exitCodes.done : exitCodes.failed;
  });
}

/** What is known to be pinned is built for each prefix: that is right, too. */
export function isKnownRight({ result }: Proven): boolean {
  switch (result.kind) {
    case "proved":
    case "at-prefix":
      return true;
    case "pinned":
      return !result.isNew;
    case "unsteady":
    case "unproved":
      return false;
  }
}
