/**
 * What a bundle unpacks: an archive of files that are the same at every prefix (`tree/`), of the pieces of binary files that are not
 * (`parts/`), of texts that are not (`originals/`), the script that makes those files (`relocate`), and what tenon needs to join the packages (`packages.json`).
 */
import {
  assert,
  compareText,
  type DirectoryEntry,
  type Entry,
  type FileEntry,
  namesPrefix,
  type NamingFile,
  TenonError,
} from "../core/index.ts";
import { type PackageRecord, renderRecord, statePath } from "../prefix/index.ts";
import { isRecordPath, unpackStored } from "../relocation/index.ts";
import type { Head } from "./head.ts";
import { type NumberedFile, recordPath, renderRelocating, windowName } from "./relocating.ts";
import { archiveEnd, memberHead, memberTail } from "./tar-writer.ts";
import { templateOf } from "./template.ts";

/** A package as its artifact has it. */
export interface PortablePackage {
  /** Its manifest is the artifact's; times and the transaction are the same for everybody. */
  readonly record: PackageRecord;
  /** What the artifact has; throws where that is not as it is recorded. */
  readonly contentOf: (entry: FileEntry) => Uint8Array;
  /** The same, in pieces, of a file that does not name the prefix. */
  readonly chunksOf: (entry: FileEntry) => Iterable<Uint8Array>;
}

interface Payload {
  readonly packages: readonly PortablePackage[];
  readonly head: Head;
  /** Further files of the tree, by path. */
  readonly more: ReadonlyMap<string, string>;
}

interface OwnedFile<Owner> {
  readonly entry: FileEntry;
  readonly owner: Owner;
}

/** Whether any file names the prefix. */
export function isRelocated(packages: readonly PortablePackage[]): boolean {
  return packages.some(({ record }) => record.manifest.some(namesPrefix));
}

/** The bytes of the archive. */
export function* payloadOf({ packages, head, more }: Payload): Generator<Uint8Array> {
  const { directories, links, files } = sortEntries(packages);
  yield* directoryMembers(directories);
  for (const { path, target } of links)
    yield memberHead({ type: "link", path: `tree/${path}`, target });
  const naming: NumberedFile[] = [];
  for (const { entry, owner } of files) {
    if (namesPrefix(entry)) yield* nameFile(entry, owner, naming);
    else yield* fileMember(`tree/${entry.path}`, entry, owner.chunksOf(entry));
  }
  const pieces: string[] = [];
  const windows = new Map<string, { readonly start: number; readonly length: number }>();
  for (const piece of piecesOf(naming)) {
    if (!(piece instanceof Uint8Array)) {
      const name = piece.kind === "piece" ? windowName(piece) : "P";
      if (piece.kind === "piece") windows.set(name, piece);
      pieces.push(name);
      continue;
    }
    yield* textMember(`parts/${pieces.length}`, piece);
    pieces.push(String(pieces.length));
  }
  const records = packages.map(({ record }) => record);
  const [changed, same] = [true, false].map((isChanged) =>
    records.filter(({ manifest }) => manifest.some(namesPrefix) === isChanged),
  );
  for (const record of same ?? [])
    yield* textMember(`tree/${recordPath(record.name)}`, Buffer.from(renderRecord(record)));
  for (const [path, text] of more) yield* textMember(`tree/${path}`, Buffer.from(text));
  const script = renderRelocating({ head, files: naming, records: changed ?? [], pieces, windows });
  yield* textMember("relocate", Buffer.from(script, "latin1"));
  yield* textMember("packages.json", Buffer.from(`[${records.map(renderRecord).join(",")}]\n`));
  yield archiveEnd;
}

/** The files of a bundle that name the prefix, in the order in which their pieces are in it. */
export function sortFiles(records: readonly PackageRecord[]): FileEntry[] {
  return sortEntries(records.map((record) => ({ record }))).files.map(({ entry }) => entry);
}

