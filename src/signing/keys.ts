/**
 * Ed25519 keys, each as one line that a person can copy: its name, the last day on which it counts (UTC), and 32 bytes in
 * base64. `ci 2027-11-30 mXq…=`; a secret one has the word `secret` before that.
 */
import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
} from "node:crypto";
import { type Digest, digestOf } from "../core/index.ts";

export interface PublicKey {
  /** For people: whose key it is. */
  readonly name: string;
  /** `2027-11-30`: the last day on which its signatures count, in UTC. */
  readonly until: string;
  /** The digest of its 32 bytes. */
  readonly id: Digest;
  readonly bytes: Buffer;
  readonly key: KeyObject;
}

export interface SecretKey extends PublicKey {
  /** The 32 bytes that the key is made of. */
  readonly seed: Buffer;
  readonly signingKey: KeyObject;
}

const keyBytes = 32;
const line = /^([A-Za-z0-9][A-Za-z0-9._@+-]{0,63})\s+(\d{4}-\d{2}-\d{2})\s+([A-Za-z0-9+/]{43}=)$/;
const secretWord = /^secret\s+/;

/** Undefined for what is not such a line. */
export function parsePublicKey(text: string): PublicKey | undefined {
  const found = parseLine(text);
  return found && publicKeyOf(found);
}

export function parseSecretKey(text: string): SecretKey | undefined {
  const trimmed = text.trim();
  const found = secretWord.test(trimmed) ? parseLine(trimmed.replace(secretWord, "")) : undefined;
  return found && secretKeyOf(found.name, found.until, found.bytes);
}

export function renderPublicKey({ name, until, bytes }: PublicKey): string {
  return `${name} ${until} ${bytes.toString("base64")}`;
}

export function renderSecretKey({ name, until, seed }: SecretKey): string {
  return `secret ${name} ${until} ${seed.toString("base64")}`;
}

export function makeSecretKey(name: string, until: string): SecretKey {
  const { d } = generateKeyPairSync("ed25519").privateKey.export({ format: "jwk" });
  return secretKeyOf(name, until, Buffer.from(d ?? "", "base64url"));
}

/** Nothing of the secret is left in it. */
export function publicPart({ name, until, id, bytes, key }: SecretKey): PublicKey {
  return { name, until, id, bytes, key };
}

/** The day of a moment, in UTC. */
export function dayOf(atMs: number): string {
  return new Date(atMs).toISOString().slice(0, 10);
}

/** The last day of a key that counts for so many days from now on. */
export function lastDay(nowMs: number, days: number): string {
  return dayOf(nowMs + days * 24 * 60 * 60 * 1000);
}

export function isExpired({ until }: Pick<PublicKey, "until">, nowMs: number): boolean {
  return dayOf(nowMs) > until;
}

interface ParsedLine {
  readonly name: string;
  readonly until: string;
  readonly bytes: Buffer;
}

function parseLine(text: string): ParsedLine | undefined {
  const [, name = "", until = "", encoded = ""] = line.exec(text.trim()) ?? [];
  const bytes = Buffer.from(encoded, "base64");
  const isDay = until === dayOrNothing(until);
  const isExact = bytes.length === keyBytes && bytes.toString("base64") === encoded;
  return isDay && isExact ? { name, until, bytes } : undefined;
}

function dayOrNothing(text: string): string | undefined {
  const atMs = Date.parse(`${text}T00:00:00Z`);
  return Number.isNaN(atMs) ? undefined : dayOf(atMs);
}

function publicKeyOf({ name, until, bytes }: ParsedLine): PublicKey {
  const x = bytes.toString("base64url");
  const key = createPublicKey({ key: { kty: "OKP", crv: "Ed25519", x }, format: "jwk" });
  return { name, until, id: digestOf(bytes), bytes, key };
}

// Of PKCS #8 for Ed25519 (RFC 8410), up to the 32 bytes.
const pkcs8Start = Buffer.from("302e020100300506032b657004220420", "hex");

function secretKeyOf(name: string, until: string, seed: Buffer): SecretKey {
  const der = Buffer.concat([pkcs8Start, seed]);
  const signingKey = createPrivateKey({ key: der, format: "der", type: "pkcs8" });
  const { x } = createPublicKey(signingKey).export({ format: "jwk" });
  const bytes = Buffer.from(x ?? "", "base64url");
  return { ...publicKeyOf({ name, until, bytes }), seed, signingKey };
}
