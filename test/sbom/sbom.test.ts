/** Bills of materials: names, edges and digests are all in them, and the same bill gives the same text. */
import { expect, test } from "vitest";
import { packageUrl, uuidOf } from "../../src/sbom/bill.ts";
import { renderCycloneDx } from "../../src/sbom/cyclonedx.ts";
import { renderSpdx } from "../../src/sbom/spdx.ts";
import { statedLicence } from "../../src/sbom/stated-licence.ts";
import { digestOf } from "../../src/core/index.ts";
import { bill, packages } from "./bills.ts";

interface Spdx {
  readonly documentNamespace: string;
  readonly packages: readonly { SPDXID: string; licenseDeclared: string; filesAnalyzed: boolean }[];
  readonly files: readonly { SPDXID: string; fileName: string }[];
  readonly hasExtractedLicensingInfos: readonly { licenseId: string; extractedText: string }[];
  readonly relationships: readonly Record<
    "spdxElementId" | "relationshipType" | "relatedSpdxElement",
    string
  >[];
}

const spdx = JSON.parse(renderSpdx(bill)) as Spdx;

function related(type: string): string[] {
  return spdx.relationships
    .filter(({ relationshipType }) => relationshipType === type)
    .map(({ spdxElementId, relatedSpdxElement }) => `${spdxElementId} ${relatedSpdxElement}`);
}

test("SPDX names each file once, whoever owns it, and every edge leads to an element", () => {
  expect(spdx.files.map(({ fileName }) => fileName)).toEqual(["./bin/shared", "./lib/yaml.py"]);
  expect(related("DEPENDS_ON")).toEqual(["SPDXRef-Package-pyyaml SPDXRef-Package-zlib.2b.ng"]);
  expect(related("CONTAINS")).toContain("SPDXRef-Package-zlib.2b.ng SPDXRef-File-1");
  const known = new Set([
    "SPDXRef-DOCUMENT",
    ...[...spdx.packages, ...spdx.files].map(({ SPDXID }) => SPDXID),
  ]);
  expect(known.size).toBe(1 + spdx.packages.length + spdx.files.length);
  for (const { spdxElementId, relatedSpdxElement } of spdx.relationships)
    expect([known.has(spdxElementId), known.has(relatedSpdxElement)]).toEqual([true, true]);
});

test("SPDX has a licence in its author's words beside the packages", () => {
  const [own] = spdx.hasExtractedLicensingInfos;
  expect(own?.extractedText).toBe("Do what you like\n");
  expect(spdx.packages.map(({ licenseDeclared }) => licenseDeclared)).toEqual([
    "NOASSERTION",
    "MIT OR Apache-2.0",
    "NOASSERTION",
    own?.licenseId,
    "Zlib",
  ]);
});

test("the same bill gives the same bytes, and another one has another name", () => {
  const other = { ...bill, packages: packages.slice(1) };
  expect(renderSpdx(bill)).toBe(renderSpdx({ ...bill }));
  expect(renderCycloneDx(bill)).toBe(renderCycloneDx({ ...bill }));
  const name = (text: string): string => (JSON.parse(text) as Spdx).documentNamespace;
  expect(name(renderSpdx(other))).not.toBe(spdx.documentNamespace);
  expect(uuidOf(digestOf("a"))).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
});

test("CycloneDX has edges from the stack to what nothing else needs", () => {
  const { dependencies, components } = JSON.parse(renderCycloneDx(bill)) as {
    dependencies: readonly { ref: string; dependsOn?: readonly string[] }[];
    components: readonly { components?: readonly { "bom-ref": string }[] }[];
  };
  expect(dependencies[0]?.dependsOn).toEqual(["package:libgit", "package:local", "package:pyyaml"]);
  const refs = components.flatMap((each) => each.components ?? []).map((each) => each["bom-ref"]);
  expect(new Set(refs).size).toBe(3);
});

test("package URLs say index, archive or repository, with the digest", () => {
  expect(packages.map(packageUrl)).toEqual([
    `pkg:generic/libgit@1.0?checksum=sha256:${digestOf("git")}&vcs_url=git%2Bhttps:%2F%2Fhost.test%2Flibgit%40abc`,
    "pkg:generic/local@1.0",
    "pkg:pypi/pyyaml@1.0",
    `pkg:generic/zlib%2Bng@1.0?checksum=sha256:${digestOf("zlib")}&download_url=https:%2F%2Fhost.test%2Fzlib.tar.gz`,
  ]);
});

test("a recipe's licence counts before METADATA's, and an expression before words", () => {
  const headers = new Map([
    ["license-expression", ["MIT AND (Apache-2.0 OR BSD-2-Clause)"]],
    ["license", ["MIT License"]],
    ["classifier", ["Topic :: A", "License :: OSI Approved :: MIT License"]],
  ]);
  expect(statedLicence("Zlib", headers)).toEqual({ expression: "Zlib" });
  expect(statedLicence(undefined, headers)).toEqual({
    expression: "MIT AND (Apache-2.0 OR BSD-2-Clause)",
  });
  headers.delete("license-expression");
  expect(statedLicence(undefined, headers)).toEqual({ text: "MIT License" });
  headers.set("license", ["UNKNOWN"]);
  expect(statedLicence(undefined, headers)).toEqual({ expression: "MIT" });
  headers.set("classifier", ["License :: OSI Approved :: BSD License"]);
  expect(statedLicence(undefined, headers)).toEqual({
    text: "License :: OSI Approved :: BSD License",
  });
  headers.delete("classifier");
  expect(statedLicence(undefined, headers)).toBeUndefined();
});

test("words that are no expression of SPDX stay the author's, whoever wrote them", () => {
  expect(statedLicence("GPL", undefined)).toEqual({ text: "GPL" });
  expect(statedLicence("MIT or so", undefined)).toEqual({ text: "MIT or so" });
  expect(statedLicence("(".repeat(100_000), undefined)).toEqual({ text: "(".repeat(100_000) });
  expect(statedLicence("LicenseRef-own OR MIT", undefined)).toEqual({
    text: "LicenseRef-own OR MIT",
  });
  expect(statedLicence("GPL-2.0-only WITH Classpath-exception-2.0", undefined)).toEqual({
    expression: "GPL-2.0-only WITH Classpath-exception-2.0",
  });
  expect(statedLicence(undefined, new Map([["license", ["MIT"]]]))).toEqual({ expression: "MIT" });
});
