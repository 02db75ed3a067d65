/** `tenon verify [PACKAGE…] [--repair]` */
import { lookAtPrefix, openPrefix, repair, verify } from "../library/index.ts";
import { renderConflicts, renderRepair, renderVerification } from "../report/index.ts";
import type { VerifyFlags } from "./commands/verify.ts";
import { type Context, guard, makeSink, printJson, printLines } from "./context.ts";
import { exitCodes } from "./exit-codes.ts";
import { prefixOptions } from "./prefix-options.ts";

export default function runVerify(
  this: Context,
  flags: VerifyFlags,
  ...names: string[]
): Promise<void> {
  return guard(this, async () => {
    const command = { activity: "tenon verify", emit: makeSink(this, {}) };
    const options = prefixOptions(this, flags, command);
    const layout = (flags.repair ? openPrefix : lookAtPrefix)(this.world, options);
    const result = await verify(this.world, layout, names, options);
    if (flags.repair && result.findings.length + result.stale.length > 0) {
      const repaired = await repair(this.world, layout, result, options);
      const { lost, conflicts } = repaired;
      if (flags.json) printJson(this, repaired);
      else printLines(this, renderRepair(repaired, this.style.out));
      if (conflicts.length > 0 && !flags.json)
        printLines(this, renderConflicts({ conflicts, joined: [] }, this.style.out));
      if (conflicts.length > 0) return exitCodes.conflict;
      return lost.length === 0 ? exitCodes.done : exitCodes.failed;
    }
    if (flags.json) printJson(this, result);
    else printLines(this, renderVerification(result, this.style.out));
    return result.findings.length === 0 ? exitCodes.done : exitCodes.failed;
  });
}
