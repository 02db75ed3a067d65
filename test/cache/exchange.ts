/** Two machines that share nothing but a cache, for tests: one pushes, the other takes. */
import {
  type CacheContext,
  openCache,
  openPlace,
  openPushPlace,
  pushResults,
  type PushedResult,
  type SharedCache,
  type Taken,
} from "../../src/cache/index.ts";
import { type Digest, digestOf, digestOfJson, makeManifest } from "../../src/core/index.ts";
import { makeSecretKey, type SecretKey } from "../../src/signing/index.ts";
import { openStore, type Store } from "../../src/store/index.ts";
import type { World } from "../../src/world/index.ts";
import {
  createSimulatedDisk,
  createSimulatedWorld,
  type SimulatedDisk,
} from "../../src/world/simulated/index.ts";

export const cacheFolder = "/srv/cache";
export const nowMs = Date.parse("2026-11-30T12:00:00Z");
export const until = "2027-11-30";

export interface Machine {
  readonly disk: SimulatedDisk;
  readonly world: World;
  readonly store: Store;
}

export function newMachine(disk = createSimulatedDisk(), root = "/store"): Machine {
  const world = createSimulatedWorld({ disk, clock: { startMs: nowMs } });
  return { disk, world, store: openStore(world, root, { sync: false }) };
}

export interface Package {
  readonly name: string;
  readonly version?: string;
  readonly text: string;
}

/** The result of a build whose files have one text. */
export function resultOf({ disk, store }: Machine, given: Package): PushedResult {
  const { name, version = "1", text } = given;
  const stage = `${store.makeScratch(`made-${name}`)}/stage`;
  const path = `share/${name}`;
  disk.plant(stage, { [path]: text });
  const artifact = store.addArtifact(
    stage,
    makeManifest([
      { type: "file", path, mode: 0o644, sizeBytes: text.length, sha256: digestOf(text) },
    ]),
  );
  const inputs = [
    { name: "the package's name", value: name },
    { name: "version", value: version },
  ];
  return {
    key: keyFor(name, version),
    package: name,
    version,
    artifact,
    inputs,
    builtAtMs: nowMs,
    facts: { durationMs: 1000 },
    materials: [],
  };
}

export function keyFor(name: string, version = "1"): Digest {
  return digestOfJson([
    ["the package's name", name],
    ["version", version],
  ]);
}

export function push(
  machine: Machine,
  key: SecretKey | undefined,
  ...packages: readonly Package[]
): ReturnType<typeof pushResults> {
  const { world, store } = machine;
  const results = packages.map((each) => resultOf(machine, each));
  const place = openPushPlace(world, cacheFolder, {});
  return pushResults({ world, store, place, key, tenon: "0" }, results);
}

export interface Asked {
  readonly cache: SharedCache;
  readonly told: string[];
}

/** A reader of the cache with an empty store of its own, or with the given one. */
export async function ask(
  machine: Machine,
  keys: readonly SecretKey[],
  options: Partial<Pick<CacheContext, "isLook">> & {
    readonly require?: number;
    readonly url?: string;
  } = {},
): Promise<Asked> {
  const { world, store } = machine;
  const { require = 1, url = cacheFolder, ...others } = options;
  const told: string[] = [];
  const cache = openCache({
    world,
    store,
    place: openPlace(world, url, {}),
    settings: { keys, require },
    tell: (text) => told.push(text),
    ...others,
  });
  await cache.ask();
  return { cache, told };
}

export function take({ cache }: Asked, name: string, version = "1"): Promise<Taken> {
  return cache.take({ key: keyFor(name, version), package: name, version });
}

export const ci = makeSecretKey("ci", until);
export const second = makeSecretKey("second", until);
export const stranger = makeSecretKey("stranger", until);
