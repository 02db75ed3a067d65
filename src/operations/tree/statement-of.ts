/** What is signed of an archive: an in-toto statement (version 1) of its name and its digest, as a DSSE envelope. */
import { statementType } from "../../cache/index.ts";
import type { Digest } from "../../core/index.ts";
import { type Envelope, type SecretKey, seal } from "../../signing/index.ts";

export interface ArchiveFacts {
  readonly name: string;
  readonly sha256: Digest;
  /** Milliseconds since 1970. */
  readonly atMs: number;
  /** The version of tenon. */
  readonly tool: string;
}

/** Signed with each of the keys. */
export function statementOf(facts: ArchiveFacts, keys: readonly SecretKey[]): Envelope {
  const { name, sha256, atMs, tool } = facts;
  const payload = Buffer.from(
    JSON.stringify({
      _type: "https://in-toto.io/Statement/v1",
      subject: [{ name, digest: { sha256 } }],
      predicateType: "urn:tenon:bundle:v1",
      predicate: { tenon: tool, madeOn: new Date(atMs).toISOString() },
    }),
  );
  const [first, ...more] = keys.map((key) => seal(statementType, payload, key)) as [Envelope];
  return { ...first, signatures: [first, ...more].flatMap(({ signatures }) => signatures) };
}
