/**
 * A cache in a registry of container images (OCI distribution), `oci://HOST/NAME`, or `oci+http://` for one without TLS.
 *
 * Blobs are the registry's blobs. Each entry is an image manifest with its statement and its pack, under a tag, so that
 * the registry keeps them; each index is another one. Any registry will do, as it only has to store.
 */
import { digestOf } from "../core/index.ts";
import { addressOf } from "../source/index.ts";
import type { Response, World } from "../world/index.ts";
import { ask, troubleWith, wholeBody } from "./answers.ts";
import { blobOf } from "./folder-place.ts";
import { askerFor, type NetworkOptions } from "./http-place.ts";
import { type Blob, CacheTrouble, collect, type PushPlace } from "./place.ts";
import { registryAuthorization } from "./registry-token.ts";

const manifestType = "application/vnd.oci.image.manifest.v1+json";
const blobType = "application/octet-stream";
const emptyConfig = Buffer.from("{}");
const largestManifest = 1 << 22;

export function ociPlace(world: World, url: string, options: NetworkOptions): PushPlace {
  const registry = openRegistry(world, url, options);
  const { name: place } = registry;
  const readBlob = (blob: Blob): AsyncGenerator<Uint8Array> =>
    get(registry, `blobs/sha256:${blob.sha256}`, "*/*");
  return {
    name: place,
    readBlob,
    hasBlob: (blob) => hasBlob(registry, blob),
    readName: async (name, limitBytes) => {
      try {
        const pieces = get(registry, `manifests/${tagOf(name)}`, manifestType);
        const blob = onlyLayerOf(await collect(pieces, largestManifest, place), place);
        return await collect(readBlob(blob), Math.min(blob.sizeBytes, limitBytes), place);
      } catch (error) {
        if (error instanceof CacheTrouble && error.kind === "missing") return undefined;
        throw error;
      }
    },
    writeBlob: (blob, file) => upload(registry, blob, () => streamOf(world, file)),
    writeName: async (name, content) => {
      const blob = blobOf(content);
      await upload(registry, blob, () => content);
      await bind(registry, tagOf(name), [blob]);
    },
    bind: (name, blobs) => bind(registry, tagOf(name), blobs),
    // A registry has no locks: of two who push with one key at once, the later index stays, and the next push mends it.
    alone: (_, action) => action(),
  };
}

async function* get(
  { base, send, world }: Registry,
  path: string,
  accept: string,
): AsyncGenerator<Uint8Array> {
  const response = await send(`${base}/${path}`, { headers: { accept } });
  if (response.status !== 200) throw await troubleWith(response);
  yield* wholeBody(world.clock, response);
}

async function hasBlob({ base, send }: Registry, { sha256 }: Blob): Promise<boolean> {
  const response = await send(`${base}/blobs/sha256:${sha256}`, { method: "HEAD" });
  await response.close();
  if (response.status === 200) return true;
  if (response.status === 404) return false;
  throw await troubleWith(response);
}

async function upload(
  registry: Registry,
  blob: Blob,
  body: () => Uint8Array | AsyncIterable<Uint8Array>,
): Promise<void> {
  if (await hasBlob(registry, blob)) return;
  const { base, send } = registry;
  const begun = await send(`${base}/blobs/uploads/`, { method: "POST", headers: noBody });
  const { location } = begun.headers;
  if (begun.status !== 202 || location === undefined) throw await troubleWith(begun);
  await begun.close();
  const target = new URL(location, `${base}/`);
  target.searchParams.set("digest", `sha256:${blob.sha256}`);
  const headers = { "content-type": blobType, "content-length": String(blob.sizeBytes) };
  await mustCreate(await send(target.href, { method: "PUT", headers, body: body() }));
}

/** An image manifest, by which the registry keeps the blobs. */
async function bind(registry: Registry, tag: string, blobs: readonly Blob[]): Promise<void> {
  const config = blobOf(emptyConfig);
  await upload(registry, config, () => emptyConfig);
  const body = Buffer.from(renderManifest(config, blobs));
  const headers = { "content-type": manifestType, "content-length": String(body.length) };
  const url = `${registry.base}/manifests/${tag}`;
  await mustCreate(await registry.send(url, { method: "PUT", headers, body }));
}

async function mustCreate(response: Response): Promise<void> {
  if (response.status !== 201) throw await troubleWith(response);
  await response.close();
}

const noBody = { "content-length": "0" };

interface Registry {
  readonly world: World;
  readonly name: string;
  readonly base: string;
  send(url: string, options: Parameters<typeof ask>[2]): Promise<Response>;
}

/** Credentials go to the registry alone, and to nobody whom it leads to. */
function openRegistry(world: World, url: string, options: NetworkOptions): Registry {
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

/** A tag may have 128 letters; the digest of a key has 64. */
function tagOf(name: string): string {
  return name.length <= 128 ? name : digestOf(name);
}

function renderManifest(config: Blob, blobs: readonly Blob[]): string {
  return JSON.stringify({
    schemaVersion: 2,
    mediaType: manifestType,
    config: descriptor("application/vnd.oci.empty.v1+json", config),
    layers: blobs.map((blob) => descriptor(blobType, blob)),
  });
}

function descriptor(mediaType: string, { sha256, sizeBytes }: Blob): object {
  return { mediaType, digest: `sha256:${sha256}`, size: sizeBytes };
}

function onlyLayerOf(manifest: Buffer, place: string): Blob {
  const noManifest = new CacheTrouble("unreachable", `${place} gives no manifest`);
  let layers: unknown;
  try {
    ({ layers } = JSON.parse(manifest.toString("utf8")) as { layers?: unknown });
  } catch {
    throw noManifest;
  }
  const [layer] = (Array.isArray(layers) ? layers : []) as { digest?: unknown; size?: unknown }[];
  const sha256 = /^sha256:([0-9a-f]{64})$/.exec(String(layer?.digest))?.[1];
  const sizeBytes = layer?.size;
  if (sha256 === undefined || typeof sizeBytes !== "number") throw noManifest;
  return { sha256, sizeBytes };
}

async function* streamOf({ disk }: World, file: string): AsyncGenerator<Uint8Array> {
  yield* disk.readChunks(file);
}
