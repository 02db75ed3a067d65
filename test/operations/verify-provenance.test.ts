/** A record is traced to what was signed, or it is said what is wrong with it. */
import { expect, test } from "vitest";
import { renderStatement, statementType } from "../../src/cache/statement.ts";
import { digestOf, digestOfJson, digestOfManifest, type Entry } from "../../src/core/index.ts";
import { verifyProvenance } from "../../src/operations/verify-provenance.ts";
import type { PackageRecord } from "../../src/prefix/index.ts";
import { type Envelope, makeSecretKey, seal, type SecretKey } from "../../src/signing/index.ts";

const ci = makeSecretKey("ci", "2027-11-30");
const other = makeSecretKey("other", "2027-11-30");
const original = { sizeBytes: 3, sha256: digestOf("abc") };
const map = ["text", [0]] as const;
const plain: Entry = { type: "file", path: "a", mode: 0o644, sizeBytes: 1, sha256: digestOf("a") };
const inArtifact: Entry = {
  type: "file",
  path: "b",
  mode: 0o644,
  ...original,
  relocation: { map },
};
const inPrefix: Entry = {
  type: "file",
  path: "b",
  mode: 0o644,
  sizeBytes: 9,
  sha256: digestOf("relocated"),
  relocation: { map, original },
};
const artifact = digestOfManifest([plain, inArtifact]);

function statementOf(
  changes: { name?: string; artifact?: string } = {},
  key: SecretKey = ci,
): Envelope {
  const { name = "x" } = changes;
  const payload = renderStatement({
    key: digestOfJson([]),
    package: name,
    version: "1",
    artifact: changes.artifact ?? artifact,
    pack: { sha256: digestOf("pack"), sizeBytes: 4 },
    inputs: [],
    facts: { durationMs: 1 },
    builtAtMs: 0,
    materials: [],
    builder: { id: "urn:x", tenon: "0" },
  });
  return seal(statementType, payload, key);
}

function recordWith(changes: Partial<PackageRecord>): PackageRecord {
  return {
    name: "x",
    version: "1",
    artifact,
    depends: [],
    takesOver: [],
    ceded: [],
    installedAtMs: 0,
    transaction: "t",
    manifest: [plain, inPrefix],
    provenance: [statementOf()],
    ...changes,
  };
}

const judge = (changes: Partial<PackageRecord>, keys = [ci]) =>
  verifyProvenance([recordWith(changes)], keys);

test("with its relocation undone, it is what was signed", () => {
  expect(judge({})).toEqual({ traced: 1, signers: ["ci"], unknown: [], faults: [] });
  const ceded = { manifest: [inPrefix], ceded: ["a"], cededEntries: [plain] };
  expect(judge(ceded)).toMatchObject({ traced: 1, faults: [] });
});

test("what nobody has signed is not spoken of", () => {
  const { provenance: _none, ...built } = recordWith({});
  expect(verifyProvenance([built], [ci])).toBeUndefined();
});

test("a key that the workspace does not list says nothing", () => {
  expect(judge({}, [other])).toMatchObject({ traced: 0, unknown: ["x"], faults: [] });
});

const forged = statementOf({}, other);

test.each<[string, Partial<PackageRecord>, string]>([
  ["another file", { manifest: [plain] }, "its list of files is not the one of its artifact"],
  [
    "another original",
    {
      manifest: [
        plain,
        { ...inPrefix, relocation: { map, original: { ...original, sizeBytes: 4 } } },
      ],
    },
    "its list of files is not the one of its artifact",
  ],
  [
    "another artifact",
    { provenance: [statementOf({ artifact: digestOf("y") })] },
    "something else",
  ],
  ["another package", { provenance: [statementOf({ name: "y" })] }, "something else"],
  [
    "another signature",
    {
      provenance: [
        { ...forged, signatures: forged.signatures.map(({ sig }) => ({ keyid: ci.id, sig })) },
      ],
    },
    "the signature of ci in its record is wrong",
  ],
])("with %s, it is a fault", (_, changes, reason) => {
  expect(judge(changes)?.faults).toEqual([
    { package: "x", reason: expect.stringContaining(reason) },
  ]);
});
