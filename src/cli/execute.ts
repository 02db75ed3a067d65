/** `tenon execute ACTION` */
import { executeAction, type Executed, TenonError } from "../library/index.ts";
import { privateFolder } from "../world/index.ts";
import type { ExecuteFlags } from "./commands/execute.ts";
import { type Context, guard, tellLines } from "./context.ts";
import { exitCodes } from "./exit-codes.ts";
import { absolute } from "./options.ts";

export default function runExecute(
  this: Context,
  flags: ExecuteFlags,
  action: string,
): Promise<void> {
  return guard(this, async () => {
    const { world, environment, signal, currentDirectory } = this;
    const place = (path: string): string => absolute(currentDirectory, path);
    const folder = place(action);
    const executed = await executeAction(world, {
      action: folder,
      blobs: place(flags.blobs ?? `${action}/blobs`),
      results: place(flags.results ?? `${action}/result`),
      store: flags.store === undefined ? ownStore(world.machine.userId) : place(flags.store),
      environment,
      signal,
    });
    if (executed === "interrupted") return exitCodes.interrupted;
    tellLines(this, [`${world.machine.hostName}: ${words[executed]}`]);
    return exitCodes.done;
  });
}

const words: Readonly<Record<Exclude<Executed, "interrupted">, string>> = {
  built: "it is built",
  failed: "its build has failed",
  "check-failed": "it is built, and its check has failed",
  ready: "builds can be done here",
  refused: "it cannot be done here",
};

/** On a disk of the worker's own: views cannot be made on most shared file systems. */
function ownStore(userId: number): string {
  const wanted = `/var/tmp/tenon-worker-${userId}`;
  const folder = privateFolder(wanted);
  if (folder !== undefined) return folder;
  throw new TenonError({
    kind: "machine",
    code: "NO_STORE",
    message: `${wanted} cannot be used: it cannot be made, or others may write in it`,
    hints: ["Name another folder on a disk of this machine: [execution] store in tenon.toml."],
  });
}
