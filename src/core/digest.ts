/** SHA-256 digests, as 64 lower-case hex digits, and the canonical JSON that is hashed. */
import { createHash, hash } from "node:crypto";
import { compareText } from "./paths.ts";

/** 64 lower-case hex digits. */
export type Digest = string;

const digestPattern = /^[0-9a-f]{64}$/;

export function isDigest(text: unknown): text is Digest {
  return typeof text === "string" && digestPattern.test(text);
}

export function digestOf(content: string | Uint8Array): Digest {
  return hash("sha256", content, "hex"); // half the time of a stream
}

interface DigestStream {
  update(chunk: Uint8Array): void;
  /** Ends the stream; call once. */
  digest(): Digest;
}

export function startDigest(): DigestStream {
  const stream = createHash("sha256");
  return {
    update: (chunk) => void stream.update(chunk),
    digest: () => stream.digest("hex"),
  };
}

/** 40 lower-case hex digits: checked where a person's files name no better digest, and never stored. */
export type Sha1 = string;

export function startSha1(): DigestStream {
  const stream = createHash("sha1");
  return {
    update: (chunk) => void stream.update(chunk),
    digest: (): Sha1 => stream.digest("hex"),
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
  return JSON.stringify(withSortedKeys(value));
}

export function digestOfJson(value: Json): Digest {
  return digestOf(canonicalJson(value));
}

/** As a copy: a replacer function would take twice the time. */
function withSortedKeys(value: Json): Json {
  if (value === null || typeof value !== "object") return value;
  if (isList(value)) return value.every(isPlain) ? value : value.map(withSortedKeys);
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => compareText(a, b))
      .map(([key, part]) => [key, withSortedKeys(part)]),
  );
}

/** Most lists hold nothing to sort, and need no copy. */
function isPlain(value: Json): boolean {
  return value === null || typeof value !== "object";
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}
