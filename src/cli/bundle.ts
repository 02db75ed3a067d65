/** `tenon bundle [PACKAGE…]` */
import { showCount, showSize } from "../core/index.ts";
import { bundlePackages, lookAtPrefix, TenonError } from "../library/index.ts";
import { showPath } from "../report/index.ts";
import type { BundleFlags } from "./commands/bundle.ts";
import { type Context, guard, makeSink, printJson, printUnlessQuiet } from "./context.ts";
import { exitCodes } from "./exit-codes.ts";
import { sessionOptions } from "./options.ts";
import { version } from "./version.ts";
import { outputPath } from "./write-output.ts";

export default function runBundle(
  this: Context,
  flags: BundleFlags,
  ...packages: string[]
): Promise<void> {
  return guard(this, async () => {
    const { world, currentDirectory } = this;
    if (flags.sage !== undefined || flags.release !== undefined) {
      if (packages.length > 0) throw onlyWhole();
      const { runBundleTree } = await import("./bundle-tree.ts");
      return runBundleTree(this, flags);
    }
    if (flags.format !== undefined && flags.format !== "sh") throw onlyTrees(flags.format);
    const command = { activity: "tenon bundle", emit: makeSink(this, flags) };
    const layout = await lookAtPrefix(world, sessionOptions(this, flags, command));
    const file = outputPath(this, flags.output ?? "stack.sh");
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

function onlyWhole(): TenonError {
  return new TenonError({
    kind: "usage",
    code: "WRONG_USAGE",
    message: "a checkout is bundled as a whole: no packages can be named with --sage or --release",
    hints: ["Leave files out with patterns in a file for --release."],
  });
}

function onlyTrees(format: string): TenonError {
  return new TenonError({
    kind: "usage",
    code: "WRONG_USAGE",
    message: `packages are bundled as a file that unpacks itself, and not as ${format}`,
    hints: ["Leave --format out, or bundle a checkout with --sage."],
  });
}
