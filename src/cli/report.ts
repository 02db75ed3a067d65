/** `tenon report` */
import { readRun } from "../library/index.ts";
import { makeRun } from "../events/index.ts";
import { renderPage, renderTrace, showPath } from "../report/index.ts";
import type { ReportFlags } from "./commands/report.ts";
import { type Context, guard, printJson, printLines } from "./context.ts";
import { exitCodes } from "./exit-codes.ts";
import { absolute, companionOption, trustOptions } from "./options.ts";
import { pageParts } from "./page-parts.ts";
import { writeOutput } from "./write-output.ts";

/** `--trace` and `--json` alone write no page. */
export default function report(this: Context, flags: ReportFlags): Promise<void> {
  return guard(this, () => {
    const { currentDirectory } = this;
    const recorded = readRun(this.world, {
      directory: absolute(currentDirectory, flags.directory ?? "."),
      ...companionOption(this, flags),
      ...(flags.run === undefined ? {} : { run: flags.run }),
      ...trustOptions(this, flags),
    });
    const run = makeRun(recorded);
    if (flags.json) printJson(this, run);
    if (flags.trace !== undefined) writeOutput(this, flags.trace, renderTrace(run));
    const isPageWanted = flags.trace === undefined && !flags.json;
    if (flags.output !== undefined || isPageWanted) {
      const file = flags.output ?? `${recorded.folder}/report.html`;
      writeOutput(this, file, renderPage(run, pageParts));
      if (!flags.json) {
        const place = showPath(absolute(currentDirectory, file), currentDirectory);
        printLines(this, [`wrote the report of run ${run.id} to ${place}`]);
      }
    }
    return exitCodes.done;
  });
}
