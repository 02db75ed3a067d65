/**
 * Has a file name another path, where nothing is known of it but its bytes: for what was built at the path itself, by
 * tenon or by anybody. A text takes the new path exactly; in a binary file every length stays, so the new path may not be
 * longer there. What is seen to name the old path and cannot be put right is given back. What is hashed, or in pieces of a
 * few bytes, no search finds: that is what the placeholder is for.
 */
import { packStored } from "./gzip-stored.ts";
import { containerOf, type Decompress, openContainer } from "./containers.ts";
import { isCounted, isText } from "./find-in-text.ts";
import { encodedForms, type PlaceholderForm } from "./other-forms.ts";
import { type PinnedSpot, pinFor, pinForForm } from "./pins.ts";
import { renameInBinary } from "./rename-in-binary.ts";
import { findShebang, hasSpace, relocatedShebang } from "./shebang.ts";
import { findWholePaths } from "./whole-paths.ts";

/** Absolute paths without a slash at their end. */
export interface Renaming {
  readonly from: string;
  readonly to: string;
}

export interface Renamed {
  /** Absent where the file stays as it is. */
  readonly content?: Uint8Array;
  /** What still names the old path. */
  readonly left: readonly PinnedSpot[];
}

export interface FileToRename {
  readonly content: Uint8Array;
  /**
   * Relative to the tree: where the new path is too long for an rpath, that is said by where the file is. Absent where
   * it has other names, by which that would be wrong.
   */
  readonly path?: string | undefined;
  readonly decompress?: Decompress;
}

/** Encoded, fewer bytes are found by chance. */
const enoughBytes = 12;

export function searchedForms(path: string): PlaceholderForm[] {
  return encodedForms(path).filter(({ bytes }) => bytes.length >= enoughBytes);
}

/** For as many files as one likes. */
export function renamer({ from, to }: Renaming): (file: FileToRename) => Renamed {
  const needle = Buffer.from(from);
  const forms = searchedForms(from);
  const isNamedIn = (bytes: Uint8Array): boolean =>
    findWholePaths(bytes, needle).length > 0 || formsIn(bytes, forms, "").length > 0;
  const renamePlain = ({ content, path }: FileToRename): Renamed => {
    const isReadable = isText(content.subarray(0, firstBytes)) && isText(content);
    const renamed = isReadable
      ? renameInText(content, { from, to })
      : renameInBinary(content, { from, to, path, isNamedIn });
    const encoded = formsIn(content, forms, isReadable ? "text" : "data");
    return { ...renamed, left: [...renamed.left, ...encoded] };
  };
  return (file) => {
    const { content, decompress = () => undefined } = file;
    const container = containerOf(content);
    if (container === undefined)
      return mayConcern(content, isNamedIn) ? renamePlain(file) : { left: [] };
    const opened = openContainer(content, container, decompress);
    if (opened === undefined) return { left: [pinFor("closed", 0, container)] };
    if (!opened.some(isNamedIn)) return { left: [] };
    const text = container === "gzip" ? opened[0] : undefined;
    const renamed = text && isText(text) ? renamePlain({ content: text }) : undefined;
    return renamed?.content !== undefined && renamed.left.length === 0
      ? { content: packStored(renamed.content), left: [] }
      : { left: [pinFor("packed", 0, container)] };
  };
}

const firstBytes = 4096;

/** Of programs, what is compressed in them is looked at, too. */
export function mayConcern(
  content: Uint8Array,
  isNamedIn: (bytes: Uint8Array) => boolean,
): boolean {
  const start = Buffer.from(content.subarray(0, 8)).toString("latin1");
  return start.startsWith("\x7fELF") || start === "!<arch>\n" || isNamedIn(content);
}

function renameInText(content: Uint8Array, { from, to }: Renaming): Renamed {
  const target = Buffer.from(to);
  const pieces: Uint8Array[] = [];
  const left: PinnedSpot[] = [];
  let end = 0;
  for (const at of findWholePaths(content, Buffer.from(from))) {
    if (isCounted(content, at) && to.length !== from.length) {
      left.push(pinFor("counted", at, "text"));
      continue;
    }
    pieces.push(content.subarray(end, at), target);
    end = at + Buffer.byteLength(from);
  }
  if (pieces.length === 0) return { left };
  const renamed = Buffer.concat([...pieces, content.subarray(end)]);
  const whole = withRightFirstLine(renamed, to);
  if (
    hasSpace(to) &&
    firstLineOf(whole)
      .replace(/^#![ \t]*/, "#!")
      .startsWith(`#!${to}`)
  )
    left.push(pinFor("interpreter", 0, "text"));
  return { content: whole, left };
}

/** A first line that no kernel would read as it is meant starts a shell instead, where it is Python's. */
function withRightFirstLine(content: Buffer, to: string): Buffer {
  const line = firstLineOf(content);
  const shebang = /[^\t\n -~]/.test(line) ? undefined : findShebang(line, to);
  if (shebang === undefined) return content;
  const rest = content.subarray(line.length - 1);
  return Buffer.concat([Buffer.from(relocatedShebang(shebang, to)), rest]);
}

/** With its end; empty where that is far. */
function firstLineOf(content: Buffer): string {
  const end = content.subarray(0, firstBytes).indexOf("\n");
  return content.toString("latin1", 0, end + 1);
}

export function formsIn(
  content: Uint8Array,
  forms: readonly PlaceholderForm[],
  where: string,
): PinnedSpot[] {
  const bytes = Buffer.from(content.buffer, content.byteOffset, content.byteLength);
  return forms.flatMap(({ name, bytes: form }) => {
    const at = bytes.indexOf(form);
    return at < 0 ? [] : [pinForForm(name, at, where)];
  });
}
