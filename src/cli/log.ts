/** `tenon log PACKAGE` */
import { readLog } from "../engine/index.ts";
import { type Context, guard, makeSink } from "./context.ts";
import { exitCodes } from "./exit-codes.ts";
import { sessionOptions, type WorkspaceFlags } from "./options.ts";

export default function runLog(
  this: Context,
  flags: WorkspaceFlags & { readonly run?: string; readonly path: boolean },
  name: string,
): Promise<void> {
  return guard(this, () => {
    const command = { activity: "tenon log", emit: makeSink(this, {}) };
    const { file, chunks } = readLog(this.world, {
      ...sessionOptions(this, flags, command),
      package: name,
      ...(flags.run === undefined ? {} : { run: flags.run }),
    });
    if (flags.path) this.process.stdout.write(`${file}\n`);
    else {
      const decoder = new TextDecoder();
      for (const chunk of chunks)
        this.process.stdout.write(decoder.decode(chunk, { stream: true }));
    }
    return exitCodes.done;
  });
}
