/** Unpacking a source archive into an empty folder, safely (I11). */
import { assert, nameOf } from "../core/index.ts";
import { type Disk, removeTree, type World } from "../world/index.ts";
import { decompress } from "./decompress.ts";
import { type ArchiveFormat, type Compression, detectFormat } from "./format.ts";
import { growsTooMuch, growthLimit } from "./growth.ts";
import { refusal } from "./refusal.ts";
import { readTar, type TarMember } from "./tar-reader.ts";
import { startTree, type TreeWriter } from "./tree-writer.ts";
import { readZip } from "./zip-reader.ts";

interface UnpackOptions {
  readonly world: World;
  /** The file, absolute. */
  readonly archive: string;
  /** An existing empty folder; it stays empty when the archive is refused. */
  readonly directory: string;
  /** The archive's own file name, when the file is stored under another one. */
  readonly name?: string;
  /** Keeps a single top folder; without it, the content of that folder becomes the root. */
  readonly keepRoot?: boolean;
}

/**
 * Takes tar (plain, gz, bz2, xz, zst, lz) and zip. Modes become 0644 or 0755; times are the archive's.
 * Throws a TenonError of kind `source` for a damaged or dangerous archive, and of kind `machine`
 * when a program that decompresses is missing.
 */
export async function unpackArchive(options: UnpackOptions): Promise<void> {
  const { world, directory } = options;
  const { disk } = world;
  const name = options.name ?? nameOf(options.archive);
  assert(disk.list(directory).length === 0, `${directory} is not empty`);
  const format = formatOf(disk, options.archive, name);
  const scratch = `${directory}.unpacking-${world.clock.uniqueId()}`;
  const root = `${scratch}/tree`;
  try {
    disk.makeDirectory(scratch);
    disk.makeDirectory(root);
    const tree = startTree({ disk, archive: name, root, mayReplace: format.kind === "tar" });
    if (format.kind === "zip") unpackZip(disk, options.archive, name, tree);
    else await unpackTar({ options, name, scratch, compression: format.compression, tree });
    const content = tree.finish({ keepRoot: options.keepRoot ?? false });
    disk.removeDirectory(directory);
    disk.rename(content, directory);
  } finally {
    removeTree(disk, scratch);
  }
}

function formatOf(disk: Disk, archive: string, name: string): ArchiveFormat {
  const format = detectFormat(firstBytes(disk, archive), name);
  if (format !== undefined) return format;
  throw refusal(
    "FORMAT",
    { archive: name },
    "is not an archive that tenon can read: tar (plain, gz, bz2, xz, zst, lz) or zip",
  );
}

function firstBytes(disk: Disk, file: string): Uint8Array {
  for (const chunk of disk.readChunks(file)) return chunk.subarray(0, 512);
  return new Uint8Array();
}

interface TarWork {
  readonly options: UnpackOptions;
  readonly name: string;
  readonly scratch: string;
  readonly compression: Compression;
  readonly tree: TreeWriter;
}

async function unpackTar(work: TarWork): Promise<void> {
  const { options, name, scratch, compression, tree } = work;
  const { world, archive: file } = options;
  const limitBytes = growthLimit(world.disk.statusOfTarget(file)?.sizeBytes ?? 0);
  const temporary = `${scratch}/plain.tar`;
  let unpackedBytes = 0;
  await readTar(decompress({ world, file, name, temporary, limitBytes }, compression), {
    archive: name,
    needsEnd: compression === "none",
    take: (member, body) => {
      unpackedBytes += member.sizeBytes;
      if (unpackedBytes > limitBytes) throw growsTooMuch(name);
      return takeMember(name, tree, member, body);
    },
  });
}

async function takeMember(
  archive: string,
  tree: TreeWriter,
  member: TarMember,
  body: AsyncIterable<Uint8Array>,
): Promise<void> {
  switch (member.type) {
    case "directory":
      return tree.directory(member.name);
    case "link":
      return tree.link(member.name, member.target, member.modifiedMs);
    case "hard-link":
      return tree.hardLink(member.name, member.target);
    case "special":
      throw refusal("SPECIAL", { archive, member: member.name }, "is a device node or a FIFO");
    case "file": {
      const writer = tree.file(member.name, member);
      try {
        for await (const piece of body) writer.write(piece);
      } finally {
        writer.close();
      }
    }
  }
}

function unpackZip(disk: Disk, file: string, name: string, tree: TreeWriter): void {
  const zip = readZip(disk, file, name);
  for (const entry of zip.entries) {
    if (entry.isDirectory) {
      tree.directory(entry.name);
    } else if (entry.isLink) {
      const target = Buffer.from(zip.read(entry)).toString("utf8");
      tree.link(entry.name, target, entry.modifiedMs);
    } else {
      const content = zip.read(entry);
      const writer = tree.file(entry.name, entry);
      try {
        writer.write(content);
      } finally {
        writer.close();
      }
    }
  }
}
