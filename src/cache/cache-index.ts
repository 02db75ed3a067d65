/**
 * The index of a cache: one signed list a key of all that it vouches for, so that one question answers for all packages
 * before anything is built. Its number only grows, so that an old one, in which a result may be that was taken back
 * since, is known for what it is.
 */
import { type Digest, isDigest } from "../core/index.ts";
import { type FilePin, isFilePin } from "../relocation/index.ts";
import {
  type Envelope,
  openEnvelope,
  parseEnvelope,
  payloadOf,
  type PublicKey,
  seal,
  sealUnsigned,
  type SecretKey,
} from "../signing/index.ts";
import { type Blob, CacheTrouble } from "./place.ts";

/** What one builder says of one package key. */
export interface IndexRow {
  readonly artifact: Digest;
  readonly package: string;
  readonly version: string;
  /** The envelope with the whole statement. */
  readonly statement: Blob;
  readonly pack: Blob;
  readonly durationMs: number;
  readonly checked?: Digest;
  readonly pins?: readonly FilePin[];
  /** On which its key depends, so that a machine without one can ask for it. */
  readonly compiler?: string;
}

export interface CacheIndex {
  /** Milliseconds since 1970 when it was written, or one more than the number before. */
  readonly counter: number;
  readonly entries: ReadonlyMap<Digest, IndexRow>;
}

export const indexType = "application/vnd.tenon.cache-index+json";
export const largestIndex = 1 << 27;
const format = 1;

/** Without a key, nobody vouches for it. */
export function sealIndex({ counter, entries }: CacheIndex, key: SecretKey | undefined): Envelope {
  const rows = Object.fromEntries([...entries].sort(([a], [b]) => (a < b ? -1 : 1)));
  const payload = Buffer.from(JSON.stringify({ format, counter, entries: rows }));
  return key === undefined ? sealUnsigned(indexType, payload) : seal(indexType, payload, key);
}

/** Throws CacheTrouble: `refused` where the key has not signed it, `unreachable` where it is not an index at all. */
export function openIndex(bytes: Uint8Array, key: PublicKey | undefined, name: string): CacheIndex {
  const envelope = parseEnvelope(bytes);
  if (envelope === undefined)
    throw new CacheTrouble("unreachable", `${name} gives no index of a cache`);
  const payload =
    key === undefined ? unsignedPayload(envelope) : openEnvelope(envelope, indexType, key);
  if (payload === undefined) {
    const whose = key === undefined ? "an unsigned one" : `that of the key ${key.name}`;
    throw new CacheTrouble(
      "refused",
      `the index of ${name} is not ${whose}: its signature is wrong`,
    );
  }
  return readIndex(payload, name);
}

function unsignedPayload(envelope: Envelope): Buffer | undefined {
  return envelope.payloadType === indexType ? payloadOf(envelope) : undefined;
}

function readIndex(payload: Buffer, name: string): CacheIndex {
  const value = parse(payload) as Partial<Record<string, unknown>> | null | undefined;
  const { counter, entries } = value ?? {};
  if (value?.["format"] !== format || typeof counter !== "number" || !isTable(entries))
    throw new CacheTrouble("unreachable", `the index of ${name} is of another tenon`);
  const rows = Object.entries(entries).filter(
    (row): row is [Digest, IndexRow] => isDigest(row[0]) && isRow(row[1]),
  );
  return { counter, entries: new Map(rows) };
}

function parse(payload: Buffer): unknown {
  try {
    return JSON.parse(payload.toString("utf8"));
  } catch {
    return undefined;
  }
}

function isTable(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isRow(value: unknown): boolean {
  const row = (value ?? {}) as Partial<IndexRow>;
  return (
    isDigest(row.artifact) &&
    typeof row.package === "string" &&
    typeof row.version === "string" &&
    isBlob(row.statement) &&
    isBlob(row.pack) &&
    typeof row.durationMs === "number" &&
    (row.checked === undefined || isDigest(row.checked)) &&
    (row.compiler === undefined || typeof row.compiler === "string") &&
    (row.pins === undefined || (Array.isArray(row.pins) && row.pins.every(isFilePin)))
  );
}

export function isBlob(value: unknown): value is Blob {
  const { sha256, sizeBytes } = (value ?? {}) as Partial<Blob>;
  return isDigest(sha256) && Number.isSafeInteger(sizeBytes) && (sizeBytes ?? -1) >= 0;
}
