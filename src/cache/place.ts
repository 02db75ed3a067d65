/** Where a shared cache is: blobs by their digests, and a few names. What comes from there is believed by nobody yet. */
import type { Digest } from "../core/index.ts";

export interface Blob {
  readonly sha256: Digest;
  readonly sizeBytes: number;
}

export interface CachePlace {
  /** How it is called for people: its address without credentials, or its folder. */
  readonly name: string;
  /** What a name stands for now; undefined where nobody has pushed there. Throws CacheTrouble. */
  readName(name: string, limitBytes: number): Promise<Uint8Array | undefined>;
  /** The bytes as they come, unchecked. Throws CacheTrouble, of kind `missing` where it is not there. */
  readBlob(blob: Blob): AsyncIterable<Uint8Array>;
}

/** A place that can be pushed to. */
export interface PushPlace extends CachePlace {
  hasBlob(blob: Blob): Promise<boolean>;
  /** `file` is absolute, and has just these bytes. */
  writeBlob(blob: Blob, file: string): Promise<void>;
  writeName(name: string, content: Uint8Array): Promise<void>;
  /** For places that remove what nothing names: the blobs of one entry belong together, under a name. */
  bind(name: string, blobs: readonly Blob[]): Promise<void>;
  /** Runs the action while nobody else changes the same name, as far as the place can see to that. */
  alone<Result>(name: string, action: () => Promise<Result>): Promise<Result>;
}

/**
 * Why nothing could be had: `unreachable`, the place or the way to it (nobody's fault, as far as one can see);
 * `missing`, it is not there; `refused`, it is there, and is not what was signed.
 */
export type TroubleKind = "unreachable" | "missing" | "refused";

export class CacheTrouble extends Error {
  readonly kind: TroubleKind;

  /** `reason`: a sentence without an end that stands alone. */
  constructor(kind: TroubleKind, reason: string, cause?: unknown) {
    super(reason, { cause });
    this.name = "CacheTrouble";
    this.kind = kind;
  }
}

/** A page for a person where something else should be: a proxy, or a form to sign in. */
export function isPage(head: Uint8Array): boolean {
  const text = Buffer.from(head.subarray(0, 512)).toString("latin1");
  return /^(?:\xEF\xBB\xBF)?\s*<(?:!doctype html|html|head|\?xml)/i.test(text);
}

export const indexName = (keyId: string): string => `index-${keyId}`;

/** The name of the index that nobody has signed. */
export const unsignedIndex = "index-unsigned";

/** All of it, but no more than the limit, after which the place is given up. */
export async function collect(
  pieces: AsyncIterable<Uint8Array>,
  limitBytes: number,
  what: string,
): Promise<Buffer> {
  const kept: Uint8Array[] = [];
  let sizeBytes = 0;
  for await (const piece of pieces) {
    sizeBytes += piece.length;
    if (sizeBytes > limitBytes)
      throw new CacheTrouble("refused", `${what} is larger than it can be`);
    kept.push(piece);
  }
  return Buffer.concat(kept);
}