/** RECORDs come last, since they say what the others are. Packages may own a file together. */
function sortEntries<Owner extends Pick<PortablePackage, "record">>(packages: readonly Owner[]) {
  const entries = new Map<string, { readonly entry: Entry; readonly owner: Owner }>();
  for (const owner of packages)
    for (const entry of owner.record.manifest) entries.set(entry.path, { entry, owner });
  const sorted = [...entries.values()].sort((a, b) => compareText(a.entry.path, b.entry.path));
  const files = sorted.flatMap(({ entry, owner }): OwnedFile<Owner>[] =>
    entry.type === "file" ? [{ entry, owner }] : [],
  );
  const isLast = ({ entry }: OwnedFile<Owner>): boolean => isRecordPath(entry.path);
  return {
    directories: sorted.flatMap(({ entry }) => (entry.type === "directory" ? [entry] : [])),
    links: sorted.flatMap(({ entry }) => (entry.type === "link" ? [entry] : [])),
    files: [...files.filter((each) => !isLast(each)), ...files.filter(isLast)],
  };
}

const stateFolders = ["var", "var/lib", statePath, "packages", "history", "tx"].map((name) =>
  name.startsWith("var") ? name : `${statePath}/${name}`,
);

function* directoryMembers(directories: readonly DirectoryEntry[]): Generator<Uint8Array> {
  const modes = new Map(stateFolders.map((path) => [path, 0o755]));
  for (const { path, mode } of directories) modes.set(path, mode | 0o700);
  yield memberHead({ type: "directory", path: "tree", mode: 0o755 });
  for (const [path, mode] of [...modes].sort(([a], [b]) => compareText(a, b)))
    yield memberHead({ type: "directory", path: `tree/${path}`, mode });
  for (const path of ["parts", "originals"])
    yield memberHead({ type: "directory", path, mode: 0o755 });
}

function* fileMember(
  path: string,
  { mode, sizeBytes }: Pick<FileEntry, "mode" | "sizeBytes">,
  chunks: Iterable<Uint8Array>,
): Generator<Uint8Array> {
  yield memberHead({ type: "file", path, mode, sizeBytes });
  yield* chunks;
  yield memberTail(sizeBytes);
}

function textMember(path: string, content: Uint8Array): Generator<Uint8Array> {
  return fileMember(path, { mode: 0o644, sizeBytes: content.length }, [content]);
}

/** A text is in it once more as the artifact has it, for tenon alone: to have it of the script would be to run that. */
function* nameFile(
  entry: NamingFile,
  owner: PortablePackage,
  naming: NumberedFile[],
): Generator<Uint8Array> {
  if (/[\n\\]/.test(entry.path)) throw oddName(owner.record.name, entry.path);
  const content = owner.contentOf(entry);
  const isPacked = entry.relocation.map[0] === "gzip";
  const text = isPacked ? unpackStored(content) : content;
  assert(text !== undefined, `${entry.path} is not stored as its map says`);
  const template = templateOf(entry, text);
  naming.push({ number: naming.length + 1, entry, template });
  if (template.form !== "binary") yield* textMember(`originals/${entry.path}`, content);
}

type Place = Exclude<NumberedFile["template"]["parts"][number], { readonly kind: "bytes" }>;

/** The archive of the binary files, cut wherever one of them names the prefix. */
function* piecesOf(files: readonly NumberedFile[]): Generator<Uint8Array | Place> {
  const binary = files.filter(({ template }) => template.form === "binary");
  if (binary.length === 0) return;
  let bytes: Uint8Array[] = [];
  for (const { entry, template } of binary) {
    const { path, mode, sizeBytes } = entry;
    bytes.push(memberHead({ type: "file", path, mode, sizeBytes }));
    for (const part of template.parts) {
      if (part.kind === "bytes") {
        bytes.push(part.bytes);
        continue;
      }
      yield Buffer.concat(bytes);
      bytes = [];
      yield part;
    }
    bytes.push(memberTail(sizeBytes));
  }
  yield Buffer.concat([...bytes, archiveEnd]);
}

function oddName(name: string, path: string): TenonError {
  return new TenonError({
    kind: "recipe",
    code: "ODD_NAME",
    message: `${name} has the file ${JSON.stringify(path)}, whose name a shell script cannot list`,
    hints: ["Have the build give it another name, or leave it out with stage.drop."],
  });
}
