/** `tenon sbom`: what a prefix holds, as a bill of materials. */
import { createHash, hash } from "node:crypto";
import {
  digestOf,
  nameOf,
  parentOf,
  typedWord,
  TenonError,
  type FileEntry,
} from "../core/index.ts";
import type { PackageRecord, PrefixLayout } from "../prefix/index.ts";
import { normalizeProject } from "../requirements/index.ts";
import {
  type Bill,
  type BilledFile,
  type BilledPackage,
  type BillForm,
  renderCycloneDx,
  renderSpdx,
  statedLicence,
} from "../sbom/index.ts";
import { parseHeaders } from "../wheel/index.ts";
import { readTextIfAny, type World } from "../world/index.ts";
import { selectInstalled } from "./select-installed.ts";

export interface BillOptions {
  /** With what they need at run time; all where none is named. */
  readonly packages: readonly string[];
  readonly form: BillForm;
  /** What they are together; the prefix's last name where nothing is said. */
  readonly name?: string | undefined;
  /** List the files, with their digests. */
  readonly files: boolean;
  /** The version of tenon. */
  readonly tool: string;
}

/** Changes nothing. The same packages give the same text. */
export function billPackages(world: World, layout: PrefixLayout, options: BillOptions): string {
  const records = selectInstalled(world, layout, options.packages);
  return renderBill(billOf(world, layout, { ...options, records }), options.form);
}

export function renderBill(bill: Bill, form: BillForm): string {
  return form === "spdx" ? renderSpdx(bill) : renderCycloneDx(bill);
}

/** The moment is that of the newest package. SPDX wants SHA-1 digests, for which every file is read. */
export function billOf(
  world: World,
  layout: PrefixLayout,
  options: Omit<BillOptions, "packages"> & { readonly records: readonly PackageRecord[] },
): Bill {
  const { records, form, files, tool, name = nameOf(layout.prefix) } = options;
  const names = new Set(records.map((record) => record.name));
  const filesOf = (record: PackageRecord): Pick<BilledPackage, "files"> =>
    files ? { files: billFiles(world, layout, record, form === "spdx") } : {};
  return {
    name,
    tool,
    createdAtMs: Math.max(...records.map(({ installedAtMs }) => installedAtMs)),
    packages: records.map((record) => ({
      ...billPackage(world, layout, record),
      depends: record.depends.filter((each) => names.has(each)),
      ...filesOf(record),
    })),
  };
}

function billPackage(
  { disk }: World,
  { prefix }: PrefixLayout,
  { name, version, artifact, about = {}, manifest }: PackageRecord,
): Omit<BilledPackage, "depends" | "files"> {
  const { license, homepage, source } = about;
  const metadata = metadataOf(name, manifest);
  const isRead = license === undefined && metadata !== undefined;
  const headers = isRead
    ? parseHeaders(readTextIfAny(disk, `${prefix}/${metadata}`) ?? "")
    : undefined;
  const licence = statedLicence(license, headers);
  return {
    name,
    version,
    artifact,
    isPython: metadata !== undefined,
    ...(licence === undefined ? {} : { licence }),
    ...(homepage === undefined ? {} : { homepage }),
    ...(source === undefined ? {} : { source }),
  };
}

/** The METADATA of the Python distribution by the package's name. */
function metadataOf(name: string, manifest: PackageRecord["manifest"]): string | undefined {
  return manifest.find(({ path }) => {
    if (!path.endsWith(".dist-info/METADATA")) return false;
    const [project = ""] = nameOf(parentOf(path)).split("-");
    return normalizeProject(project) === normalizeProject(name);
  })?.path;
}

function billFiles(
  world: World,
  { prefix }: PrefixLayout,
  { name, manifest }: PackageRecord,
  isRead: boolean,
): BilledFile[] {
  return manifest.flatMap((entry) => {
    if (entry.type !== "file") return [];
    const { path, sha256 } = entry;
    if (!isRead) return [{ path, sha256 }];
    const sha1 = readDigest(world, `${prefix}/${path}`, entry);
    if (sha1 === undefined) throw notAsRecorded(name, path, prefix);
    return [{ path, sha256, sha1 }];
  });
}

const smallBytes = 1 << 20;

/** Undefined for a file that is not as it is recorded. */
function readDigest(
  { disk }: World,
  file: string,
  { sizeBytes, sha256 }: FileEntry,
): string | undefined {
  if (disk.status(file)?.sizeBytes !== sizeBytes) return undefined;
  if (sizeBytes <= smallBytes) {
    const content = disk.readFile(file); // a third of the time that pieces take
    return digestOf(content) === sha256 ? hash("sha1", content, "hex") : undefined;
  }
  const [weak, strong] = [createHash("sha1"), createHash("sha256")];
  for (const piece of disk.readChunks(file)) {
    weak.update(piece);
    strong.update(piece);
  }
  return strong.digest("hex") === sha256 ? weak.digest("hex") : undefined;
}

function notAsRecorded(name: string, path: string, prefix: string): TenonError {
  return new TenonError({
    kind: "conflict",
    code: "NOT_AS_RECORDED",
    message: `${path} is not as the package ${name} has brought it, so nothing true can be said of it`,
    hints: [`Put it right with \`tenon verify --repair --prefix ${typedWord(prefix)}\`.`],
  });
}
