/** A registry of container images (OCI distribution): blobs, manifests under tags, and the credentials that it asks for. */
import { addressOf } from "../source/index.ts";
import type { Response, World } from "../world/index.ts";
import { ask, troubleWith, wholeBody } from "./answers.ts";
import { askerFor, type NetworkOptions } from "./http-place.ts";
import type { Blob } from "./place.ts";
import { registryAuthorization } from "./registry-token.ts";

const blobType = "application/octet-stream";

const noBody = { "content-length": "0" };

export interface Registry {
  readonly world: World;
  readonly name: string;
  readonly base: string;
  send(url: string, options: Parameters<typeof ask>[2]): Promise<Response>;
}

/**
 * `url` is `oci://HOST/NAME`, or `oci+http://` for one without TLS. Credentials go to the registry alone, and to nobody
 * whom it leads to.
 */
export function openRegistry(world: World, url: string, options: NetworkOptions): Registry {
  const [, plain, rest = ""] = /^oci(\+http)?:\/\/(.*)$/.exec(url) ?? [];
  const scheme = plain === undefined ? "https" : "http";
  const address = addressOf(`${scheme}://${rest}`);
  const { origin, pathname } = new URL(address.url);
  const base = `${origin}/v2${pathname.replace(/\/+$/, "")}`;
  const asker = askerFor(world, address, options);
  const { authorization, ...others } = asker.headers;
  const token = registryAuthorization({ ...asker, headers: others }, authorization);
  return {
    world,
    name: `oci://${new URL(address.url).host}${pathname}`,
    base,
    send: async (target, how) => {
      const isOwn = new URL(target).origin === origin;
      const headersWith = (value: string | undefined): Record<string, string> =>
        isOwn && value !== undefined ? { authorization: value } : {};
      const askWith = (value: string | undefined): Promise<Response> =>
        ask({ ...asker, headers: { ...others, ...headersWith(value) } }, target, how);
      const response = await askWith(token.current());
      if (response.status !== 401 || !isOwn) return response;
      const renewed = await token.renew(response);
      if (renewed === undefined || isStream(how?.body)) return response;
      await response.close();
      return askWith(renewed);
    },
  };
}

function isStream(body: unknown): boolean {
  return body !== undefined && !(body instanceof Uint8Array);
}

/** Throws CacheTrouble, as all here does. */
export async function* get(
  { base, send, world }: Registry,
  path: string,
  accept: string,
): AsyncGenerator<Uint8Array> {
  const response = await send(`${base}/${path}`, { headers: { accept } });
  if (response.status !== 200) throw await troubleWith(response);
  yield* wholeBody(world.clock, response);
}

export async function hasBlob({ base, send }: Registry, { sha256 }: Blob): Promise<boolean> {
  const response = await send(`${base}/blobs/sha256:${sha256}`, { method: "HEAD" });
  await response.close();
  if (response.status === 200) return true;
  if (response.status === 404) return false;
  throw await troubleWith(response);
}

/** Whether it had to be sent. */
export async function upload(
  registry: Registry,
  blob: Blob,
  body: () => Uint8Array | AsyncIterable<Uint8Array>,
): Promise<boolean> {
  if (await hasBlob(registry, blob)) return false;
  const { base, send } = registry;
  const begun = await send(`${base}/blobs/uploads/`, { method: "POST", headers: noBody });
  const { location } = begun.headers;
  if (begun.status !== 202 || location === undefined) throw await troubleWith(begun);
  await begun.close();
  const target = new URL(location, `${base}/`);
  target.searchParams.set("digest", `sha256:${blob.sha256}`);
  const headers = { "content-type": blobType, "content-length": String(blob.sizeBytes) };
  await mustCreate(await send(target.href, { method: "PUT", headers, body: body() }));
  return true;
}

/** What a tag stands for from now on. */
export async function putManifest(
  { base, send }: Registry,
  tag: string,
  manifest: { readonly type: string; readonly content: Uint8Array },
): Promise<void> {
  const { type, content } = manifest;
  const headers = { "content-type": type, "content-length": String(content.length) };
  await mustCreate(
    await send(`${base}/manifests/${tag}`, { method: "PUT", headers, body: content }),
  );
}

async function mustCreate(response: Response): Promise<void> {
  if (response.status !== 201) throw await troubleWith(response);
  await response.close();
}

export async function* streamOf({ disk }: World, file: string): AsyncGenerator<Uint8Array> {
  yield* disk.readChunks(file);
}
