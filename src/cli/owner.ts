/** `tenon owner PATH` */
import { findOwner, lookAtPrefix, pathInPrefix, TenonError } from "../library/index.ts";
import { renderOwnership } from "../report/index.ts";
import { type Context, guard, makeSink, printJson, printLines } from "./context.ts";
import { exitCodes } from "./exit-codes.ts";
import type { QueryFlags } from "./flags.ts";
import { sessionOptions } from "./options.ts";

export default function runOwner(this: Context, flags: QueryFlags, typed: string): Promise<void> {
  return guard(this, async () => {
    const command = { activity: "tenon owner", emit: makeSink(this, {}) };
    const layout = await lookAtPrefix(this.world, sessionOptions(this, flags, command));
    const path = pathInPrefix(this.world, layout, this.currentDirectory, typed);
    if (path === undefined) {
      throw new TenonError({
        kind: "usage",
        code: "NOT_IN_PREFIX",
        message: `${typed} is not in the prefix ${layout.prefix}`,
      });
    }
    const ownership = findOwner(this.world, layout, path);
    if (flags.json) printJson(this, ownership);
    else printLines(this, [renderOwnership(ownership)]);
    return ownership.kind === "owned" ? exitCodes.done : exitCodes.failed;
  });
}
