/** `tenon challenge [PACKAGE…]` */
import { challengePackages } from "../library/index.ts";
import { renderChallenged } from "../report/index.ts";
import type { ChallengeFlags } from "./commands/challenge.ts";
import { type Context, guard, makeSink, printJson, printLines } from "./context.ts";
import { exitCodes } from "./exit-codes.ts";
import { sessionOptions } from "./options.ts";

export default function runChallenge(
  this: Context,
  flags: ChallengeFlags,
  ...packages: string[]
): Promise<void> {
  return guard(this, async () => {
    const emit = makeSink(this, {});
    const results = await challengePackages(this.world, {
      ...sessionOptions(this, flags, { activity: "tenon challenge", emit }),
      packages,
    });
    if (flags.json) for (const each of results) printJson(this, each);
    else printLines(this, renderChallenged(results, this.style.out));
    const isGood = results.every(({ result }) => result.kind === "same" || result.kind === "alone");
    return isGood ? exitCodes.done : exitCodes.failed;
  });
}
