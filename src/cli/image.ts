/** `tenon image [PACKAGE…]` */
import { showCount, showSize } from "../core/index.ts";
import { lookAtPrefix, type MadeImage, makeImage, networkOptionsOf } from "../library/index.ts";
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
    const { world, currentDirectory, environment, signal } = this;
    const { at, base, name = "stack", output, push } = flags;
    const command = { activity: "tenon image", emit: makeSink(this, flags) };
    const layout = await lookAtPrefix(world, sessionOptions(this, flags, command));
    const network = networkOptionsOf(environment, signal);
    const made = await makeImage(world, layout, {
      packages,
      output: absolute(currentDirectory, output ?? "image"),
      at,
      name,
      base: base === undefined ? undefined : absolute(currentDirectory, base),
      tool: version,
      push: push === undefined ? undefined : { target: push, only: output === undefined, network },
    });
    if (flags.json) printJson(this, made);
    else printUnlessQuiet(this, flags, linesOf(made, currentDirectory));
    return exitCodes.done;
  });
}

function linesOf({ packages, layers, output, pushed, digest }: MadeImage, base: string): string[] {
  const size = layers.reduce((total, { sizeBytes }) => total + sizeBytes, 0);
  const what = `an image of ${showCount(packages, "package")}`;
  const made = `made ${what} in ${showPath(output ?? "", base)} (${showCount(layers.length, "layer")}, ${showSize(size)})`;
  const { place = "", sent = 0, known = 0, sentBytes = 0 } = pushed ?? {};
  const of = showCount(sent + known, "layer");
  const sentTo = `pushed ${what} to ${place} (${sent} of ${of} sent, ${showSize(sentBytes)})`;
  return [
    ...(output === undefined ? [] : [made]),
    ...(pushed === undefined ? [] : [sentTo]),
    `sha256:${digest}`,
  ];
}
