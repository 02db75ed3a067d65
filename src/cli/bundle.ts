/** `tenon bundle [PACKAGE…]` */
import { showCount, showSize } from "../core/index.ts";
import { bundlePackages, lookAtPrefix } from "../library/index.ts";
import { showPath } from "../report/index.ts";
import type { BundleFlags } from "./commands/bundle.ts";
import { type Context, guard, makeSink, printJson, printUnlessQuiet } from "./context.ts";
import { exitCodes } from "./exit-codes.ts";
import { absolute, sessionOptions } from "./options.ts";
import { version } from "./version.ts";

export default function runBundle(
  this: Context,
  flags: BundleFlags,
  ...packages: string[]
): Promise<void> {
  return guard(this, async () => {
    const { world, currentDirectory } = this;
    const command = { activity: "tenon bundle", emit: makeSink(this, flags) };
    const layout = await lookAtPrefix(world, sessionOptions(this, flags, command));
    const file = absolute(currentDirectory, flags.output ?? "stack.sh");
    const bundled = await bundlePackages(world, layout, { packages, file, tool: version });
    if (flags.json) printJson(this, bundled);
    else {
      const count = showCount(bundled.packages.length, "package");
      const place = showPath(file, currentDirectory);
      printUnlessQuiet(this, flags, [
        `bundled ${count} into ${place} (${showSize(bundled.sizeBytes)})`,
      ]);
    }
    return exitCodes.done;
  });
}
