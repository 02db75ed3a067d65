/** `tenon history` */
import { listHistory, lookAtPrefix } from "../library/index.ts";
import { renderHistory } from "../report/index.ts";
import { type Context, guard, makeSink, printJson, printTable } from "./context.ts";
import { exitCodes } from "./exit-codes.ts";
import type { QueryFlags } from "./flags.ts";
import { sessionOptions } from "./options.ts";

export default function runHistory(this: Context, flags: QueryFlags): Promise<void> {
  return guard(this, async () => {
    const command = { activity: "tenon history", emit: makeSink(this, {}) };
    const layout = await lookAtPrefix(this.world, sessionOptions(this, flags, command));
    const entries = listHistory(this.world, layout);
    if (flags.json) for (const each of entries) printJson(this, each);
    else printTable(this, renderHistory(entries));
    return exitCodes.done;
  });
}
