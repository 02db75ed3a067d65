/** `tenon verify [PACKAGE…] [--repair]` */
import {
  cacheKeysOf,
  type Ended,
  lookAtPrefix,
  type OpenPrefix,
  type Repair,
  repair,
  type Verification,
  verify,
} from "../library/index.ts";
import { renderRepair, renderVerification } from "../report/index.ts";
import type { VerifyFlags } from "./commands/verify.ts";
import {
  type Context,
  guard,
  makeSink,
  printJson,
  printLines,
  printUnlessQuiet,
} from "./context.ts";
import { exitCodes } from "./exit-codes.ts";
import { runOperation } from "./operation.ts";
import { sessionOptions } from "./options.ts";

export default function runVerify(
  this: Context,
  flags: VerifyFlags,
  ...names: string[]
): Promise<void> {
  return (flags.repair ? runRepair : runLook)(this, flags, names);
}

function runLook(context: Context, flags: VerifyFlags, names: readonly string[]): Promise<void> {
  return guard(context, async () => {
    const command = { activity: "tenon verify", emit: makeSink(context, { quiet: flags.quiet }) };
    const options = sessionOptions(context, flags, command);
    const layout = await lookAtPrefix(context.world, options);
    const keys = cacheKeysOf(context.world, options);
    const result = await verify(context.world, layout, names, { ...options, keys });
    const isSigned = (result.provenance?.faults.length ?? 0) === 0;
    const isSame = result.findings.length === 0 && isSigned;
    if (flags.json) printJson(context, result);
    else if (!isSame) printLines(context, renderVerification(result, context.style.out));
    else printUnlessQuiet(context, flags, renderVerification(result, context.style.out));
    return isSame ? exitCodes.done : exitCodes.failed;
  });
}

function runRepair(context: Context, flags: VerifyFlags, names: readonly string[]): Promise<void> {
  const style = context.style.out;
  return runOperation(context, flags, {
    activity: "tenon verify",
    operate: (prefix) => verifyAndRepair(prefix, names),
    show: (result, isPlanned) =>
      "lost" in result
        ? renderRepair(result, { style, isPlanned })
        : renderVerification(result, style),
    exitCode: (result) =>
      "lost" in result && result.lost.length > 0 ? exitCodes.failed : exitCodes.done,
  });
}

async function verifyAndRepair(
  prefix: OpenPrefix,
  names: readonly string[],
): Promise<Ended<Repair | Verification>> {
  const found = await verify(prefix.world, prefix.layout, names, prefix);
  const isAsRecorded = found.findings.length + found.stale.length === 0;
  return isAsRecorded ? { kind: "done", value: found } : repair(prefix, found);
}
