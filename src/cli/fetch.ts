/** `tenon fetch [PACKAGE…]` */
import { fetchSources } from "../library/index.ts";
import { showCount } from "../core/index.ts";
import type { FetchFlags } from "./commands/fetch.ts";
import { type Context, guard, makeSink, printJson, printUnlessQuiet } from "./context.ts";
import { exitCodes } from "./exit-codes.ts";
import { sessionOptions } from "./options.ts";

export default function runFetch(
  this: Context,
  flags: FetchFlags,
  ...packages: string[]
): Promise<void> {
  return guard(this, async () => {
    const emit = makeSink(this, flags);
    const result = await fetchSources(this.world, {
      ...sessionOptions(this, flags, { activity: "tenon fetch", emit }),
      packages,
    });
    const { fetched } = result;
    if (flags.json) printJson(this, result);
    else {
      const all = showCount(result.packages, "package");
      printUnlessQuiet(this, flags, [
        fetched.length === 0
          ? `nothing to fetch: the sources of ${all} are here`
          : `fetched ${showCount(fetched.length, "source")}; the sources of ${all} are here`,
      ]);
    }
    return exitCodes.done;
  });
}
