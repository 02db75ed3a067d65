/** `tenon remove PACKAGE…` */
import { removePackages } from "../library/index.ts";
import { showCount } from "../core/index.ts";
import type { RemoveFlags } from "./commands/remove.ts";
import type { Context } from "./context.ts";
import { runOperation } from "./operation.ts";

export default function runRemove(
  this: Context,
  flags: RemoveFlags,
  ...names: string[]
): Promise<void> {
  return runOperation(this, flags, {
    activity: "tenon remove",
    operate: (prefix) => removePackages(prefix, { names, force: flags.force }),
    show: ({ removed }, isPlanned) => {
      if (removed.length === 0)
        return ["nothing to remove: another process has removed it meanwhile"];
      const verb = isPlanned ? "would remove" : "removed";
      return [`${verb} ${showCount(removed.length, "package")}: ${removed.join(", ")}`];
    },
  });
}
