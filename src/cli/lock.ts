/** `tenon lock` */
import { lockSources, showPin } from "../library/index.ts";
import { showCount, showNames } from "../core/index.ts";
import type { LockFlags } from "./commands/lock.ts";
import { type Context, guard, makeSink, printJson, printUnlessQuiet } from "./context.ts";
import { exitCodes } from "./exit-codes.ts";
import { sessionOptions } from "./options.ts";

export default function runLock(this: Context, flags: LockFlags): Promise<void> {
  return guard(this, async () => {
    const emit = makeSink(this, flags);
    const options = sessionOptions(this, flags, { activity: "tenon lock", emit });
    const result = await lockSources(this.world, options);
    if (flags.json) {
      printJson(this, result);
      return exitCodes.done;
    }
    const { pinned, dropped, changed, file } = result;
    const lines = pinned.map((pin) => `pinned ${pin.package}: ${showPin(pin)}`);
    if (dropped.length > 0) lines.push(`dropped ${showNames(dropped)}`);
    lines.push(
      changed ? `wrote ${file} (${showCount(pinned.length, "new pin")})` : "nothing to pin",
    );
    printUnlessQuiet(this, flags, lines);
    return exitCodes.done;
  });
}
