/**
 * A cache on a server of the Remote Execution API, `reapi://HOST:PORT/INSTANCE`, or `reapis://` for one with TLS.
 *
 * Blobs are the server's blobs. A name is an action that nobody executes, with the blobs as its result. Such a server
 * removes what has not been used for long: what is missing is built, and the next push brings it back.
 */
import { TenonError } from "../core/index.ts";
import type * as Reapi from "../reapi/index.ts";
import { serverAddressOf } from "../source/index.ts";
import type { World } from "../world/index.ts";
import type { NetworkOptions } from "./http-place.ts";
import { CacheTrouble, collect, type PushPlace } from "./place.ts";
import { blobOf } from "./folder-place.ts";

export function reapiPlace(world: World, url: string, options: NetworkOptions): PushPlace {
  const address = serverAddressOf(url);
  const { name } = address;
  const open = opener(world, { ...options, ...address });
  const { disk } = world;
  return {
    name,
    readName: async (asked, limitBytes) => {
      const { reapi, server } = await open();
      return translated(reapi, async () => {
        const blob = await reapi.readNamed(server, asked);
        if (blob === undefined) return undefined;
        return await unlessMissing(collect(readBlob(open, blob), limitBytes, `${name}: ${asked}`));
      });
    },
    readBlob: (blob) => readBlob(open, blob),
    hasBlob: async (blob) => {
      const { reapi, server } = await open();
      return translated(reapi, async () => (await reapi.findMissing(server, [blob])).size === 0);
    },
    writeBlob: async (blob, file) => {
      const { reapi, server } = await open();
      const read = (): Iterable<Uint8Array> => disk.readChunks(file);
      await translated(reapi, () => reapi.bringBlobs(server, [{ blob, read }]));
    },
    writeName: async (asked, content) => {
      const { reapi, server } = await open();
      await translated(reapi, async () => {
        await reapi.bringBlobs(server, [{ blob: blobOf(content), read: () => [content] }]);
        await reapi.nameBlobs(server, asked, [blobOf(content)]);
      });
    },
    bind: async (asked, blobs) => {
      const { reapi, server } = await open();
      await translated(reapi, () => reapi.nameBlobs(server, asked, blobs));
    },
    // Such a server has no locks: of two who push with one key at once, the later index stays, and the next push mends it.
    alone: async (_, action) => {
      const { server } = await open();
      if (!server.limits.mayUpdate) throw readOnly(name);
      return action();
    },
  };
}

type Open = () => Promise<{ readonly reapi: typeof Reapi; readonly server: Reapi.Server }>;

/** The protocol is loaded, and the server asked what it allows, when it is first needed; again where that has failed. */
function opener(world: World, options: Reapi.ServerOptions): Open {
  let opened: ReturnType<Open> | undefined;
  const begin: Open = async () => {
    const reapi = await import("../reapi/index.ts");
    const server = await translated(reapi, () => reapi.openServer(world, options));
    return { reapi, server };
  };
  return () => {
    opened ??= begin().catch((error: unknown) => {
      opened = undefined;
      throw error;
    });
    return opened;
  };
}

async function* readBlob(open: Open, blob: Reapi.RemoteBlob): AsyncGenerator<Uint8Array> {
  const { reapi, server } = await open();
  try {
    yield* reapi.readBlob(server, blob);
  } catch (error) {
    throw asCacheTrouble(reapi, error);
  }
}

async function translated<Result>(
  reapi: typeof Reapi,
  action: () => Promise<Result>,
): Promise<Result> {
  try {
    return await action();
  } catch (error) {
    throw asCacheTrouble(reapi, error);
  }
}

function asCacheTrouble({ RemoteTrouble }: typeof Reapi, error: unknown): unknown {
  if (!(error instanceof RemoteTrouble)) return error;
  return new CacheTrouble(error.kind, error.message, error);
}

async function unlessMissing<Result>(result: Promise<Result>): Promise<Result | undefined> {
  try {
    return await result;
  } catch (error) {
    if (error instanceof CacheTrouble && error.kind === "missing") return undefined;
    throw error;
  }
}

function readOnly(name: string): TenonError {
  return new TenonError({
    kind: "usage",
    code: "CACHE_READ_ONLY",
    message: `${name} lets nobody change its action cache, so nothing can be pushed to it`,
    hints: [
      "Allow it in the server's configuration, or give credentials that may in TENON_CACHE_TOKEN.",
    ],
  });
}
