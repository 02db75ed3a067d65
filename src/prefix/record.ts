/** The record of one installed package: a JSON file that a person can read. */
import {
  type About,
  type Digest,
  fromRows,
  hasNameForm,
  isAbout,
  isDigest,
  type Manifest,
  type ManifestSummary,
  pathDefect,
  summarize,
  TenonError,
  toRow,
  typedWord,
} from "../core/index.ts";
import { type FilePin, isFilePin } from "../relocation/index.ts";
import { type Envelope, isEnvelope } from "../signing/index.ts";
import { isTime, isTransactionId } from "./history-entry.ts";
import { isStatePath } from "./layout.ts";

export interface PackageRecord {
  readonly name: string;
  readonly version: string;
  readonly artifact: Digest;
  /** The package key that gave the artifact; absent for what no recipe built. */
  readonly key?: Digest;
  /** The packages that it needs at run time. */
  readonly depends: readonly string[];
  /** Absent where its recipe says nothing, and for what no recipe built. */
  readonly about?: About;
  /** Paths that it may take over from another package. */
  readonly takesOver: readonly string[];
  /** Paths of its artifact that another package has taken over: not in `manifest`. */
  readonly ceded: readonly string[];
  /** What those were; without what an earlier tenon had it cede. */
  readonly cededEntries?: Manifest;
  /** What keeps its files from naming another prefix: none where nothing does; absent where nobody has looked. */
  readonly pins?: readonly FilePin[];
  /** The folders of the workspaces whose builds want it; absent for what somebody installed. */
  readonly workspaces?: readonly string[];
  /** How long its build took; absent for what no recipe built. */
  readonly buildMs?: number;
  /** What its builders have signed of it, where it came from a shared cache. */
  readonly provenance?: readonly Envelope[];
  /** Milliseconds since 1970. */
  readonly installedAtMs: number;
  readonly transaction: string;
  /**
   * Directories of its manifest that were there before any package came. Absent where nobody took
   * note: see `foundBefore`.
   */
  readonly found?: readonly string[];
  /** What it owns in the prefix; files and links that others have brought, too, included (I3). */
  readonly manifest: Manifest;
}

/** What a record says of its package, without what may be long: the list of its files, and signatures. */
export type RecordHead = Omit<PackageRecord, "manifest" | "provenance"> & {
  /** What the list comes to; absent where an earlier tenon wrote the record. */
  readonly summary?: ManifestSummary;
};

const formatVersion = 1;
const manifestStart = ',\n  "manifest": [\n';

export function renderRecord(record: PackageRecord): string {
  const { manifest, provenance, cededEntries = [], ...others } = record;
  const facts =
    cededEntries.length === 0 ? others : { ...others, cededEntries: cededEntries.map(toRow) };
  const summary = summarize(manifest);
  const head = JSON.stringify({ format: formatVersion, ...facts, summary }, null, 2).slice(0, -2);
  const rows = manifest.map((entry) => `    ${JSON.stringify(toRow(entry))}`);
  const signed =
    provenance === undefined ? "" : `,\n  "provenance": ${JSON.stringify(provenance, null, 2)}`;
  return `${head}${manifestStart}${rows.join(",\n")}\n  ]${signed}\n}\n`;
}

/** `file` is named in the error when the text is not a record; its name must be the package's. */
export function parseRecord(text: string, file: string): PackageRecord {
  const value = parse(text, file);
  const { summary: _summary, ...head } = headOf(value, file);
  const { provenance } = value;
  if (provenance !== undefined && !isProvenance(provenance))
    throw damaged(file, "its signatures are not what they can be");
  const manifest = rowsOf(value.manifest, file);
  const inState = manifest.find(({ path }) => isStatePath(path));
  if (inState !== undefined) throw damaged(file, `it lists ${inState.path}, which is tenon's own`);
  return { ...head, manifest, ...(provenance === undefined ? {} : { provenance }) };
}

/** Decodes and reads the head alone. */
export function parseRecordHead(content: Buffer, file: string): RecordHead {
  const at = content.indexOf(manifestStart);
  const text = at < 0 ? content.toString() : `${content.toString("utf8", 0, at)}}`;
  return headOf(parse(text, file), file);
}

