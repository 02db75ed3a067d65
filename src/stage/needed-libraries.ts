/** Which libraries a file needs, and in which folders the loader looks for them; ld.so(8). */
import type { FileEntry } from "../core/index.ts";
import { elfTags, readElf } from "../relocation/index.ts";
import { type Disk, isDiskError } from "../world/index.ts";

export interface NeededLibraries {
  /** DT_NEEDED, in order. */
  readonly needed: readonly string[];
  /** DT_RUNPATH, or DT_RPATH where there is none; as it is written, split at colons. */
  readonly rpath: readonly string[];
}

/** `e_machine`, by what Node calls the architecture. */
const machines: Readonly<Record<string, number>> = {
  arm: 40,
  arm64: 183,
  ia32: 3,
  loong64: 258,
  mips: 8,
  mipsel: 8,
  ppc64: 21,
  riscv64: 243,
  s390x: 22,
  x64: 62,
};

/**
 * Undefined for what the loader of this architecture is never asked for. Only what may be executed or
 * is named like a library is opened at all.
 */
export function neededLibraries(
  disk: Disk,
  file: string,
  { entry, architecture }: { readonly entry: FileEntry; readonly architecture: string },
): NeededLibraries | undefined {
  if (!mayBeLoaded(entry)) return undefined;
  const elf = readIfPossible(disk, file);
  if (elf === undefined || elf.machine !== machines[architecture]) return undefined;
  const textsOf = (wanted: number): string[] =>
    elf.dynamic.filter(({ tag }) => tag === wanted).flatMap(({ value }) => elf.text(value) ?? []);
  const needed = textsOf(elfTags.needed);
  const runpath = textsOf(elfTags.runpath);
  const rpath = runpath.length > 0 ? runpath : textsOf(elfTags.rpath);
  return { needed, rpath: rpath.flatMap((path) => path.split(":")).filter(Boolean) };
}

/** What the loader may be asked for: nothing else is worth being opened. */
export function mayBeLoaded({ mode, path }: FileEntry): boolean {
  return (mode & 0o111) !== 0 || /\.so(\.|$)|\.node$/.test(path);
}

function readIfPossible(disk: Disk, file: string): ReturnType<typeof readElf> {
  try {
    return readElf((offset, length) => disk.readSlice(file, offset, length));
  } catch (error) {
    if (isDiskError(error)) return undefined;
    throw error;
  }
}
