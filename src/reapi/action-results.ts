/** The table of a server from actions to their results. */
import type { MessageInitShape } from "@bufbuild/protobuf";
import { type RemoteBlob, wireDigest } from "./blobs.ts";
import type { ActionResult, ActionResultSchema } from "./protocol/remote-execution_pb.ts";
import { call, RemoteTrouble, type Server } from "./server.ts";

/** Undefined where there is none. Throws RemoteTrouble. */
export async function findResult(
  server: Server,
  action: RemoteBlob,
): Promise<ActionResult | undefined> {
  const request = { instanceName: server.instance, actionDigest: wireDigest(action) };
  try {
    return await call(server, (how) => server.results.getActionResult(request, how));
  } catch (error) {
    if (error instanceof RemoteTrouble && error.kind === "missing") return undefined;
    throw error;
  }
}

/** The action, and what the result names, have been brought. Throws RemoteTrouble. */
export async function putResult(
  server: Server,
  action: RemoteBlob,
  actionResult: MessageInitShape<typeof ActionResultSchema>,
): Promise<void> {
  const { instance: instanceName } = server;
  const request = { instanceName, actionDigest: wireDigest(action), actionResult };
  await call(server, (how) => server.results.updateActionResult(request, how));
}
