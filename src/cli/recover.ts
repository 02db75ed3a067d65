/** `tenon recover [--take-back]` */
import { describeRecovery, locatePrefix, recoverPrefix } from "../library/index.ts";
import type { RecoverFlags } from "./commands/recover.ts";
import { type Context, guard, makeSink, printJson, printLines } from "./context.ts";
import { exitCodes } from "./exit-codes.ts";
import { sessionOptions } from "./options.ts";

export default function runRecover(this: Context, flags: RecoverFlags): Promise<void> {
  return guard(this, async () => {
    const command = { activity: "tenon recover", emit: makeSink(this, {}) };
    const { noWait, takeBack } = flags;
    const options = { ...sessionOptions(this, flags, command), noWait, takeBack };
    const recovery = await recoverPrefix(this.world, locatePrefix(this.world, options), options);
    if (flags.json) printJson(this, recovery ?? { kind: "nothing-to-recover" });
    else
      printLines(this, [
        recovery === undefined ? "nothing to recover" : describeRecovery(recovery),
      ]);
    return exitCodes.done;
  });
}
