/**
 * What a builder signs of one result: an in-toto statement (version 1) whose predicate is SLSA provenance (version 1).
 * Its subjects are the artifact, by the digest of its manifest, and the pack that brings it. It has everything that the
 * package key is the digest of, so the key is checked, not believed.
 */
import {
  type Digest,
  digestOfJson,
  isDigest,
  type Json,
  type StrayLibrary,
} from "../core/index.ts";
import { type FilePin, isFilePin } from "../relocation/index.ts";
import type { Blob } from "./place.ts";

export const statementType = "application/vnd.in-toto+json";
export const largestStatement = 1 << 24;

/** One thing that a key depends on, as `plan/` has it. */
interface NamedInput {
  readonly name: string;
  readonly value: Json;
}

/** Something that came from outside, as SLSA describes it. */
export interface Material {
  readonly uri?: string;
  readonly name?: string;
  readonly digest?: { readonly sha256?: Digest; readonly gitCommit?: string };
}

/** What of the record of a key is the same on every machine. */
interface SharedFacts {
  readonly durationMs: number;
  readonly checked?: Digest;
  readonly pins?: readonly FilePin[];
  readonly libraries?: readonly StrayLibrary[];
}

export interface Statement {
  readonly key: Digest;
  readonly package: string;
  readonly version: string;
  readonly artifact: Digest;
  readonly pack: Blob;
  readonly inputs: readonly NamedInput[];
  readonly facts: SharedFacts;
  /** Milliseconds since 1970. */
  readonly builtAtMs: number;
}

export interface StatementToMake extends Statement {
  readonly materials: readonly Material[];
  readonly builder: { readonly id: string; readonly tenon: string };
}

const inTotoType = "https://in-toto.io/Statement/v1";
const predicateType = "https://slsa.dev/provenance/v1";
const buildType = "urn:tenon:package-build:v1";

export function renderStatement(made: StatementToMake): Buffer {
  const { key, version, artifact, pack, inputs, facts, builtAtMs, materials, builder } = made;
  const { package: name } = made;
  const atTime = (ms: number): string => new Date(ms).toISOString();
  return Buffer.from(
    JSON.stringify({
      _type: inTotoType,
      subject: [
        { name: `artifact of ${name} ${version}`, digest: { sha256: artifact } },
        { name: `pack of ${name} ${version}`, digest: { sha256: pack.sha256 } },
      ],
      predicateType,
      predicate: {
        buildDefinition: {
          buildType,
          externalParameters: { package: name, version, key },
          internalParameters: { inputs: inputs.map((input) => [input.name, input.value]) },
          resolvedDependencies: materials,
        },
        runDetails: {
          builder: { id: builder.id, version: { tenon: builder.tenon } },
          metadata: {
            startedOn: atTime(builtAtMs - facts.durationMs),
            finishedOn: atTime(builtAtMs),
          },
          tenon_pack: { sizeBytes: pack.sizeBytes },
          tenon_facts: facts,
        },
      },
    }),
  );
}

/** Undefined for what is not such a statement, or one whose inputs do not give its key. */
export function readStatement(payload: Uint8Array): Statement | undefined {
  const found = fieldsOf(payload);
  if (found === undefined || !isComplete(found)) return undefined;
  const { key, inputs, pack, facts, builtAt, ...others } = found as Fields;
  if (digestOfJson(inputs) !== key) return undefined;
  return {
    ...others,
    key,
    pack,
    facts,
    inputs: inputs.map(([name, value]) => ({ name, value })),
    builtAtMs: Date.parse(builtAt),
  };
}

interface Fields extends Omit<Statement, "inputs" | "builtAtMs"> {
  readonly inputs: readonly (readonly [string, Json])[];
  readonly builtAt: string;
}

/** Whatever stands in the places of the fields. */
function fieldsOf(payload: Uint8Array): Partial<Record<keyof Fields, unknown>> | undefined {
  const root = parse(payload);
  if (at(root, "_type") !== inTotoType || at(root, "predicateType") !== predicateType)
    return undefined;
  const definition = at(root, "predicate", "buildDefinition");
  const details = at(root, "predicate", "runDetails");
  if (at(definition, "buildType") !== buildType) return undefined;
  const given = at(definition, "externalParameters");
  return {
    key: at(given, "key"),
    package: at(given, "package"),
    version: at(given, "version"),
    artifact: at(root, "subject", 0, "digest", "sha256"),
    pack: {
      sha256: at(root, "subject", 1, "digest", "sha256"),
      sizeBytes: at(details, "tenon_pack", "sizeBytes"),
    },
    inputs: at(definition, "internalParameters", "inputs"),
    facts: at(details, "tenon_facts"),
    builtAt: at(details, "metadata", "finishedOn"),
  };
}

function isComplete(found: Partial<Record<keyof Fields, unknown>>): boolean {
  const { sha256, sizeBytes } = found.pack as Partial<Blob>;
  return (
    [found.key, found.artifact, sha256].every(isDigest) &&
    Number.isSafeInteger(sizeBytes) &&
    typeof found.package === "string" &&
    typeof found.version === "string" &&
    typeof found.builtAt === "string" &&
    !Number.isNaN(Date.parse(found.builtAt)) &&
    Array.isArray(found.inputs) &&
    found.inputs.every(isInput) &&
    areFacts(found.facts)
  );
}

function isInput(value: unknown): boolean {
  return Array.isArray(value) && value.length === 2 && typeof value[0] === "string";
}

function areFacts(value: unknown): boolean {
  const { durationMs, checked, pins, libraries } = (value ?? {}) as Partial<SharedFacts>;
  return (
    typeof durationMs === "number" &&
    (checked === undefined || isDigest(checked)) &&
    (pins === undefined || (Array.isArray(pins) && pins.length > 0 && pins.every(isFilePin))) &&
    (libraries === undefined || (Array.isArray(libraries) && libraries.every(isStray)))
  );
}

const wheres: ReadonlySet<unknown> = new Set(["machine", "prefix", "nowhere"]);

function isStray(value: unknown): boolean {
  const { path, library, where, folder } = (value ?? {}) as Partial<StrayLibrary>;
  return (
    typeof path === "string" &&
    typeof library === "string" &&
    wheres.has(where) &&
    (folder === undefined || typeof folder === "string")
  );
}

function parse(payload: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(payload).toString("utf8"));
  } catch {
    return undefined;
  }
}

function at(value: unknown, ...names: readonly (string | number)[]): unknown {
  let found = value;
  for (const name of names) {
    if (typeof found !== "object" || found === null || !Object.hasOwn(found, name))
      return undefined;
    found = (found as Record<string | number, unknown>)[name];
  }
  return found;
}
