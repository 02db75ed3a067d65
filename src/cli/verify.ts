/** `tenon verify [PACKAGE…]` */
import { openPrefix, verify } from "../engine/index.ts";
import { renderVerification } from "../report/index.ts";
import { type Context, guard, makeSink, printJson, printLines } from "./context.ts";
import { exitCodes } from "./exit-codes.ts";
import { sessionOptions, type WorkspaceFlags } from "./options.ts";

export default function runVerify(
  this: Context,
  flags: WorkspaceFlags & { readonly json: boolean },
  ...names: string[]
): Promise<void> {
  return guard(this, () => {
    const command = { activity: "tenon verify", emit: makeSink(this, {}) };
    const layout = openPrefix(this.world, sessionOptions(this, flags, command));
    const result = verify(this.world, layout, names);
    if (flags.json) printJson(this, result);
    else printLines(this, renderVerification(result, this.style.out));
    return result.findings.length === 0 ? exitCodes.done : exitCodes.failed;
  });
}
