/** `tenon files PACKAGE` */
import { listFiles, lookAtPrefix } from "../library/index.ts";
import { type Context, guard, makeSink, printJson, printLines } from "./context.ts";
import { exitCodes } from "./exit-codes.ts";
import type { QueryFlags } from "./flags.ts";
import { sessionOptions } from "./options.ts";

export default function runFiles(this: Context, flags: QueryFlags, name: string): Promise<void> {
  return guard(this, async () => {
    const command = { activity: "tenon files", emit: makeSink(this, {}) };
    const layout = await lookAtPrefix(this.world, sessionOptions(this, flags, command));
    const entries = listFiles(this.world, layout, name);
    if (flags.json) for (const entry of entries) printJson(this, entry);
    else {
      const files = entries.filter(({ type }) => type !== "directory");
      printLines(
        this,
        files.map(({ path }) => path),
      );
    }
    return exitCodes.done;
  });
}
