/** `tenon tree [PACKAGE…]` */
import { readTree } from "../library/index.ts";
import { renderTree } from "../report/index.ts";
import type { TreeFlags } from "./commands/tree.ts";
import { type Context, guard, makeSink, printJson, printLines } from "./context.ts";
import { exitCodes } from "./exit-codes.ts";
import { sessionOptions } from "./options.ts";

export default function runTree(
  this: Context,
  flags: TreeFlags,
  ...packages: string[]
): Promise<void> {
  return guard(this, () => {
    const command = { activity: "tenon tree", emit: makeSink(this, {}) };
    const trees = readTree(this.world, {
      ...sessionOptions(this, flags, command),
      packages,
      invert: flags.invert,
      ...(flags.depth === undefined ? {} : { depth: flags.depth }),
    });
    if (flags.json) for (const each of trees) printJson(this, each);
    else printLines(this, renderTree(trees));
    return exitCodes.done;
  });
}
