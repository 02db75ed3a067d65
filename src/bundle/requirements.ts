/**
 * What programs and libraries ask of the machine: its architecture, the dynamic loader, libraries that are not among them, and of
 * these the versions of symbols (System V ABI, chapter 5; "ELF Symbol Versioning", in Linux Standard Base Core, chapter 10).
 */
import { nameOf } from "../core/index.ts";
import { type ElfFile, elfTags, readElf, segmentInterpreter } from "../relocation/index.ts";

/** What one file asks of the machine. */
export interface FileNeeds {
  readonly path: string;
  readonly machine: string;
  readonly loader?: string;
  readonly libraries: readonly NeededLibrary[];
}

interface NeededLibrary {
  readonly name: string;
  readonly versions: readonly NeededVersion[];
}

interface NeededVersion {
  /** `GLIBC_2.34`. */
  readonly version: string;
  /** One that has it; absent where none was found. */
  readonly symbol?: string;
}

/** `e_machine`, by what `uname -m` says. */
const machines: Readonly<Record<number, string>> = {
  3: "i686",
  21: "ppc64le",
  22: "s390x",
  40: "armv7l",
  62: "x86_64",
  183: "aarch64",
  243: "riscv64",
  258: "loongarch64",
};

type Read = (offset: number, length: number) => Uint8Array;

/** Undefined for what the loader is never asked for. */
export function needsOf(path: string, read: Read): FileNeeds | undefined {
  const elf = readElf(read);
  if (elf === undefined || (elf.type !== 2 && elf.type !== 3)) return undefined;
  const machine = machines[elf.machine] ?? `e_machine ${elf.machine}`;
  const names = elf.dynamic
    .filter(({ tag }) => tag === elfTags.needed)
    .flatMap(({ value }) => elf.text(value) ?? []);
  const loader = loaderOf(elf, read);
  const versions = names.length === 0 ? new Map<string, NeededVersion[]>() : versionsOf(elf, read);
  return {
    path,
    machine,
    ...(loader === undefined ? {} : { loader }),
    libraries: names.map((name) => ({ name, versions: versions.get(name) ?? [] })),
  };
}

function loaderOf(elf: ElfFile, read: Read): string | undefined {
  const segment = elf.segments.find(({ type }) => type === segmentInterpreter);
  if (segment === undefined || segment.sizeInFile > 4096) return undefined;
  const bytes = Buffer.from(read(segment.offset, segment.sizeInFile));
  return bytes.toString("latin1").replace(/\0.*$/s, "");
}

const versionTableTag = 0x6ffffff0;
const mostSymbols = 1 << 16;

/** By the library's name. */
function versionsOf(elf: ElfFile, read: Read): Map<string, NeededVersion[]> {
  const needed = versionsNeeded(elf, read);
  const symbols = symbolsOf(elf, read, new Set(needed.map(({ index }) => index)));
  const byLibrary = new Map<string, NeededVersion[]>();
  for (const { library, version, index } of needed) {
    const symbol = symbols.get(index);
    const list = byLibrary.get(library) ?? [];
    list.push(symbol === undefined ? { version } : { version, symbol });
    byLibrary.set(library, list);
  }
  return byLibrary;
}

interface VersionNeeded {
  readonly library: string;
  readonly version: string;
  readonly index: number;
}

/** Records of 16 bytes in two lists, each of which says how far the next one is. */
function versionsNeeded(elf: ElfFile, read: Read): VersionNeeded[] {
  const start = placeOf(elf, elfTags.versionsNeeded);
  const found: VersionNeeded[] = [];
  if (start === undefined) return found;
  for (let at = start, files = 0; files < 1000; files += 1) {
    const file = wordsAt(elf, read(at, 16));
    if (file === undefined) break;
    const library = elf.text(file.long(4)) ?? "";
    let inner = at + file.long(8);
    for (let count = 0; count < file.half(2); count += 1) {
      const each = wordsAt(elf, read(inner, 16));
      if (each === undefined) break;
      const version = elf.text(each.long(8));
      if (version !== undefined) found.push({ library, version, index: each.half(6) & 0x7fff });
      inner += each.long(12);
    }
    if (file.long(12) === 0) break;
    at += file.long(12);
  }
  return found;
}