type Value = Partial<PackageRecord & RecordHead> & { readonly format?: number };

function parse(text: string, file: string): Value {
  try {
    return (JSON.parse(text) ?? {}) as Value;
  } catch (error) {
    throw damaged(file, "it is not JSON", error);
  }
}

function headOf(value: Value, file: string): RecordHead {
  if (value.format !== formatVersion) throw damaged(file, `its format is not ${formatVersion}`);
  const good =
    typeof value.name === "string" &&
    hasNameForm(value.name) &&
    typeof value.version === "string" &&
    isDigest(value.artifact) &&
    (value.key === undefined || isDigest(value.key)) &&
    (value.pins === undefined || (Array.isArray(value.pins) && value.pins.every(isFilePin))) &&
    (value.buildMs === undefined || isTime(value.buildMs)) &&
    (value.workspaces === undefined || isListOf(value.workspaces, isAbsolute)) &&
    isListOf(value.depends, hasNameForm) &&
    (value.about === undefined || isAbout(value.about)) &&
    isListOf(value.takesOver, isText) &&
    isListOf(value.ceded, isPath) &&
    (value.found === undefined || isListOf(value.found, isPath)) &&
    (value.summary === undefined || isSummary(value.summary)) &&
    isTime(value.installedAtMs) &&
    typeof value.transaction === "string" &&
    isTransactionId(value.transaction);
  if (!good) throw damaged(file, "a field is missing or is not what it can be");
  if (!file.endsWith(`/${value.name}.json`)) throw damaged(file, `it is that of ${value.name}`);
  const { format: _format, manifest: _manifest, provenance: _signed, ...others } = value;
  const { cededEntries, ...head } = others;
  const entries = cededEntries === undefined ? {} : { cededEntries: rowsOf(cededEntries, file) };
  return { ...head, ...entries } as RecordHead;
}

/** A list of files that is damaged is mended as the rest of a record is. */
function rowsOf(rows: unknown, file: string): Manifest {
  try {
    return fromRows(rows, file);
  } catch (error) {
    if (!(error instanceof TenonError)) throw error;
    const { kind, code, message } = error;
    throw new TenonError({ kind, code, message, hints: [cureOf(file)], cause: error });
  }
}

/** What an empty prefix, or a virtual environment, has beforehand. */
const skeleton = /^[^/]+$|^lib\/python[^/]*(\/site-packages)?$/;

/**
 * The directories of a record that stay when its package leaves. Where an earlier tenon, or an
 * adoption, took no note of what was there, the outermost ones are taken for a person's.
 */
export function foundBefore({ found, manifest }: PackageRecord): readonly string[] {
  if (found !== undefined) return found;
  return manifest.flatMap(({ type, path }) =>
    type === "directory" && skeleton.test(path) ? [path] : [],
  );
}

function isSummary(value: Partial<ManifestSummary> | null): boolean {
  return [value?.files, value?.sizeBytes].every((each) => Number.isSafeInteger(each));
}

function isProvenance(value: unknown): boolean {
  return Array.isArray(value) && value.every(isEnvelope);
}

function isText(): boolean {
  return true;
}

function isAbsolute(path: string): boolean {
  return path.startsWith("/");
}

function isPath(path: string): boolean {
  return pathDefect(path) === undefined;
}

function isListOf(value: unknown, isGood: (text: string) => boolean): boolean {
  return Array.isArray(value) && value.every((item) => typeof item === "string" && isGood(item));
}

function damaged(file: string, what: string, cause?: unknown): TenonError {
  return new TenonError({
    kind: "machine",
    code: "RECORD_DAMAGED",
    message: `the package record ${file} is damaged: ${what}`,
    hints: [cureOf(file)],
    cause,
  });
}

function cureOf(file: string): string {
  return `Move it away: \`mv ${typedWord(file)} ${typedWord(`${file}.damaged`)}\`. The files of its package then belong to nobody: remove them, and build or install the package again.`;
}
