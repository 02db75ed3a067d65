/** `tenon image [PACKAGE…]` */
import { showCount, showSize } from "../core/index.ts";
import { lookAtPrefix, makeImage } from "../library/index.ts";
import { showPath } from "../report/index.ts";
import type { ImageFlags } from "./commands/image.ts";
import { type Context, guard, makeSink, printJson, printUnlessQuiet } from "./context.ts";
import { exitCodes } from "./exit-codes.ts";
import { absolute, sessionOptions } from "./options.ts";
import { version } from "./version.ts";

export default function runImage(
  this: Context,
  flags: ImageFlags,
  ...packages: string[]
): Promise<void> {
  return guard(this, async () => {
    const { world, currentDirectory } = this;
    const { at, base, name = "stack", output = "image" } = flags;
    const command = { activity: "tenon image", emit: makeSink(this, flags) };
    const layout = await lookAtPrefix(world, sessionOptions(this, flags, command));
    const place = absolute(currentDirectory, output);
    const made = await makeImage(world, layout, {
      packages,
      output: place,
      at,
      name,
      base: base === undefined ? undefined : absolute(currentDirectory, base),
      tool: version,
    });
    if (flags.json) printJson(this, made);
    else {
      const size = made.layers.reduce((total, { sizeBytes }) => total + sizeBytes, 0);
      printUnlessQuiet(this, flags, [
        `made an image of ${showCount(made.packages, "package")} in ${showPath(place, currentDirectory)} (${showCount(made.layers.length, "layer")}, ${showSize(size)})`,
        `sha256:${made.digest}`,
      ]);
    }
    return exitCodes.done;
  });
}
