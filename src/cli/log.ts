/** `tenon log PACKAGE` */
import { findLogs, followLog } from "../engine/index.ts";
import { type Context, guard, makeSink } from "./context.ts";
import { exitCodes } from "./exit-codes.ts";
import { sessionOptions, type WorkspaceFlags } from "./options.ts";

export interface LogFlags extends WorkspaceFlags {
  readonly run?: string;
  readonly step?: string;
  readonly follow: boolean;
  readonly path: boolean;
}

export default function runLog(this: Context, flags: LogFlags, name: string): Promise<void> {
  return guard(this, async () => {
    const command = { activity: "tenon log", emit: makeSink(this, {}) };
    const options = {
      ...sessionOptions(this, flags, command),
      package: name,
      ...(flags.run === undefined ? {} : { run: flags.run }),
      ...(flags.step === undefined ? {} : { step: flags.step }),
    };
    const { stdout } = this.process;
    if (flags.path) {
      for (const { file } of findLogs(this.world, options)) stdout.write(`${file}\n`);
      return exitCodes.done;
    }
    const decoder = new TextDecoder();
    const print = (chunk: Uint8Array): void =>
      stdout.write(decoder.decode(chunk, { stream: true }));
    if (flags.follow) for await (const chunk of followLog(this.world, options)) print(chunk);
    else {
      for (const { file } of findLogs(this.world, options))
        for (const chunk of this.world.disk.readChunks(file)) print(chunk);
    }
    return this.signal.aborted ? exitCodes.interrupted : exitCodes.done;
  });
}
