/** `tenon gc` */
import { collectGarbage, openPrefix, releaseFailed } from "../library/index.ts";
import { showCount, showNames, showSize } from "../core/index.ts";
import type { GcFlags } from "./commands/gc.ts";
import { type Context, guard, makeSink, printJson, printLines } from "./context.ts";
import { exitCodes } from "./exit-codes.ts";
import { sessionOptions } from "./options.ts";

export default function runGc(this: Context, flags: GcFlags): Promise<void> {
  return guard(this, async () => {
    const command = { activity: "tenon gc", emit: makeSink(this, {}) };
    const options = { ...sessionOptions(this, flags, command), noWait: flags.noWait };
    const failed = await releaseFailed(this.world, options);
    if (!flags.json && failed.length > 0) {
      const builds = showCount(failed.length, "failed build");
      printLines(this, [`removed what ${builds} had left: ${showNames(failed)}`]);
    }
    const layout = openPrefix(this.world, options);
    const result = await collectGarbage(this.world, layout, { ...options, keep: flags.keep });
    if (flags.json) printJson(this, { ...result, failed });
    else {
      const count = showCount(result.transactions.length, "transaction");
      printLines(this, [`removed what ${count} displaced (${showSize(result.sizeBytes)})`]);
    }
    return exitCodes.done;
  });
}
