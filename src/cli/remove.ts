/** `tenon remove PACKAGE…` */
import { openPrefix, removePackages } from "../library/index.ts";
import { showCount } from "../core/index.ts";
import type { RemoveFlags } from "./commands/remove.ts";
import { type Context, guard, makeSink, printJson, printLines } from "./context.ts";
import { exitCodes } from "./exit-codes.ts";
import { prefixOptions } from "./prefix-options.ts";

export default function runRemove(
  this: Context,
  flags: RemoveFlags,
  ...names: string[]
): Promise<void> {
  return guard(this, async () => {
    const command = { activity: "tenon remove", emit: makeSink(this, {}) };
    const options = prefixOptions(this, flags, command);
    const layout = openPrefix(this.world, options);
    const removed = await removePackages(this.world, layout, {
      ...options,
      names,
      force: flags.force,
    });
    if (flags.json) printJson(this, { removed });
    else
      printLines(this, [`removed ${showCount(removed.length, "package")}: ${removed.join(", ")}`]);
    return exitCodes.done;
  });
}
