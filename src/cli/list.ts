/** `tenon list` */
import { listPackages, lookAtPrefix } from "../library/index.ts";
import { renderPackages } from "../report/index.ts";
import { type Context, guard, makeSink, printJson, printLines } from "./context.ts";
import { exitCodes } from "./exit-codes.ts";
import type { QueryFlags } from "./flags.ts";
import { sessionOptions } from "./options.ts";

export default function runList(this: Context, flags: QueryFlags): Promise<void> {
  return guard(this, async () => {
    const command = { activity: "tenon list", emit: makeSink(this, {}) };
    const layout = await lookAtPrefix(this.world, sessionOptions(this, flags, command));
    const packages = listPackages(this.world, layout);
    if (flags.json) for (const each of packages) printJson(this, each);
    else printLines(this, renderPackages(packages));
    return exitCodes.done;
  });
}
