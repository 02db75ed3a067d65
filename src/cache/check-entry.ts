/** Whether an entry of a cache is what its builder has signed, and what was asked for. Nothing of it is used before. */
import { type Digest, digestOf } from "../core/index.ts";
import {
  type Envelope,
  openEnvelope,
  parseEnvelope,
  payloadOf,
  type PublicKey,
} from "../signing/index.ts";
import type { IndexRow } from "./cache-index.ts";
import { CacheTrouble } from "./place.ts";
import { readStatement, type Statement, statementType } from "./statement.ts";

export interface WantedEntry {
  readonly key: Digest;
  readonly package: string;
  readonly version: string;
}

interface EntryClaim {
  readonly wanted: WantedEntry;
  /** What the index says. */
  readonly row: IndexRow;
  /** Who has to have signed it; undefined where nobody has to. */
  readonly signer: PublicKey | undefined;
  /** What the cache gave for `row.statement`. */
  readonly bytes: Uint8Array;
}

export interface CheckedEntry {
  readonly row: IndexRow;
  readonly envelope: Envelope;
  readonly statement: Statement;
}

/** Throws CacheTrouble. */
export function checkEntry(claim: EntryClaim): CheckedEntry {
  const { row, bytes, wanted } = claim;
  const of = `the statement on ${wanted.package} ${wanted.version}`;
  if (bytes.length < row.statement.sizeBytes)
    throw new CacheTrouble("unreachable", `${of} is cut off: bytes are missing at its end`);
  if (digestOf(bytes) !== row.statement.sha256)
    throw new CacheTrouble("refused", `${of} is not the one that the index names`);
  const envelope = parseEnvelope(bytes);
  const payload = envelope && open(envelope, claim.signer);
  if (envelope === undefined || payload === undefined)
    throw new CacheTrouble("refused", `${of} has no signature of ${signerName(claim.signer)}`);
  const statement = readStatement(payload);
  if (statement === undefined)
    throw new CacheTrouble(
      "refused",
      `${of} is not a statement, or not about the inputs of its key`,
    );
  const other = differenceOf(statement, claim);
  if (other !== undefined)
    throw new CacheTrouble("refused", `${of} is about another ${other} than was asked for`);
  return { row, envelope, statement };
}

function open(envelope: Envelope, signer: PublicKey | undefined): Buffer | undefined {
  if (signer !== undefined) return openEnvelope(envelope, statementType, signer);
  return envelope.payloadType === statementType ? payloadOf(envelope) : undefined;
}

function signerName(signer: PublicKey | undefined): string {
  return signer === undefined ? "the right type" : `the key ${signer.name}`;
}

function differenceOf(statement: Statement, { wanted, row }: EntryClaim): string | undefined {
  if (statement.key !== wanted.key) return "key";
  if (statement.package !== wanted.package) return "package";
  if (statement.version !== wanted.version) return "version";
  if (statement.artifact !== row.artifact) return "artifact";
  const { sha256, sizeBytes } = statement.pack;
  return sha256 === row.pack.sha256 && sizeBytes === row.pack.sizeBytes ? undefined : "pack";
}
