/** A bill of materials as SPDX 2.3 in JSON (ISO/IEC 5962; the specification's chapters 6 to 11). */
import { digestOf, digestOfJson } from "../core/index.ts";
import { createHash } from "node:crypto";
import {
  publicAddressOf,
  type Bill,
  type BilledFile,
  type BilledPackage,
  momentOf,
  packageUrl,
  type StatedLicence,
  uuidOf,
} from "./bill.ts";

const documentId = "SPDXRef-DOCUMENT";
const stackId = "SPDXRef-Stack";

/** The same bill gives the same text. */
export function renderSpdx(bill: Bill): string {
  const files = numberFiles(bill.packages);
  const document = {
    spdxVersion: "SPDX-2.3",
    dataLicense: "CC0-1.0",
    SPDXID: documentId,
    name: bill.name,
    documentNamespace: `urn:uuid:${uuidOf(digestOfJson([bill.name, bill.tool, digestsOf(bill)]))}`,
    creationInfo: {
      created: momentOf(bill.createdAtMs),
      creators: [`Tool: tenon-${bill.tool}`],
    },
    packages: [stackOf(bill), ...bill.packages.map(packageOf)],
    ...(files.size === 0 ? {} : { files: [...files.values()].map(fileOf) }),
    ...ownLicences(bill.packages),
    relationships: relationshipsOf(bill, files),
  };
  return `${JSON.stringify(document, null, 1)}\n`;
}

function digestsOf({ packages }: Bill): string[] {
  return packages.flatMap(({ name, artifact, files }) => [
    name,
    artifact,
    digestOf((files ?? []).map(({ sha256 }) => sha256).join()),
  ]);
}

function stackOf({ name }: Bill): unknown {
  return {
    SPDXID: stackId,
    name,
    downloadLocation: "NOASSERTION",
    filesAnalyzed: false,
    licenseConcluded: "NOASSERTION",
    licenseDeclared: "NOASSERTION",
    copyrightText: "NOASSERTION",
    supplier: "NOASSERTION",
  };
}

function packageOf(each: BilledPackage): unknown {
  const { name, version, source, licence, homepage, files } = each;
  const isAnalyzed = files !== undefined && files.length > 0;
  return {
    SPDXID: idOf(name),
    name,
    versionInfo: version,
    downloadLocation: publicAddressOf(source) ?? "NOASSERTION",
    filesAnalyzed: isAnalyzed,
    ...(isAnalyzed ? { packageVerificationCode: verificationCode(files) } : {}),
    ...(source?.file === undefined ? {} : { packageFileName: source.file }),
    ...(source?.sha256 === undefined
      ? {}
      : { checksums: [{ algorithm: "SHA256", checksumValue: source.sha256 }] }),
    ...(homepage === undefined ? {} : { homepage }),
    sourceInfo: `tenon's artifact ${each.artifact}`,
    licenseConcluded: "NOASSERTION",
    licenseDeclared: licenceOf(licence),
    copyrightText: "NOASSERTION",
    supplier: "NOASSERTION",
    externalRefs: [
      {
        referenceCategory: "PACKAGE-MANAGER",
        referenceType: "purl",
        referenceLocator: packageUrl(each),
      },
    ],
  };
}

/** Chapter 7.9: of the sorted SHA-1 digests in a row. */
function verificationCode(files: readonly BilledFile[]): unknown {
  const all = files.map(({ sha1 = "" }) => sha1).sort();
  const value = createHash("sha1").update(all.join("")).digest("hex");
  return { packageVerificationCodeValue: value };
}

/** Letters, digits, dots and hyphens are allowed; of other characters the code. */
function idOf(name: string): string {
  return `SPDXRef-Package-${name.replaceAll(/[^A-Za-z0-9-]/g, (each) => `.${each.codePointAt(0)?.toString(16)}.`)}`;
}

interface NumberedFile extends BilledFile {
  readonly id: string;
}

/** By path: packages may own a file together. */
function numberFiles(packages: readonly BilledPackage[]): Map<string, NumberedFile> {
  const files = new Map<string, NumberedFile>();
  for (const file of packages.flatMap((each) => each.files ?? []))
    if (!files.has(file.path))
      files.set(file.path, { ...file, id: `SPDXRef-File-${files.size + 1}` });
  return files;
}

function fileOf({ id, path, sha1, sha256 }: NumberedFile): unknown {
  const sha1Sum = sha1 === undefined ? [] : [{ algorithm: "SHA1", checksumValue: sha1 }];
  return {
    SPDXID: id,
    fileName: `./${path}`,
    checksums: [...sha1Sum, { algorithm: "SHA256", checksumValue: sha256 }],
    licenseConcluded: "NOASSERTION",
    licenseInfoInFiles: ["NOASSERTION"],
    copyrightText: "NOASSERTION",
  };
}

function licenceOf(licence: StatedLicence | undefined): string {
  if (licence === undefined) return "NOASSERTION";
  return "expression" in licence ? licence.expression : ownLicenceId(licence.text);
}

function ownLicenceId(text: string): string {
  return `LicenseRef-${digestOf(text).slice(0, 16)}`;
}

/** Chapter 10: what is said in an author's own words. */
function ownLicences(packages: readonly BilledPackage[]): object {
  const texts = new Set(
    packages.flatMap(({ licence }) =>
      licence !== undefined && "text" in licence ? [licence.text] : [],
    ),
  );
  if (texts.size === 0) return {};
  const hasExtractedLicensingInfos = [...texts]
    .sort()
    .map((text) => ({ licenseId: ownLicenceId(text), extractedText: text }));
  return { hasExtractedLicensingInfos };
}

function relationshipsOf(
  { packages }: Bill,
  files: ReadonlyMap<string, NumberedFile>,
): readonly unknown[] {
  const relation = (from: string, relationshipType: string, to: string) => ({
    spdxElementId: from,
    relationshipType,
    relatedSpdxElement: to,
  });
  return [
    relation(documentId, "DESCRIBES", stackId),
    ...packages.flatMap(({ name, depends, files: own = [] }) => [
      relation(stackId, "CONTAINS", idOf(name)),
      ...depends.map((other) => relation(idOf(name), "DEPENDS_ON", idOf(other))),
      ...own.map(({ path }) => relation(idOf(name), "CONTAINS", files.get(path)?.id ?? "")),
    ]),
  ];
}
