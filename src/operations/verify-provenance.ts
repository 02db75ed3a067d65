/**
 * Whether what a prefix has of a package is what its builders have signed (I14): the record's list, with each relocation
 * undone, gives the artifact's digest, and that is the one in the signed statement. The files themselves are compared
 * with the record beside this.
 */
import { readStatement, statementType } from "../cache/index.ts";
import {
  compareText,
  digestOfManifest,
  type Entry,
  type Manifest,
  namesPrefix,
} from "../core/index.ts";
import type { PackageRecord } from "../prefix/index.ts";
import { artifactEntry } from "../relocation/index.ts";
import { type Envelope, openEnvelope, payloadOf, type PublicKey } from "../signing/index.ts";

export interface Provenance {
  /** How many packages are what a known key has signed. */
  readonly traced: number;
  /** The names of these keys. */
  readonly signers: readonly string[];
  /** Packages of which no known key says anything. */
  readonly unknown: readonly string[];
  /** Packages that are not what was signed, and why, as the rest of a sentence. */
  readonly faults: readonly { readonly package: string; readonly reason: string }[];
}

/** Of what came from a shared cache; undefined where nothing did. */
export function verifyProvenance(
  records: Iterable<PackageRecord>,
  keys: readonly PublicKey[],
): Provenance | undefined {
  const signers = new Set<string>();
  const unknown: string[] = [];
  const faults: { package: string; reason: string }[] = [];
  let traced = 0;
  for (const record of records) {
    if (record.provenance === undefined) continue;
    const found = judge(record, record.provenance, keys);
    if ("reason" in found) faults.push({ package: record.name, reason: found.reason });
    else if (found.signers.length === 0) unknown.push(record.name);
    else traced += 1;
    if ("signers" in found) for (const name of found.signers) signers.add(name);
  }
  if (traced + unknown.length + faults.length === 0) return undefined;
  return { traced, signers: [...signers].sort(compareText), unknown, faults };
}

function judge(
  record: PackageRecord,
  envelopes: readonly Envelope[],
  keys: readonly PublicKey[],
): { readonly signers: readonly string[] } | { readonly reason: string } {
  if (digestOfManifest(originalOf(record)) !== record.artifact)
    return { reason: "its list of files is not the one of its artifact" };
  const signers: string[] = [];
  for (const envelope of envelopes) {
    const named = keys.filter(({ id }) => envelope.signatures.some(({ keyid }) => keyid === id));
    const opened = named.filter((key) => openEnvelope(envelope, statementType, key) !== undefined);
    if (opened.length < named.length)
      return { reason: `the signature of ${named[0]?.name ?? ""} in its record is wrong` };
    const statement = readStatement(payloadOf(envelope));
    if (statement?.artifact !== record.artifact || statement.package !== record.name)
      return { reason: "the statement in its record is about something else" };
    signers.push(...opened.map(({ name }) => name));
  }
  return { signers };
}

/** The manifest of the artifact: what was taken over is in it, and nothing of it names the prefix. */
function originalOf({ manifest, cededEntries = [] }: PackageRecord): Manifest {
  return [...manifest, ...cededEntries]
    .map((entry): Entry => (namesPrefix(entry) ? (artifactEntry(entry) ?? entry) : entry))
    .sort((a, b) => compareText(a.path, b.path));
}
