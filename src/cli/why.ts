/** `tenon why [PACKAGE…]` */
import { explainWhy } from "../library/index.ts";
import { renderExplanation } from "../report/index.ts";
import type { WhyFlags } from "./commands/why.ts";
import { type Context, guard, makeSink, printJson, printLines } from "./context.ts";
import { exitCodes } from "./exit-codes.ts";
import { sessionOptions } from "./options.ts";

export default function runWhy(
  this: Context,
  flags: WhyFlags,
  ...packages: string[]
): Promise<void> {
  return guard(this, async () => {
    const command = { activity: "tenon why", emit: makeSink(this, {}) };
    const explanations = await explainWhy(this.world, {
      ...sessionOptions(this, flags, command),
      packages,
      isolation: flags.isolation,
    });
    if (flags.json) for (const each of explanations) printJson(this, each);
    else printLines(this, explanations.flatMap(renderExplanation));
    return exitCodes.done;
  });
}
