/** `tenon explain [LOG|-]` */
import { explainForeignLog, TenonError } from "../library/index.ts";
import { renderAnnotation, renderLogExplanation } from "../report/index.ts";
import type { ExplainFlags } from "./commands/explain.ts";
import { type Context, guard, printJson, printLines } from "./context.ts";
import { exitCodes } from "./exit-codes.ts";
import { absolute, trustOptions } from "./options.ts";

export default function runExplain(this: Context, flags: ExplainFlags, log = "-"): Promise<void> {
  return guard(this, async () => {
    const { currentDirectory, world } = this;
    const place = {
      directory: absolute(currentDirectory, flags.directory ?? "."),
      ...trustOptions(this, flags),
    };
    const explained = await explainForeignLog(world, place, chunksOf(this, log));
    const format = flags.json ? "json" : flags.format;
    const shown = log === "-" ? "stdin" : log;
    if (format === "json") printJson(this, { log, ...explained });
    else if (format === "github") printLines(this, renderAnnotation(explained, currentDirectory));
    else printLines(this, renderLogExplanation(explained, { log: shown, style: this.style.out }));
    return explained.line === undefined ? exitCodes.failed : exitCodes.done;
  });
}

function chunksOf(
  { currentDirectory, input, world }: Context,
  log: string,
): AsyncIterable<Uint8Array> | Iterable<Uint8Array> {
  if (log !== "-") return world.disk.readChunks(absolute(currentDirectory, log));
  if (!input.isTTY) return input;
  throw new TenonError({
    kind: "usage",
    code: "NO_LOG",
    message: "there is no log: standard input is a terminal",
    hints: ["Name a log, or give one to it: make 2>&1 | tenon explain"],
  });
}
