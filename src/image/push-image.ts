/** Sends an image to a registry: what is there is not sent again. */
import {
  CacheTrouble,
  type NetworkOptions,
  openRegistry,
  putManifest,
  type Registry,
  streamOf,
  upload,
} from "../cache/index.ts";
import { type Digest, digestOf, TenonError } from "../core/index.ts";
import type { World } from "../world/index.ts";
import { blobFile } from "./base.ts";
import { type ImageManifest, mediaTypes } from "./format.ts";

export interface PushedImage {
  /** Where it is now: `oci://HOST/NAME:TAG`. */
  readonly place: string;
  /** How many layers were sent, and how many the registry had. */
  readonly sent: number;
  readonly known: number;
  readonly sentBytes: number;
}

export interface ImageTarget {
  /** `oci://HOST/NAME`, or `oci+http://HOST/NAME`. */
  readonly url: string;
  readonly tag: string;
}

const targetForm =
  /^(oci:\/\/|oci\+http:\/\/|)((?:[^@/\s]*@)?[^/\s@]+(?:\/[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*)+)(?::([A-Za-z0-9_][A-Za-z0-9._-]{0,127}))?$/;

/** `HOST/NAME:TAG`, as container engines write it; the tag is `latest` when absent. */
export function parseTarget(text: string): ImageTarget {
  const [, scheme, place, tag = "latest"] = targetForm.exec(text) ?? [];
  if (place !== undefined) return { url: `${scheme || "oci://"}${place}`, tag };
  throw new TenonError({
    kind: "usage",
    code: "WRONG_TARGET",
    message: "what --push names is not the place of an image in a registry",
    hints: ["Write HOST/NAME:TAG, or oci+http://HOST/NAME:TAG for a registry without TLS."],
  });
}

/** `folder` has an OCI image layout with the image of this digest. The tag is set at last, when all else is there. */
export async function pushImage(
  world: World,
  image: { readonly folder: string; readonly digest: Digest },
  { url, tag }: ImageTarget,
  options: NetworkOptions,
): Promise<PushedImage> {
  const registry = openRegistry(world, url, options);
  const place = `${registry.name}:${tag}`;
  try {
    return { place, ...(await push(registry, image, tag)) };
  } catch (error) {
    if (!(error instanceof CacheTrouble)) throw error;
    throw new TenonError({
      kind: "source",
      code: "IMAGE_NOT_PUSHED",
      message: `the image was not pushed to ${place}: ${error.message}`,
      hints: [
        "Run the command again: layers that have been sent are not sent again.",
        "Credentials are written as oci://USER:PASSWORD@HOST/NAME:TAG, or in TENON_CACHE_TOKEN.",
      ],
      cause: error,
    });
  }
}

async function push(
  registry: Registry,
  { folder, digest }: { readonly folder: string; readonly digest: Digest },
  tag: string,
): Promise<Omit<PushedImage, "place">> {
  const { world } = registry;
  const content = world.disk.readFile(blobFile(folder, `sha256:${digest}`));
  if (digestOf(content) !== digest) throw new Error(`the image in ${folder} has changed`);
  const manifest = JSON.parse(Buffer.from(content).toString("utf8")) as ImageManifest;
  const { config, layers } = manifest;
  const send = (blob: { readonly digest: string; readonly size: number }): Promise<boolean> =>
    upload(registry, { sha256: blob.digest.slice("sha256:".length), sizeBytes: blob.size }, () =>
      streamOf(world, blobFile(folder, blob.digest)),
    );
  const sent = [];
  for (const layer of layers) if (await send(layer)) sent.push(layer);
  await send(config);
  await putManifest(registry, tag, { type: mediaTypes.manifest, content });
  return {
    sent: sent.length,
    known: layers.length - sent.length,
    sentBytes: sent.reduce((sum, { size }) => sum + size, 0),
  };
}
