/** Servers of the Remote Execution API, version 2: blobs, results of actions, and having actions executed. */
export {
  type Limits,
  openServer,
  RemoteTrouble,
  type Server,
  type ServerOptions,
} from "./server.ts";
export {
  type BlobToBring,
  bringBlobs,
  bytesBlob,
  findMissing,
  messageBlob,
  readBlob,
  type RemoteBlob,
  wireDigest,
} from "./blobs.ts";
export { nameBlobs, readNamed } from "./named-blobs.ts";
export { describeWork } from "./describe-work.ts";
export { executeWork, type WorkToExecute } from "./execute.ts";
export { outputFiles, outputText } from "./output-folder.ts";
