/** `tenon export [PACKAGE…]` */
import { showNames } from "../core/index.ts";
import { exportRequirements } from "../library/index.ts";
import type { ExportFlags } from "./commands/export.ts";
import { type Context, guard, makeSink, printJson, printLines } from "./context.ts";
import { exitCodes } from "./exit-codes.ts";
import { sessionOptions } from "./options.ts";

export default function runExport(
  this: Context,
  flags: ExportFlags,
  ...packages: string[]
): Promise<void> {
  return guard(this, () => {
    const emit = makeSink(this, {});
    const { lines, leftOut, unhashed } = exportRequirements(this.world, {
      ...sessionOptions(this, flags, { activity: "tenon export", emit }),
      packages,
      hashes: !flags.noHashes,
    });
    if (flags.json) printJson(this, { requirements: lines, leftOut, unhashed });
    else {
      if (leftOut.length > 0) {
        const text = `left out, for no package index has them: ${showNames(leftOut)}`;
        emit({ kind: "note", text });
      }
      if (unhashed.length > 0) {
        const text = `written without digests, for these have none: ${showNames(unhashed)}`;
        emit({ kind: "note", text });
      }
      printLines(this, lines);
    }
    return exitCodes.done;
  });
}
