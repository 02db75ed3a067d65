/** `tenon gc` */
import { collectGarbage, releaseFailed } from "../library/index.ts";
import { showCount, showNames, showSize } from "../core/index.ts";
import type { GcFlags } from "./commands/gc.ts";
import type { Context } from "./context.ts";
import { runOperation } from "./operation.ts";

export default function runGc(this: Context, flags: GcFlags): Promise<void> {
  return runOperation(this, flags, {
    activity: "tenon gc",
    operate: async (prefix) => {
      const failed = releaseFailed(prefix.world, prefix);
      const ended = await collectGarbage(prefix, flags);
      return ended.kind === "conflict" ? ended : { ...ended, value: { ...ended.value, failed } };
    },
    show: ({ transactions, sizeBytes, failed }) => [
      ...(failed.length === 0
        ? []
        : [
            `removed what ${showCount(failed.length, "failed build")} had left: ${showNames(failed)}`,
          ]),
      `removed what ${showCount(transactions.length, "transaction")} displaced (${showSize(sizeBytes)})`,
    ],
  });
}