/** A symbol for each index of a version. */
function symbolsOf(elf: ElfFile, read: Read, indexes: ReadonlySet<number>): Map<number, string> {
  const found = new Map<number, string>();
  const [table, symbols] = [placeOf(elf, versionTableTag), placeOf(elf, elfTags.symbolTable)];
  if (table === undefined || symbols === undefined) return found;
  const bytes = elf.bits === 64 ? 24 : 16;
  for (let at = 1; at < mostSymbols && found.size < indexes.size; at += 1) {
    const version = wordsAt(elf, read(table + 2 * at, 2), 2);
    const symbol = wordsAt(elf, read(symbols + bytes * at, bytes), bytes);
    if (version === undefined || symbol === undefined) break;
    const index = version.half(0) & 0x7fff;
    if (!indexes.has(index) || found.has(index)) continue;
    const name = elf.text(symbol.long(0));
    if (name === undefined) break; // behind the table's end
    if (name !== "") found.set(index, name);
  }
  return found;
}

function placeOf(elf: ElfFile, wanted: number): number | undefined {
  const address = elf.dynamic.find(({ tag }) => tag === wanted)?.value;
  if (address === undefined) return undefined;
  const segment = elf.segments.find(
    (each) =>
      each.type === 1 && each.address <= address && address < each.address + each.sizeInFile,
  );
  return segment && segment.offset + (address - segment.address);
}

function wordsAt({ isLittleEndian }: ElfFile, bytes: Uint8Array, length = 16) {
  if (bytes.length < length) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  return {
    half: (at: number): number => view.getUint16(at, isLittleEndian),
    long: (at: number): number => view.getUint32(at, isLittleEndian),
  };
}

/** What a machine must have, each with the file that asks for it. */
export interface Requirements {
  /** As `uname -m` says it. */
  readonly machine?: AskedPath;
  readonly loaders: readonly AskedPath[];
  /** The least version of the GNU C library: `2.34`. */
  readonly leastGlibc?: AskedPath;
  readonly libraries: readonly AskedLibrary[];
  /** Files outside of the prefix that links lead to. */
  readonly files: readonly AskedPath[];
}

export interface AskedPath {
  readonly what: string;
  readonly path: string;
  readonly symbol?: string;
}

interface AskedLibrary extends AskedPath {
  /** Names of versions that it must have. */
  readonly versions: readonly string[];
}

/** `here` are the paths of all files and links of the bundle. */
export function requirementsOf(
  all: readonly FileNeeds[],
  { here, files }: { readonly here: readonly string[]; readonly files: readonly AskedPath[] },
): Requirements {
  const own = new Set(here.map(nameOf));
  const [first] = all;
  const loaders = new Map<string, AskedPath>();
  const libraries = new Map<string, AskedLibrary>();
  let leastGlibc: AskedPath | undefined;
  for (const { path, loader, libraries: needed } of all) {
    if (loader !== undefined && !loaders.has(loader)) loaders.set(loader, { what: loader, path });
    for (const { name, versions } of needed) {
      if (own.has(name)) continue;
      leastGlibc = later(leastGlibc, versions, path);
      const known = libraries.get(name);
      libraries.set(name, withVersions(known ?? { what: name, path, versions: [] }, versions));
    }
  }
  return {
    ...(first === undefined ? {} : { machine: { what: first.machine, path: first.path } }),
    loaders: [...loaders.values()],
    ...(leastGlibc === undefined ? {} : { leastGlibc }),
    libraries: [...libraries.values()],
    files,
  };
}

/** Versions of the C library itself are told by its own. */
function withVersions(library: AskedLibrary, versions: readonly NeededVersion[]): AskedLibrary {
  const others = versions
    .map(({ version }) => version)
    .filter((each) => !each.startsWith("GLIBC_"));
  const symbol = library.symbol ?? versions.find((each) => each.symbol !== undefined)?.symbol;
  return {
    ...library,
    ...(symbol === undefined ? {} : { symbol }),
    versions: [...new Set([...library.versions, ...others])].sort(),
  };
}

function later(
  known: AskedPath | undefined,
  versions: readonly NeededVersion[],
  path: string,
): AskedPath | undefined {
  let latest = known;
  for (const { version, symbol } of versions) {
    const what = /^GLIBC_(\d+\.\d+)(?:\.\d+)?$/.exec(version)?.[1];
    if (what === undefined || (latest !== undefined && numberOf(what) <= numberOf(latest.what)))
      continue;
    latest = { what, path, ...(symbol === undefined ? {} : { symbol }) };
  }
  return latest;
}

function numberOf(version: string): number {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  return major * 1000 + minor;
}
