/** RECORD, the list of a distribution's files with their digests (recording installed projects). */
import { createHash } from "node:crypto";
import { posix } from "node:path";
import { compareText, type Digest, parentOf, pathDefect } from "../core/index.ts";
import { wheelError } from "./wheel-error.ts";

export interface RecordRow {
  readonly path: string;
  /** Absent for RECORD itself and its signatures. */
  readonly digest?: { readonly algorithm: Algorithm; readonly base64url: string };
  readonly sizeBytes?: number;
}

type Algorithm = "sha256" | "sha384" | "sha512";

/** Reads the rows of files by path; an equal row may come twice. Some tools list folders, which say nothing. */
export function parseRecord(wheel: string, text: string): Map<string, RecordRow> {
  const rows = new Map<string, RecordRow>();
  const seen = new Map<string, string>();
  for (const line of text.split(/\r?\n/)) {
    if (line === "") continue;
    const row = parseRow(wheel, line);
    if (row === undefined) continue;
    const earlier = seen.get(row.path);
    if (earlier !== undefined && earlier !== line)
      throw wheelError("WHEEL_RECORD", wheel, "is listed twice in RECORD", row.path);
    seen.set(row.path, line);
    rows.set(row.path, row);
  }
  return rows;
}

/** What came out of a member. */
export interface Content {
  readonly sizeBytes: number;
  readonly sha256: Digest;
  /** In pieces, for another digest than that. */
  readonly pieces: () => Iterable<Uint8Array>;
}

/** The reason why a member's content is not what its row says, or undefined when it is. */
export function contentDefect(row: RecordRow, content: Content): string | undefined {
  const { sizeBytes, sha256, pieces } = content;
  if (row.sizeBytes !== undefined && row.sizeBytes !== sizeBytes)
    return `has ${sizeBytes} bytes where RECORD says ${row.sizeBytes}`;
  if (row.digest === undefined) return "has no digest in RECORD";
  const { algorithm, base64url } = row.digest;
  const hex = algorithm === "sha256" ? sha256 : digestBy(algorithm, pieces());
  return Buffer.from(base64url, "base64url").toString("hex") === hex
    ? undefined
    : `has another ${algorithm} than RECORD says`;
}

function digestBy(algorithm: Algorithm, pieces: Iterable<Uint8Array>): string {
  const stream = createHash(algorithm);
  for (const piece of pieces) stream.update(piece);
  return stream.digest("hex");
}

interface InstalledFile {
  /** Relative to the folder that holds dist-info. */
  readonly path: string;
  readonly sha256?: string;
  readonly sizeBytes?: number;
}

/** Sorted by path; the row of RECORD itself has neither digest nor size. */
export function formatRecord(files: readonly InstalledFile[]): string {
  return files
    .toSorted((a, b) => compareText(a.path, b.path))
    .map(({ path, sha256, sizeBytes }) => {
      const digest =
        sha256 === undefined ? "" : `sha256=${Buffer.from(sha256, "hex").toString("base64url")}`;
      return `${quoteField(path)},${digest},${sizeBytes ?? ""}\n`;
    })
    .join("");
}

/** RECORD with the rows of some files made anew, each in its place; undefined where it has no row of any. */
export function renewRows(text: string, files: readonly InstalledFile[]): string | undefined {
  const byPath = new Map(files.map((file) => [file.path, file]));
  const renewed = text.replaceAll(/^.+$/gm, (line) => {
    const [path = "", digest] = splitLine(line);
    const file = byPath.get(path);
    if (file === undefined || digest === undefined || digest === "") return line;
    return formatRecord([file]).slice(0, -1) + (line.endsWith("\r") ? "\r" : "");
  });
  return renewed === text ? undefined : renewed;
}

/** The same by the paths of RECORD and of the files in the prefix, or in a tree that is shaped like it. */
export function renewRecord(
  path: string,
  text: string,
  files: readonly InstalledFile[],
): string | undefined {
  const site = parentOf(parentOf(path));
  const rows = files.map((file) => ({
    ...file,
    path: posix.relative(`/${site}`, `/${file.path}`),
  }));
  return renewRows(text, rows);
}

/** Undefined for a folder. */
function parseRow(wheel: string, line: string): RecordRow | undefined {
  const [path, digest, size, ...rest] = splitLine(line);
  const refuse = (what: string): Error => wheelError("WHEEL_RECORD", wheel, what);
  if (path === undefined || rest.length > 0)
    throw refuse(`has a line in RECORD that cannot be read: ${JSON.stringify(line)}`);
  const isFolder = path.endsWith("/");
  const defect = pathDefect(isFolder ? path.slice(0, -1) : path);
  if (defect !== undefined)
    throw refuse(`lists a path in RECORD that ${defect}: ${JSON.stringify(path)}`);
  if (isFolder) return undefined;
  const sizeBytes = size === undefined || size === "" ? undefined : Number(size);
  if (sizeBytes !== undefined && !/^\d+$/.test(size ?? ""))
    throw wheelError("WHEEL_RECORD", wheel, "has no number for its size in RECORD", path);
  return {
    path,
    ...(digest === undefined || digest === "" ? {} : { digest: parseDigest(wheel, path, digest) }),
    ...(sizeBytes === undefined ? {} : { sizeBytes }),
  };
}

const digestPattern = /^(sha256|sha384|sha512)=([A-Za-z0-9_-]+)=*$/;

function parseDigest(
  wheel: string,
  path: string,
  text: string,
): { algorithm: Algorithm; base64url: string } {
  const [, algorithm, base64url] = digestPattern.exec(text) ?? [];
  if (algorithm !== undefined && base64url !== undefined)
    return { algorithm: algorithm as Algorithm, base64url };
  throw wheelError(
    "WHEEL_RECORD",
    wheel,
    `has a digest in RECORD that is not sha256 or stronger: ${JSON.stringify(text)}`,
    path,
  );
}

function splitLine(line: string): string[] {
  return line.includes('"') ? splitQuoted(line) : line.split(",");
}

/** Splits a line of comma-separated values in which some are quoted. */
function splitQuoted(line: string): string[] {
  const fields: string[] = [];
  const pattern = /(?:"((?:[^"]|"")*)"|([^",]*))(,|$)/gy;
  for (let isLast = false; !isLast;) {
    const match = pattern.exec(line);
    if (match === null) return [];
    fields.push(match[1]?.replaceAll('""', '"') ?? match[2] ?? "");
    isLast = match[3] === "";
  }
  return fields;
}

function quoteField(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
