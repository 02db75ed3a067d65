/** `tenon doctor` */
import { canBuild, judge, look } from "../library/index.ts";
import { renderHealth } from "../report/index.ts";
import { type Context, guard, makeSink, printJson, printLines } from "./context.ts";
import { exitCodes } from "./exit-codes.ts";
import type { QueryFlags } from "./flags.ts";
import { sessionOptions } from "./options.ts";
import { version } from "./version.ts";

export default function runDoctor(this: Context, flags: QueryFlags): Promise<void> {
  return guard(this, async () => {
    const command = { activity: "tenon doctor", emit: makeSink(this, {}) };
    const versions = { tenon: version, node: process.versions.node };
    const facts = await look(this.world, { ...sessionOptions(this, flags, command), versions });
    const findings = judge(facts);
    if (flags.json) printJson(this, { findings, facts });
    else printLines(this, renderHealth(findings, this.style.out));
    return canBuild(findings) ? exitCodes.done : exitCodes.machine;
  });
}
