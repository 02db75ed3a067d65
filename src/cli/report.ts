/** `tenon report` */
import { readRun } from "../library/index.ts";
import { makeRun } from "../events/index.ts";
import { renderPage, renderTrace, showPath } from "../report/index.ts";
import { writeAtomically } from "../world/index.ts";
import type { ReportFlags } from "./commands/report.ts";
import { type Context, guard, printJson, printLines } from "./context.ts";
import { exitCodes } from "./exit-codes.ts";
import { absolute, companionOption, trustOptions } from "./options.ts";
import { pageParts } from "./page-parts.ts";

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
    if (flags.trace !== undefined) write(this, flags.trace, renderTrace(run));
    const isPageWanted = flags.trace === undefined && !flags.json;
    if (flags.output !== undefined || isPageWanted) {
      const file = flags.output ?? `${recorded.folder}/report.html`;
      write(this, file, renderPage(run, pageParts));
      if (!flags.json) {
        const place = showPath(absolute(currentDirectory, file), currentDirectory);
        printLines(this, [`wrote the report of run ${run.id} to ${place}`]);
      }
    }
    return exitCodes.done;
  });
}

function write({ world, currentDirectory }: Context, file: string, text: string): void {
  const path = absolute(currentDirectory, file);
  const temporary = `${path}.${world.clock.uniqueId()}`;
  writeAtomically(world.disk, path, text, { temporary, durable: false });
}
