/** SHA-256 digests, as 64 lower-case hex digits, and the canonical JSON that is hashed. */
import { createHash } from "node:crypto";

/** 64 lower-case hex digits. */
export type Digest = string;

const digestPattern = /^[0-9a-f]{64}$/;

export function isDigest(text: string): boolean {
  return digestPattern.test(text);
}

export function digestOf(content: string | Uint8Array): Digest {
  return createHash("sha256").update(content).digest("hex");
}

export interface DigestStream {
  update(chunk: Uint8Array): void;
  /** Ends the stream; call once. */
  digest(): Digest;
}

export function startDigest(): DigestStream {
  const hash = createHash("sha256");
  return {
    update: (chunk) => void hash.update(chunk),
    digest: () => hash.digest("hex"),
  };
}

export type Json =
  | null
  | boolean
  | number
  | string
  | readonly Json[]
  | { readonly [key: string]: Json };

/** JSON with sorted keys and no white space, so that equal values have equal digests. */
export function canonicalJson(value: Json): string {
  return JSON.stringify(value, (_key, part: unknown) =>
    part !== null && typeof part === "object" && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)))
      : part,
  );
}

export function digestOfJson(value: Json): Digest {
  return digestOf(canonicalJson(value));
}
