/** Calls of gRPC from this machine, through connect-node (which is loaded at the first call). */
import type { ClientHttp2Session } from "node:http2";
import type { Transport } from "@connectrpc/connect";

/** What may be under way before the reader has taken it: a window of 64 KiB would be slow over any distance. */
const windowBytes = 1 << 24;
/** Servers close a connection that is asked for signs of life more often than every five minutes. */
const pingIntervalMs = 310_000;

export async function openServices(origin: string): Promise<Transport> {
  const { createGrpcTransport, Http2SessionManager } = await import("@connectrpc/connect-node");
  const sessions = new Http2SessionManager(
    origin,
    { pingIntervalMs },
    { settings: { initialWindowSize: windowBytes } },
  );
  const widened = new WeakSet<ClientHttp2Session>();
  const sessionManager = {
    authority: sessions.authority,
    request: async (...call: Parameters<typeof sessions.request>) => {
      const stream = await sessions.request(...call);
      const { session } = stream;
      if (session !== undefined && !widened.has(session as ClientHttp2Session)) {
        widened.add(session as ClientHttp2Session);
        (session as ClientHttp2Session).setLocalWindowSize(windowBytes);
      }
      return stream;
    },
    notifyResponseByteRead: sessions.notifyResponseByteRead.bind(sessions),
  };
  return createGrpcTransport({ baseUrl: origin, sessionManager, acceptCompression: [] });
}
