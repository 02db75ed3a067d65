/** The image that another one stands on: one of an OCI image layout, in a folder. */
import { digestOf, type Digest, isDigest, TenonError } from "../core/index.ts";
import { type Disk, exists, readTextIfAny } from "../world/index.ts";
import { type BlobDescriptor, type ImageConfig, type ImageManifest, mediaTypes } from "./format.ts";

export interface BaseImage {
  readonly folder: string;
  readonly manifest: ImageManifest;
  readonly config: ImageConfig;
  readonly digest: Digest;
}

/** `named` is a folder, absolute, or `FOLDER@sha256:DIGEST` where it has several images or one that is meant exactly. */
export function readBase(disk: Disk, named: string): BaseImage {
  const [folder = named, wanted] = named.split(/@sha256:(?=[0-9a-f]{64}$)/);
  const index = parse<{ manifests?: readonly BlobDescriptor[] }>(
    readTextIfAny(disk, `${folder}/index.json`) ?? "null",
    folder,
  );
  const images = (index?.manifests ?? []).filter(
    ({ mediaType }) => mediaType === mediaTypes.manifest || mediaType === mediaTypes.dockerManifest,
  );
  const digests = images.map(({ digest }) => digest.replace("sha256:", ""));
  if (wanted === undefined && digests.length !== 1)
    throw wrong(folder, `it has ${digests.length} images`, [
      "Say which one: FOLDER@sha256:DIGEST.",
    ]);
  const digest = wanted ?? digests[0] ?? "";
  const manifest = readBlob<ImageManifest>(disk, folder, digest);
  const config = readBlob<ImageConfig>(disk, folder, manifest.config.digest.replace("sha256:", ""));
  const isWhole =
    Array.isArray(manifest.layers) && manifest.layers.length === config.rootfs.diff_ids.length;
  if (!isWhole) throw wrong(folder, "its layers are not those of its configuration");
  for (const layer of manifest.layers) {
    const file = blobFile(folder, layer.digest);
    if (!exists(disk, file)) throw wrong(folder, `${file} is missing`);
  }
  return { folder, manifest, config, digest };
}

export function blobFile(folder: string, digest: string): string {
  return `${folder}/blobs/${digest.replace(":", "/")}`;
}

/** Checked by the digest that names it. */
function readBlob<Value>(disk: Disk, folder: string, digest: string): Value {
  const file = blobFile(folder, `sha256:${digest}`);
  const text = isDigest(digest) ? readTextIfAny(disk, file) : undefined;
  if (text === undefined) throw wrong(folder, `${file} is missing`);
  if (digestOf(text) !== digest)
    throw wrong(folder, `${file} is not what its name is the digest of`);
  return parse<Value>(text, folder);
}

function parse<Value>(text: string, folder: string): Value {
  try {
    return JSON.parse(text) as Value;
  } catch {
    throw wrong(folder, "a file of it is not JSON");
  }
}

function wrong(folder: string, what: string, hints: readonly string[] = []): TenonError {
  return new TenonError({
    kind: "usage",
    code: "WRONG_BASE",
    message: `${folder} is not an image to stand on: ${what}`,
    hints:
      hints.length > 0
        ? hints
        : [
            "Name the folder of an OCI image layout, as `skopeo copy docker://… oci:DIR` makes one.",
          ],
  });
}
