/** `tenon install BUNDLE`: the packages of a bundle join the prefix together, relocated, each with its record. */
import { createGzip } from "node:zlib";
import { Readable } from "node:stream";
import { openBundle, type OpenBundle } from "../bundle/index.ts";
import { type Digest, digestOf, type FileEntry, TenonError, toRow } from "../core/index.ts";
import { carriedOf, type Incoming } from "../install/index.ts";
import type { PackageRecord } from "../prefix/index.ts";
import type { LinkMode } from "../recipe/index.ts";
import { targetDefect } from "../relocation/index.ts";
import { packStart, relocateArtifact, type Store, unpackArtifact } from "../store/index.ts";
import { openTrustedStore } from "../trust/index.ts";
import type { World } from "../world/index.ts";
import { installCures } from "./conflict-cures.ts";
import type { InstallResult } from "./installed.ts";
import { type Ended, type OpenPrefix, operate } from "./operate.ts";
import { tellDamage } from "./tell-damage.ts";
import { noteUse, transfers } from "./transfers.ts";

export interface InstallBundleOptions {
  /** Absolute. */
  readonly file: string;
  /** How files come from the store into the prefix. */
  readonly link: LinkMode;
  readonly replaces: readonly string[];
}

/** The packages are put into the machine's store first, each checked by the digests that its record says. */
export async function installBundle(
  prefix: OpenPrefix,
  { file, link, replaces }: InstallBundleOptions,
): Promise<Ended<InstallResult>> {
  const { world, layout, emit } = prefix;
  const defect = targetDefect(layout.prefix);
  if (defect !== undefined) throw wrongPlace(layout.prefix, defect);
  const store = openTrustedStore(world, prefix, prefix.store, {
    sync: prefix.sync,
    onDamage: (files) => tellDamage(emit, files),
  });
  const scratch = `bundle-${world.clock.uniqueId()}`;
  const add: Incoming[] = [];
  try {
    const bundle = await openBundle(world, file, store.makeScratch(scratch));
    for (const record of bundle.records) {
      const packed = { name: `${record.name} in ${file}`, bytes: packOf(world, bundle, record) };
      const { artifact, manifest } = await unpackArtifact(world, store, packed);
      const incoming = incomingOf({ world, store, prefix: layout.prefix }, record, {
        artifact,
        manifest,
      });
      add.push({
        ...incoming,
        transfer: transfers[link],
        takesOver: [...record.takesOver, ...replaces],
      });
    }
    await store.settle();
  } finally {
    store.removeScratch(scratch);
  }
  return operate(prefix, {
    change: { add, remove: [] },
    cures: installCures,
    before: () => noteUse(store, { prefix: layout.prefix }, add),
    result: () => ({
      kind: "installed",
      packages: add.map(({ name, version }) => ({ name, version })),
    }),
  });
}

/** A package in the form in which a store takes artifacts in. */
async function* packOf(
  { disk }: World,
  { fileOf }: OpenBundle,
  { name, manifest }: PackageRecord,
): AsyncGenerator<Uint8Array, void> {
  const rows = JSON.stringify(manifest.map(toRow));
  const header = Buffer.from(`{"artifact":"${digestOf(rows)}","about":null,"rows":${rows}}`);
  const plain = function* (): Generator<Uint8Array> {
    yield Buffer.from(`${packStart}\n${header.length}\n`);
    yield header;
    const seen = new Set<Digest>();
    for (const entry of manifest) {
      if (entry.type !== "file" || seen.has(entry.sha256)) continue;
      seen.add(entry.sha256);
      yield* disk.readChunks(placeOf(entry));
    }
  };
  const placeOf = ({ path }: FileEntry): string => {
    const place = fileOf(path);
    if (place === undefined) throw missing(name, path);
    return place;
  };
  const packed = Readable.from(plain()).compose(createGzip({ level: 0 }));
  for await (const chunk of packed) yield chunk as Uint8Array;
}

interface Target {
  readonly world: World;
  readonly store: Store;
  readonly prefix: string;
}

function incomingOf(
  { world, store, prefix }: Target,
  record: PackageRecord,
  { artifact, manifest }: Pick<Incoming, "artifact" | "manifest">,
): Incoming {
  const relocated = relocateArtifact(world, store, { id: artifact, manifest }, prefix);
  if (relocated === undefined) throw missing(record.name, "a file that names the prefix");
  return {
    ...carriedOf(record),
    artifact,
    pins: [],
    tree: store.layout.artifactTree(artifact),
    ...relocated,
  };
}

function missing(name: string, path: string): TenonError {
  return new TenonError({
    kind: "source",
    code: "BUNDLE_WRONG",
    message: `the bundle is refused: ${path} of ${name} is not in it as its list says`,
    hints: ["Get the file again, or make it again with `tenon bundle`."],
  });
}

function wrongPlace(prefix: string, defect: string): TenonError {
  return new TenonError({
    kind: "usage",
    code: "WRONG_PLACE",
    message: `files of a bundle cannot name ${prefix}: ${defect}`,
    hints: ["Choose another prefix: `tenon install FILE.sh --prefix DIR`."],
  });
}
