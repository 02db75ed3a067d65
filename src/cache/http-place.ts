/** A cache on a server of files: the folder of `folder-place.ts`, served by nginx or any other. */
import { type Address, addressOf } from "../source/index.ts";
import type { World } from "../world/index.ts";
import { ask, type Asker, troubleWith, wholeBody } from "./answers.ts";
import { blobPath, namePath } from "./folder-place.ts";
import { type CachePlace, CacheTrouble, collect } from "./place.ts";

export interface NetworkOptions {
  /** The value of the Authorization header, where the address has no credentials of its own. */
  readonly authorization?: string;
  readonly signal?: AbortSignal;
}

/** The variable with a token for servers that want one. */
const tokenVariable = "TENON_CACHE_TOKEN";

export function networkOptionsOf(
  environment: Readonly<Record<string, string | undefined>>,
  signal?: AbortSignal,
): NetworkOptions {
  const token = environment[tokenVariable];
  return {
    ...(token === undefined || token === "" ? {} : { authorization: `Bearer ${token}` }),
    ...(signal === undefined ? {} : { signal }),
  };
}

export function httpPlace(world: World, url: string, options: NetworkOptions): CachePlace {
  const address = addressOf(url);
  const base = address.url.replace(/\/+$/, "");
  const asker = askerFor(world, address, options);
  const get = async function* (path: string): AsyncGenerator<Uint8Array> {
    const response = await ask(asker, `${base}/${path}`);
    if (response.status !== 200) throw await troubleWith(response);
    yield* wholeBody(world.clock, response);
  };
  return {
    name: base,
    readName: async (name, limitBytes) => {
      try {
        return await collect(get(namePath(name)), limitBytes, `${base}/${namePath(name)}`);
      } catch (error) {
        if (error instanceof CacheTrouble && error.kind === "missing") return undefined;
        throw error;
      }
    },
    readBlob: (blob) => get(blobPath(blob)),
  };
}

export function askerFor(
  world: World,
  address: Address,
  { authorization, signal }: NetworkOptions,
): Asker {
  const value = address.authorization ?? authorization;
  return {
    world,
    headers: value === undefined ? {} : { authorization: value },
    ...(signal === undefined ? {} : { signal }),
  };
}
