/** `tenon rollback [ID]` */
import { openPrefix, rollBack } from "../library/index.ts";
import { renderConflicts } from "../report/index.ts";
import { showCount } from "../core/index.ts";
import { type Context, guard, makeSink, printJson, printLines, tellLines } from "./context.ts";
import { exitCodes } from "./exit-codes.ts";
import type { ChangeFlags } from "./flags.ts";
import { prefixOptions } from "./prefix-options.ts";

export default function runRollback(this: Context, flags: ChangeFlags, id?: string): Promise<void> {
  return guard(this, async () => {
    const command = { activity: "tenon rollback", emit: makeSink(this, {}) };
    const options = { ...prefixOptions(this, flags, command), noWait: flags.noWait };
    const layout = openPrefix(this.world, options);
    const result = await rollBack(this.world, layout, {
      ...options,
      ...(id === undefined ? {} : { id }),
    });
    if (flags.json) printJson(this, result);
    else if (result.kind === "rolled-back") {
      const ids = result.undone.map((entry) => entry.id).join(", ");
      printLines(this, [`rolled back ${showCount(result.undone.length, "transaction")}: ${ids}`]);
    } else {
      const lines = renderConflicts({ ...result, joined: [] }, this.style.err, {
        owned: ["Another package has taken the path since: remove that one first."],
      });
      tellLines(this, lines);
    }
    return result.kind === "rolled-back" ? exitCodes.done : exitCodes.conflict;
  });
}
