/** The folder that an executed command has left, and what it has printed. */
import { fromBinary } from "@bufbuild/protobuf";
import { digestOf } from "../core/index.ts";
import { readBlob, type RemoteBlob } from "./blobs.ts";
import {
  type ActionResult,
  type Digest as WireDigest,
  type Directory,
  TreeSchema,
} from "./protocol/remote-execution_pb.ts";
import { RemoteTrouble, type Server } from "./server.ts";

export interface OutputFile {
  readonly name: string;
  /** It lies in a folder of the folder. */
  readonly isDeeper: boolean;
  readonly blob: RemoteBlob;
}

const largestTree = 1 << 24;

/** Empty where there is no such folder. Throws RemoteTrouble. */
export async function outputFiles(server: Server, result: ActionResult): Promise<OutputFile[]> {
  const digest = result.outputDirectories[0]?.treeDigest;
  if (digest === undefined) return [];
  const { root, children } = fromBinary(TreeSchema, await collect(server, blobOf(digest)));
  const filesOf = ({ files }: Directory, isDeeper: boolean): OutputFile[] =>
    files.flatMap(({ name, digest: of }) =>
      of === undefined ? [] : [{ name, isDeeper, blob: blobOf(of) }],
    );
  return [
    ...(root === undefined ? [] : filesOf(root, false)),
    ...children.flatMap((child) => filesOf(child, true)),
  ];
}

/** What the command has printed; the largest pieces are left out. Throws RemoteTrouble. */
export async function outputText(server: Server, result: ActionResult): Promise<string> {
  const pieces: Uint8Array[] = [result.stdoutRaw, result.stderrRaw];
  for (const digest of [result.stdoutDigest, result.stderrDigest])
    if (digest !== undefined && digest.sizeBytes <= largestTree)
      pieces.push(await collect(server, blobOf(digest)));
  return Buffer.concat(pieces).toString("utf8");
}

function blobOf({ hash, sizeBytes }: WireDigest): RemoteBlob {
  return { sha256: hash, sizeBytes: Number(sizeBytes) };
}

async function collect(server: Server, blob: RemoteBlob): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  if (blob.sizeBytes > largestTree)
    throw new RemoteTrouble("unreachable", `${server.name} gives a folder that is too large`);
  for await (const piece of readBlob(server, blob)) pieces.push(piece);
  const content = Buffer.concat(pieces);
  if (digestOf(content) !== blob.sha256)
    throw new RemoteTrouble("missing", `${server.name} gives a folder that was damaged`);
  return content;
}
