/** Writes an OCI image layout. The same packages at the same path give the same digest, whoever makes it and from which prefix. */
import { Readable } from "node:stream";
import { createGzip } from "node:zlib";
import { type Digest, digestOf, startDigest } from "../core/index.ts";
import { inLargePieces, memberSeconds, type PortablePackage } from "../bundle/index.ts";
import { linkOrCopy } from "../install/index.ts";
import { exists, makeDirectories, type World } from "../world/index.ts";
import { type BaseImage, blobFile } from "./base.ts";
import { type BlobDescriptor, type ImageConfig, type ImageManifest, mediaTypes } from "./format.ts";
import { lastLayer, layerOf } from "./layer-content.ts";
import { layersOf } from "./layers.ts";

interface ImageToWrite {
  readonly packages: readonly PortablePackage[];
  /** The path of the prefix in the image. */
  readonly at: string;
  /** Files of the prefix that are said of all packages together, by path. */
  readonly more: ReadonlyMap<string, string>;
  readonly architecture: string;
  /** Variables of whoever runs it; where one is in the base, it is replaced. */
  readonly env: Readonly<Record<string, string>>;
  readonly base?: BaseImage;
  /** Where nothing is. */
  readonly folder: string;
  /** What the image is called in its index. */
  readonly name: string;
}

export interface WrittenImage {
  readonly digest: Digest;
  readonly layers: readonly {
    readonly digest: Digest;
    readonly sizeBytes: number;
    readonly packages: readonly string[];
  }[];
}

interface Layer extends BlobDescriptor {
  readonly diffId: string;
  readonly packages: readonly string[];
}

const created = new Date(memberSeconds * 1000).toISOString().replace(".000", "");

export async function writeImage(world: World, image: ImageToWrite): Promise<WrittenImage> {
  const { disk } = world;
  const { packages, at, more, base, folder, name } = image;
  makeDirectories(disk, `${folder}/blobs/sha256`);
  const layers: Layer[] = [];
  for (const each of layersOf(packages)) {
    const names = each.map(({ record }) => record.name);
    layers.push({ ...(await writeLayer(world, folder, layerOf(each, at))), packages: names });
  }
  layers.push({ ...(await writeLayer(world, folder, lastLayer(more, at))), packages: [] });
  if (base !== undefined) copyBase(world, base, folder);
  const config = writeJson(world, folder, {
    value: configOf(image, layers),
    type: mediaTypes.config,
  });
  const manifest: ImageManifest = {
    schemaVersion: 2,
    mediaType: mediaTypes.manifest,
    config,
    layers: [...(base?.manifest.layers ?? []), ...layers.map(descriptorOf)],
  };
  const written = writeJson(world, folder, { value: manifest, type: mediaTypes.manifest });
  const annotations = { "org.opencontainers.image.ref.name": name };
  const index = {
    schemaVersion: 2,
    mediaType: mediaTypes.index,
    manifests: [{ ...written, annotations }],
  };
  disk.createFile(`${folder}/index.json`, JSON.stringify(index));
  disk.createFile(`${folder}/oci-layout`, '{"imageLayoutVersion":"1.0.0"}');
  return {
    digest: digestIn(written),
    layers: layers.map((layer) => ({
      digest: digestIn(layer),
      sizeBytes: layer.size,
      packages: layer.packages,
    })),
  };
}

function descriptorOf({ mediaType, digest, size }: BlobDescriptor): BlobDescriptor {
  return { mediaType, digest, size };
}

function digestIn({ digest }: BlobDescriptor): Digest {
  return digest.slice("sha256:".length);
}

/** Compressed, with the digest of what is in it before. */
async function writeLayer(
  { disk, clock }: World,
  folder: string,
  chunks: Iterable<Uint8Array>,
): Promise<BlobDescriptor & { readonly diffId: string }> {
  const temporary = `${folder}/${clock.uniqueId()}`;
  const [plain, packed] = [startDigest(), startDigest()];
  const seen = function* (): Generator<Uint8Array> {
    for (const piece of inLargePieces(chunks)) {
      plain.update(piece);
      yield piece;
    }
  };
  const writer = disk.openWriter(temporary);
  let size = 0;
  try {
    const stream = Readable.from(seen()).compose(createGzip({ level: 6 }));
    for await (const chunk of stream) {
      packed.update(chunk as Uint8Array);
      writer.write(chunk as Uint8Array);
      size += (chunk as Uint8Array).length;
    }
  } finally {
    writer.close();
  }
  const digest = `sha256:${packed.digest()}`;
  disk.rename(temporary, blobFile(folder, digest));
  return { mediaType: mediaTypes.layer, digest, size, diffId: `sha256:${plain.digest()}` };
}

function writeJson(
  { disk }: World,
  folder: string,
  { value, type }: { readonly value: ImageConfig | ImageManifest; readonly type: string },
): BlobDescriptor {
  const text = JSON.stringify(value);
  const digest = `sha256:${digestOf(text)}`;
  disk.createFile(blobFile(folder, digest), text);
  return { mediaType: type, digest, size: Buffer.byteLength(text) };
}

function copyBase({ disk }: World, { folder: from, manifest }: BaseImage, folder: string): void {
  for (const { digest } of manifest.layers) {
    const to = blobFile(folder, digest);
    if (!exists(disk, to)) linkOrCopy(disk, blobFile(from, digest), to);
  }
}

function configOf(
  { base, env, architecture }: ImageToWrite,
  layers: readonly Layer[],
): ImageConfig {
  const { config = {}, history = [], rootfs } = base?.config ?? {};
  const known = new Map((config.Env ?? []).map((each) => [each.split("=")[0] ?? "", each]));
  const path = known.get("PATH")?.slice("PATH=".length) ?? "/usr/local/bin:/usr/bin:/bin";
  for (const [name, value] of Object.entries(env))
    known.set(name, `${name}=${name === "PATH" ? `${value}:${path}` : value}`);
  return {
    created,
    architecture: base?.config.architecture ?? architecture,
    os: "linux",
    config: { ...config, Env: [...known.values()] },
    rootfs: {
      type: "layers",
      diff_ids: [...(rootfs?.diff_ids ?? []), ...layers.map(({ diffId }) => diffId)],
    },
    history: [
      ...history,
      ...layers.map(({ packages }) => ({
        created,
        created_by: "tenon image",
        comment: packages.length === 0 ? "bill of materials" : packages.join(" "),
      })),
    ],
  };
}
