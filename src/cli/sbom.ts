/** `tenon sbom [PACKAGE…]` */
import { billPackages, lookAtPrefix } from "../library/index.ts";
import type { SbomFlags } from "./commands/sbom.ts";
import { type Context, guard, makeSink } from "./context.ts";
import { exitCodes } from "./exit-codes.ts";
import { sessionOptions } from "./options.ts";
import { version } from "./version.ts";
import { writeOutput } from "./write-output.ts";

export default function runSbom(
  this: Context,
  flags: SbomFlags,
  ...packages: string[]
): Promise<void> {
  return guard(this, async () => {
    const { world } = this;
    const command = { activity: "tenon sbom", emit: makeSink(this, {}) };
    const layout = await lookAtPrefix(world, sessionOptions(this, flags, command));
    const { format: form, name, noFiles, output } = flags;
    const text = billPackages(world, layout, {
      packages,
      form,
      name,
      files: !noFiles,
      tool: version,
    });
    if (output === undefined) this.output.writeRaw(text);
    else writeOutput(this, output, text);
    return exitCodes.done;
  });
}
