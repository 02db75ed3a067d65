/** `tenon rollback [ID]` */
import { rollBack } from "../library/index.ts";
import { showCount } from "../core/index.ts";
import type { Context } from "./context.ts";
import type { ChangeFlags } from "./flags.ts";
import { runOperation } from "./operation.ts";

export default function runRollback(this: Context, flags: ChangeFlags, id?: string): Promise<void> {
  return runOperation(this, flags, {
    activity: "tenon rollback",
    operate: (prefix) => rollBack(prefix, id),
    show: ({ undone }, isPlanned) => {
      const verb = isPlanned ? "would roll back" : "rolled back";
      const ids = undone.map((entry) => entry.id).join(", ");
      return [`${verb} ${showCount(undone.length, "transaction")}: ${ids}`];
    },
  });
}
