/**
 * Putting results into a shared cache: what is new of them is packed, signed and brought there, the index at last. Whoever
 * is killed meanwhile leaves blobs that nobody names.
 */
import { type Digest, startDigest } from "../core/index.ts";
import { compilerOf } from "../plan/index.ts";
import { renderEnvelope, seal, sealUnsigned, type SecretKey } from "../signing/index.ts";
import { eachAtOnce } from "../source/index.ts";
import { packArtifact, type Store } from "../store/index.ts";
import { removeTree, type World } from "../world/index.ts";
import { type CacheIndex, type IndexRow, sealIndex } from "./cache-index.ts";
import { blobOf } from "./folder-place.ts";
import { readIndex } from "./open-cache.ts";
import { type Blob, indexName, type PushPlace, unsignedIndex } from "./place.ts";
import { noteCounter } from "./seen.ts";
import { renderStatement, type StatementToMake, statementType } from "./statement.ts";

/** One result, without what only packing it shows. */
export type PushedResult = Omit<StatementToMake, "pack" | "builder">;

interface PushContext {
  readonly world: World;
  readonly store: Store;
  readonly place: PushPlace;
  /** Without one, nobody vouches for what is pushed. */
  readonly key: SecretKey | undefined;
  /** The version of tenon. */
  readonly tenon: string;
  readonly onPushed?: (pushed: PushedEntry) => void;
}

export interface PushedEntry {
  readonly package: string;
  readonly version: string;
  /** What was brought; 0 where the cache had the pack already. */
  readonly sizeBytes: number;
}

export interface Pushed {
  readonly pushed: readonly PushedEntry[];
  /** How many the cache had already. */
  readonly known: number;
  /** How many entries the index has with them. */
  readonly total: number;
}

export function pushResults(
  context: PushContext,
  results: readonly PushedResult[],
): Promise<Pushed> {
  const { place, key } = context;
  const name = key === undefined ? unsignedIndex : indexName(key.id);
  return place.alone(name, async () => {
    const before = (await readIndex(context, key)) ?? { counter: 0, entries: new Map() };
    const missing = await findMissing(place, before, results);
    const scratch = `push-${context.world.clock.uniqueId()}`;
    const folder = context.store.makeScratch(scratch);
    try {
      const rows = await eachAtOnce(missing, (result) => pushOne(context, folder, result), 2);
      if (rows.length > 0) await writeIndex(context, name, before, rows);
      return {
        pushed: rows.map(({ pushed }) => pushed),
        known: results.length - missing.length,
        total:
          before.entries.size + rows.filter(({ result }) => !before.entries.has(result.key)).length,
      };
    } finally {
      context.store.removeScratch(scratch);
    }
  });
}

/** What the index does not have, or has without its blobs. */
async function findMissing(
  place: PushPlace,
  { entries }: CacheIndex,
  results: readonly PushedResult[],
): Promise<PushedResult[]> {
  const isThere = await eachAtOnce(
    results,
    async ({ key, artifact, facts }) => {
      const row = entries.get(key);
      if (row?.artifact !== artifact || row.checked !== facts.checked) return false;
      return (await place.hasBlob(row.pack)) && (await place.hasBlob(row.statement));
    },
    8,
  );
  return results.filter((_, index) => isThere[index] !== true);
}

interface PushedRow {
  readonly result: PushedResult;
  readonly row: IndexRow;
  readonly pushed: PushedEntry;
}

async function pushOne(
  context: PushContext,
  folder: string,
  result: PushedResult,
): Promise<PushedRow> {
  const { place, world, store, key } = context;
  const { artifact, version, facts } = result;
  const file = `${folder}/${result.key}`;
  const pack = await writePack(world, store, artifact, file);
  const isNew = !(await place.hasBlob(pack));
  if (isNew) await place.writeBlob(pack, file);
  removeTree(world.disk, file);
  const statement = await pushStatement(context, file, { ...result, pack });
  const id = key === undefined ? "unsigned" : key.id.slice(0, 16);
  await place.bind(`${result.key}-${id}`, [statement, pack]);
  const pushed = { package: result.package, version, sizeBytes: isNew ? pack.sizeBytes : 0 };
  context.onPushed?.(pushed);
  const { durationMs, checked, pins } = facts;
  const compiler = compilerOf(result.inputs);
  const row: IndexRow = {
    artifact,
    package: result.package,
    version,
    statement,
    pack,
    durationMs,
    ...(checked === undefined ? {} : { checked }),
    ...(pins === undefined || pins.length === 0 ? {} : { pins }),
    ...(compiler === undefined ? {} : { compiler }),
  };
  return { result, row, pushed };
}

async function pushStatement(
  { place, world, key, tenon }: PushContext,
  file: string,
  made: Omit<StatementToMake, "builder">,
): Promise<Blob> {
  const id = key === undefined ? "urn:tenon:unsigned" : `urn:tenon:key:${key.id}`;
  const payload = renderStatement({ ...made, builder: { id, tenon } });
  const envelope =
    key === undefined ? sealUnsigned(statementType, payload) : seal(statementType, payload, key);
  const content = Buffer.from(renderEnvelope(envelope));
  world.disk.createFile(file, content);
  const blob = blobOf(content);
  await place.writeBlob(blob, file);
  removeTree(world.disk, file);
  return blob;
}

async function writePack(
  world: World,
  store: Store,
  artifact: Digest,
  file: string,
): Promise<Blob> {
  const digest = startDigest();
  let sizeBytes = 0;
  const writer = world.disk.openWriter(file);
  try {
    for await (const piece of packArtifact(world, store, { artifact })) {
      digest.update(piece);
      writer.write(piece);
      sizeBytes += piece.length;
    }
  } finally {
    writer.close();
  }
  return { sha256: digest.digest(), sizeBytes };
}

async function writeIndex(
  { place, world, store, key }: PushContext,
  name: string,
  before: CacheIndex,
  rows: readonly PushedRow[],
): Promise<void> {
  const entries = new Map(before.entries);
  for (const { result, row } of rows) entries.set(result.key, row);
  const counter = Math.max(before.counter + 1, world.clock.now());
  const content = Buffer.from(renderEnvelope(sealIndex({ counter, entries }, key)));
  await place.writeName(name, content);
  noteCounter({ world, store, place: place.name, keyId: key?.id ?? "unsigned" }, counter);
}
