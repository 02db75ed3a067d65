/** A command with its files as an action that a server can execute. */
import type { BlobToBring } from "./blobs.ts";
import { messageBlob, wireDigest } from "./blobs.ts";
import type { WorkToExecute } from "./execute.ts";
import { inputFolder } from "./input-folder.ts";
import { ActionSchema, CommandSchema } from "./protocol/remote-execution_pb.ts";

interface RemoteCommand {
  readonly argv: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  /** By their paths in the folder where it runs. */
  readonly files: ReadonlyMap<string, BlobToBring>;
  /** A folder there, which it makes. */
  readonly output: string;
  /** Which workers are meant. */
  readonly platform: Readonly<Record<string, string>>;
  readonly timeoutMs?: number;
}

/** The server is asked to keep no result of it. */
export function describeWork(given: RemoteCommand): WorkToExecute {
  const { argv, environment, files, output, timeoutMs } = given;
  const platform = { properties: sorted(given.platform) };
  const command = messageBlob(CommandSchema, {
    arguments: [...argv],
    environmentVariables: sorted(environment),
    outputDirectories: [output],
    outputPaths: [output],
    platform,
  });
  const { root, blobs } = inputFolder(files);
  const action = messageBlob(ActionSchema, {
    commandDigest: wireDigest(command.blob),
    inputRootDigest: wireDigest(root),
    doNotCache: true,
    platform,
    ...(timeoutMs === undefined
      ? {}
      : { timeout: { seconds: BigInt(Math.ceil(timeoutMs / 1000)), nanos: 0 } }),
  });
  return { action: action.blob, blobs: [...blobs, command, action] };
}

/** In the order that the protocol wants. */
function sorted(values: Readonly<Record<string, string>>): { name: string; value: string }[] {
  return Object.keys(values)
    .sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)))
    .map((name) => ({ name, value: values[name] ?? "" }));
}
