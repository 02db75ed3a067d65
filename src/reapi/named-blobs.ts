/**
 * Blobs under a name, in the table of results: the result of an action that nobody executes, and whose command has the
 * name as its argument.
 */
import { findResult, putResult } from "./action-results.ts";
import { type BlobToBring, bringBlobs, messageBlob, type RemoteBlob, wireDigest } from "./blobs.ts";
import { ActionSchema, CommandSchema, DirectorySchema } from "./protocol/remote-execution_pb.ts";
import type { Server } from "./server.ts";

interface NameAction {
  readonly action: RemoteBlob;
  readonly parts: readonly BlobToBring[];
}

function actionOf(name: string): NameAction {
  const command = messageBlob(CommandSchema, {
    arguments: ["tenon-cache", name],
    outputFiles: ["0"],
    outputPaths: ["0"],
  });
  const folder = messageBlob(DirectorySchema, {});
  const action = messageBlob(ActionSchema, {
    commandDigest: wireDigest(command.blob),
    inputRootDigest: wireDigest(folder.blob),
  });
  return { action: action.blob, parts: [command, folder, action] };
}

/** The first of them; undefined where nothing has this name. Throws RemoteTrouble. */
export async function readNamed(server: Server, name: string): Promise<RemoteBlob | undefined> {
  const result = await findResult(server, actionOf(name).action);
  const digest = result?.outputFiles.find(({ path }) => path === "0")?.digest;
  return digest && { sha256: digest.hash, sizeBytes: Number(digest.sizeBytes) };
}

/** The blobs are there. What had the name before loses it. Throws RemoteTrouble. */
export async function nameBlobs(
  server: Server,
  name: string,
  blobs: readonly RemoteBlob[],
): Promise<void> {
  const { action, parts } = actionOf(name);
  await bringBlobs(server, parts);
  const outputFiles = blobs.map((blob, index) => ({
    path: String(index),
    digest: wireDigest(blob),
  }));
  await putResult(server, action, { outputFiles, exitCode: 0 });
}
