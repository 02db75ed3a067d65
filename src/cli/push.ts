/** `tenon push [PACKAGE…]` */
import { pushPackages } from "../library/index.ts";
import { renderPushed } from "../report/index.ts";
import type { PushFlags } from "./commands/push.ts";
import {
  type Context,
  guard,
  makeSink,
  printJson,
  printUnlessQuiet,
  tellLines,
} from "./context.ts";
import { exitCodes } from "./exit-codes.ts";
import { signingKeys } from "./key-folder.ts";
import { sessionOptions } from "./options.ts";
import { version } from "./version.ts";

export default function runPush(
  this: Context,
  flags: PushFlags,
  ...packages: string[]
): Promise<void> {
  return guard(this, async () => {
    const emit = makeSink(this, { quiet: flags.quiet });
    const result = await pushPackages(this.world, {
      ...sessionOptions(this, flags, { activity: "tenon push", emit }),
      packages,
      keys: signingKeys(this, flags.key),
      vouch: flags.vouch,
      version,
      onPushed: ({ package: name, version: pushed }) => {
        if (!flags.json && !flags.quiet) tellLines(this, [`pushed ${name} ${pushed}`]);
      },
    });
    if (flags.json) printJson(this, result);
    else printUnlessQuiet(this, flags, renderPushed(result, this.style.out));
    return exitCodes.done;
  });
}
