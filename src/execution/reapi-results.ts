/** The folder of results that a worker of a server has left, as files in that of the attempt. */
import { isDigest, startDigest } from "../core/index.ts";
import type * as Reapi from "../reapi/index.ts";
import { makeDirectories, type World } from "../world/index.ts";
import { checkFile, eventsFile, logsFolder, outcomeFile, packFile } from "./outcome.ts";

interface Left {
  readonly reapi: typeof Reapi;
  readonly server: Reapi.Server;
  readonly result: Awaited<ReturnType<typeof Reapi.executeWork>>;
  /** Of the attempt. */
  readonly folder: string;
}

const logName = /^\d+-[\w.+-]+\.log$/;
/** Who sees the outcome finds all else. */
const top = [eventsFile, packFile, checkFile, outcomeFile];

/** Nothing that a worker does not write is taken. Throws RemoteTrouble, also where a file is not what its digest says. */
export async function takeResults(world: World, { folder, ...left }: Left): Promise<void> {
  const files = await left.reapi.outputFiles(left.server, left.result);
  makeDirectories(world.disk, `${folder}/${logsFolder}`);
  for (const { name, isDeeper, blob } of files)
    if (isDeeper && logName.test(name))
      await take(world, left, blob, `${folder}/${logsFolder}/${name}`);
  for (const wanted of top) {
    const found = files.find(({ name, isDeeper }) => !isDeeper && name === wanted);
    if (found !== undefined) await take(world, left, found.blob, `${folder}/${wanted}`);
  }
}

async function take(
  { disk, clock }: World,
  { reapi, server }: Pick<Left, "reapi" | "server">,
  blob: Reapi.RemoteBlob,
  file: string,
): Promise<void> {
  const digest = startDigest();
  const temporary = `${file}.${clock.uniqueId()}`;
  const writer = disk.openWriter(temporary);
  try {
    for await (const piece of reapi.readBlob(server, blob)) {
      digest.update(piece);
      writer.write(piece);
    }
  } finally {
    writer.close();
  }
  if (!isDigest(blob.sha256) || digest.digest() !== blob.sha256)
    throw new reapi.RemoteTrouble("missing", `${server.name} gives a file that was damaged`);
  disk.rename(temporary, file);
}
