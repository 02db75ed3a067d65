/** `tenon recover [--take-back]` */
import { describeRecovery, recoverPrefix } from "../library/index.ts";
import type { RecoverFlags } from "./commands/recover.ts";
import type { Context } from "./context.ts";
import { runOperation } from "./operation.ts";

export default function runRecover(this: Context, flags: RecoverFlags): Promise<void> {
  return runOperation(this, flags, {
    activity: "tenon recover",
    leavesLeftovers: true,
    operate: (prefix) => recoverPrefix(prefix, flags),
    show: (recovery) => [
      recovery.kind === "nothing-to-recover" ? "nothing to recover" : describeRecovery(recovery),
    ],
  });
}
