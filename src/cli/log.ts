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

/**
 * The prefix is shown as $PREFIX. All else goes byte for byte into a file or pipe; for a terminal, only what shows and
 * colours the text.
 */
function openPrinter(output: Output): Printer {
  return output.isTTY ? shownPrinter(output) : wholePrinter(output);
}

function shownPrinter(output: Output): Printer {
  const decoder = new TextDecoder();
  return linePrinter(
    (chunk) => decoder.decode(chunk, { stream: true }),
    (text) => {
      const shown = text.split("\n").map((line) => sayPrefix(colouredLine(line)));
      output.writeRaw(shown.join("\n"));
    },
  );
}

/** In latin1 every byte is one letter, so that what is not text stays as it is. */
function wholePrinter(output: Output): Printer {
  return linePrinter(
    (chunk) => Buffer.from(chunk).toString("latin1"),
    (text) => output.writeRaw(Buffer.from(sayPrefix(text), "latin1")),
  );
}

function linePrinter(read: (chunk: Uint8Array) => string, write: (text: string) => void): Printer {
  let rest = "";
  return {
    add: (chunk) => {
      const written = rest + read(chunk);
      const end = written.lastIndexOf("\n") + 1;
      if (end > 0) write(written.slice(0, end));
      rest = written.slice(end);
      if (rest.length < longestLine) return;
      write(rest);
      rest = "";
    },
    end: () => {
      if (rest !== "") write(rest);
    },
  };
}
