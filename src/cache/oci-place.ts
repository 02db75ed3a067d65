/**
 * A cache in a registry of container images (OCI distribution), `oci://HOST/NAME`, or `oci+http://` for one without TLS.
 *
 * Blobs are the registry's blobs. Each entry is an image manifest with its statement and its pack, under a tag, so that
 * the registry keeps them; each index is another one. Any registry will do, as it only has to store.
 */
import { digestOf } from "../core/index.ts";
import type { World } from "../world/index.ts";
import { blobOf } from "./folder-place.ts";
import type { NetworkOptions } from "./http-place.ts";
import { type Blob, CacheTrouble, collect, type PushPlace } from "./place.ts";
import {
  get,
  hasBlob,
  openRegistry,
  putManifest,
  type Registry,
  streamOf,
  upload,
} from "./registry.ts";

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
    writeBlob: async (blob, file) => {
      await upload(registry, blob, () => streamOf(world, file));
    },
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

/** An image manifest, by which the registry keeps the blobs. */
async function bind(registry: Registry, tag: string, blobs: readonly Blob[]): Promise<void> {
  const config = blobOf(emptyConfig);
  await upload(registry, config, () => emptyConfig);
  const body = Buffer.from(renderManifest(config, blobs));
  await putManifest(registry, tag, { type: manifestType, content: body });
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
