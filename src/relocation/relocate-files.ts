/** The files of one package that name the prefix come to name another one, and RECORD says of them what they are then. */
import { digestOf, type FileEntry, type NamingFile } from "../core/index.ts";
import { fromMapRow } from "./map.ts";
import { isRecordPath, listedFiles } from "./record-rows.ts";
import { relocate, type Relocation, undoRelocation } from "./relocate.ts";

interface FilesToRelocate {
  /** As the artifact has them. */
  readonly files: readonly NamingFile[];
  readonly target: string;
  /** What the artifact has. */
  readonly contentOf: (entry: NamingFile) => Uint8Array | undefined;
  /** Given each file as it is then. */
  readonly made: (entry: NamingFile, content: Uint8Array) => void;
}

/** In the order given; undefined where a file is not what its map was made of. */
export function relocateFiles(wanted: FilesToRelocate): NamingFile[] | undefined {
  const { files, target, contentOf } = wanted;
  const made = new Map<string, NamingFile>();
  const isLast = ({ path }: NamingFile): boolean => isRecordPath(path); // it says what the others are
  for (const entry of [...files.filter((each) => !isLast(each)), ...files.filter(isLast)]) {
    const fileOf = listedFiles(entry.path, (path) => made.get(path));
    const original = contentOf(entry);
    const content = original && relocateFile(original, entry, { target, fileOf });
    if (content === undefined) return undefined;
    const relocated = relocatedEntry(entry, content);
    wanted.made(relocated, content);
    made.set(entry.path, relocated);
  }
  return files.flatMap(({ path }) => made.get(path) ?? []);
}

function relocatedEntry(entry: NamingFile, content: Uint8Array): NamingFile {
  const { sizeBytes, sha256, relocation } = entry;
  return {
    ...entry,
    sizeBytes: content.length,
    sha256: digestOf(content),
    relocation: { map: relocation.map, original: { sizeBytes, sha256 } },
  };
}

/** As the artifact has it; undefined for one that has not been relocated. */
export function artifactEntry(entry: NamingFile): NamingFile | undefined {
  const { map, original } = entry.relocation;
  return original && { ...entry, ...original, relocation: { map } };
}

/**
 * One file, by its entry in the artifact. What cannot be undone could never be traced to the artifact again (I14): such a
 * map is refused.
 */
export function relocateFile(
  content: Uint8Array,
  { sizeBytes, sha256, relocation: { map: row } }: NamingFile,
  how: Relocation,
): Uint8Array | undefined {
  const map = fromMapRow(row, sizeBytes);
  if (map === undefined || digestOf(content) !== sha256) return undefined;
  const relocated = relocate(content, map, how);
  const back = relocated && undoRelocation(relocated, map, how);
  return back !== undefined && Buffer.compare(back, content) === 0 ? relocated : undefined;
}

/** What the artifact has in a relocated file's place, by what a prefix has; undefined where it is not that. */
export function originalOf(
  content: Uint8Array,
  entry: NamingFile,
  { target, entryAt }: { readonly target: string; readonly entryAt: EntryAt },
): Uint8Array | undefined {
  const { map: row, original } = entry.relocation;
  const map = original && fromMapRow(row, original.sizeBytes);
  if (map === undefined) return undefined;
  const back = undoRelocation(content, map, { target, fileOf: listedFiles(entry.path, entryAt) });
  return back !== undefined && digestOf(back) === original?.sha256 ? back : undefined;
}

/** What a prefix has, by its path. */
export type EntryAt = (path: string) => FileEntry | undefined;
