/** A bill of materials as CycloneDX 1.6 in JSON (ECMA-424). */
import { digestOf } from "../core/index.ts";
import {
  type Bill,
  type BilledFile,
  type BilledPackage,
  momentOf,
  packageUrl,
  type StatedLicence,
  uuidOf,
} from "./bill.ts";

/** The same bill gives the same text. */
export function renderCycloneDx(bill: Bill): string {
  const content = {
    metadata: {
      timestamp: momentOf(bill.createdAtMs),
      tools: { components: [{ type: "application", name: "tenon", version: bill.tool }] },
      component: { type: "application", "bom-ref": "stack", name: bill.name },
    },
    components: bill.packages.map(componentOf),
    dependencies: dependenciesOf(bill.packages),
  };
  const serialNumber = `urn:uuid:${uuidOf(digestOf(JSON.stringify(content)))}`;
  const head = { bomFormat: "CycloneDX", specVersion: "1.6", serialNumber, version: 1 };
  return `${JSON.stringify({ ...head, ...content }, null, 1)}\n`;
}

function componentOf(each: BilledPackage): unknown {
  const { name, version, artifact, licence, files = [] } = each;
  const references = referencesOf(each);
  return {
    type: "library",
    "bom-ref": refOf(name),
    name,
    version,
    ...(licence === undefined ? {} : { licenses: [licenceOf(licence)] }),
    purl: packageUrl(each),
    ...(references.length === 0 ? {} : { externalReferences: references }),
    properties: [{ name: "tenon:artifact", value: artifact }],
    ...(files.length === 0 ? {} : { components: files.map((file) => fileOf(name, file)) }),
  };
}

function referencesOf({ source, homepage }: BilledPackage): unknown[] {
  const hashes =
    source?.sha256 === undefined ? {} : { hashes: [{ alg: "SHA-256", content: source.sha256 }] };
  const type = source?.place.startsWith("git+") === true ? "vcs" : "source-distribution";
  return [
    ...(source === undefined ? [] : [{ type, url: source.place, ...hashes }]),
    ...(homepage === undefined ? [] : [{ type: "website", url: homepage }]),
  ];
}

function licenceOf(licence: StatedLicence): unknown {
  return "expression" in licence
    ? { expression: licence.expression, acknowledgement: "declared" }
    : { license: { name: licence.text, acknowledgement: "declared" } };
}

/** Packages may own a file together, so its reference names the package, too. */
function fileOf(owner: string, { path, sha256, sha1 }: BilledFile): unknown {
  const sha1Sum = sha1 === undefined ? [] : [{ alg: "SHA-1", content: sha1 }];
  return {
    type: "file",
    "bom-ref": `${refOf(owner)}/${path}`,
    name: path,
    hashes: [...sha1Sum, { alg: "SHA-256", content: sha256 }],
  };
}

function dependenciesOf(packages: readonly BilledPackage[]): unknown[] {
  const needed = new Set(packages.flatMap(({ depends }) => depends));
  const outermost = packages.filter(({ name }) => !needed.has(name));
  return [
    { ref: "stack", dependsOn: outermost.map(({ name }) => refOf(name)) },
    ...packages.map(({ name, depends }) => ({
      ref: refOf(name),
      ...(depends.length === 0 ? {} : { dependsOn: depends.map(refOf) }),
    })),
  ];
}

function refOf(name: string): string {
  return `package:${name}`;
}
