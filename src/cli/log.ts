/** `tenon log PACKAGE` */
import { findLogs, followLog } from "../library/index.ts";
import { colouredLine } from "../core/index.ts";
import { sayPrefix } from "../relocation/index.ts";
import type { LogFlags } from "./commands/log.ts";
import { type Context, guard, makeSink, printLines } from "./context.ts";
import { exitCodes } from "./exit-codes.ts";
import { sessionOptions } from "./options.ts";
import type { Output } from "./output.ts";

export default function runLog(this: Context, flags: LogFlags, name: string): Promise<void> {
  return guard(this, async () => {
    const command = { activity: "tenon log", emit: makeSink(this, {}) };
    const options = {
      ...sessionOptions(this, flags, command),
      package: name,
      ...(flags.run === undefined ? {} : { run: flags.run }),
      ...(flags.step === undefined ? {} : { step: flags.step }),
    };
    if (flags.path) {
      const logs = findLogs(this.world, options);
      printLines(
        this,
        logs.map(({ file }) => file),
      );
      return exitCodes.done;
    }
    const printer = openPrinter(this.output);
    if (flags.follow) for await (const chunk of followLog(this.world, options)) printer.add(chunk);
    else {
      for (const { file } of findLogs(this.world, options))
        for (const chunk of this.world.disk.readChunks(file)) printer.add(chunk);
    }
    printer.end();
    return this.signal.aborted ? exitCodes.interrupted : exitCodes.done;
  });
}

interface Printer {
  add(chunk: Uint8Array): void;
  end(): void;
}

/** A line that does not end is shown piece by piece. */
const longestLine = 64 * 1024;

/** Byte for byte into a file or pipe; for a terminal, only what shows and colours the text. */
function openPrinter(output: Output): Printer {
  if (!output.isTTY) return { add: output.writeRaw, end: () => {} };
  const decoder = new TextDecoder();
  let rest = "";
  return {
    add: (chunk) => {
      const lines = (rest + decoder.decode(chunk, { stream: true })).split("\n");
      rest = lines.pop() ?? "";
      output.writeRaw(lines.map((line) => `${sayPrefix(colouredLine(line))}\n`).join(""));
      if (rest.length < longestLine) return;
      output.writeRaw(colouredLine(rest));
      rest = "";
    },
    end: () => output.writeRaw(colouredLine(rest)),
  };
}
