/**
 * Signed texts as DSSE envelopes (Dead Simple Signing Envelope, version 1): JSON with a payload, the payload's type and
 * signatures of both. Other tools read and check them, too.
 */
import { sign, verify } from "node:crypto";
import type { PublicKey, SecretKey } from "./keys.ts";

export interface Envelope {
  readonly payloadType: string;
  /** In base64. */
  readonly payload: string;
  readonly signatures: readonly { readonly keyid: string; readonly sig: string }[];
}

export function seal(payloadType: string, payload: Uint8Array, key: SecretKey): Envelope {
  const sig = sign(null, signedBytes(payloadType, payload), key.signingKey).toString("base64");
  return { ...sealUnsigned(payloadType, payload), signatures: [{ keyid: key.id, sig }] };
}

/** An envelope that nobody vouches for. */
export function sealUnsigned(payloadType: string, payload: Uint8Array): Envelope {
  return { payloadType, payload: Buffer.from(payload).toString("base64"), signatures: [] };
}

/**
 * The payload, where it is of this type and one of the signatures is the key's. Undefined else: whatever is in there
 * then is nobody's word.
 */
export function openEnvelope(
  envelope: Envelope,
  payloadType: string,
  key: PublicKey,
): Buffer | undefined {
  if (envelope.payloadType !== payloadType) return undefined;
  const payload = payloadOf(envelope);
  const signed = signedBytes(payloadType, payload);
  const isSigned = envelope.signatures
    .filter(({ keyid }) => keyid === key.id)
    .some(({ sig }) => verify(null, signed, key.key, Buffer.from(sig, "base64")));
  return isSigned ? payload : undefined;
}

/** What it says, whoever has said it. */
export function payloadOf({ payload }: Envelope): Buffer {
  return Buffer.from(payload, "base64");
}

export function renderEnvelope(envelope: Envelope): string {
  return `${JSON.stringify(envelope)}\n`;
}

/** Undefined for what is not an envelope. */
export function parseEnvelope(bytes: Uint8Array): Envelope | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(bytes).toString("utf8"));
    return isEnvelope(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

const mostSignatures = 16;
const base64 = /^[A-Za-z0-9+/]*={0,2}$/;

export function isEnvelope(value: unknown): value is Envelope {
  const { payloadType, payload, signatures } = (value ?? {}) as Partial<Envelope>;
  return (
    typeof payloadType === "string" &&
    isBase64(payload) &&
    Array.isArray(signatures) &&
    signatures.length <= mostSignatures &&
    signatures.every(isSignature)
  );
}

function isSignature(value: unknown): boolean {
  const { keyid, sig } = (value ?? {}) as Partial<Record<string, unknown>>;
  return typeof keyid === "string" && isBase64(sig);
}

function isBase64(value: unknown): value is string {
  return typeof value === "string" && value.length % 4 === 0 && base64.test(value);
}

/** DSSE's pre-authentication encoding: what is signed says how long each of its parts is. */
function signedBytes(payloadType: string, payload: Uint8Array): Buffer {
  const type = Buffer.from(payloadType);
  const head = `DSSEv1 ${type.length} ${payloadType} ${payload.length} `;
  return Buffer.concat([Buffer.from(head), payload]);
}
