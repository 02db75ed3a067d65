/** The bytes of a compressed file, piece by piece, so that memory stays bounded. */
import { pipeline, Readable, type Transform } from "node:stream";
import * as zlib from "node:zlib";
import { TenonError } from "../core/index.ts";
import { type CapturedOutcome, isDiskError, type World } from "../world/index.ts";
import type { Compression } from "./format.ts";
import { growsTooMuch } from "./growth.ts";
import { refusal } from "./refusal.ts";

export interface CompressedFile {
  readonly world: World;
  readonly file: string;
  /** How errors name the archive. */
  readonly name: string;
  /** A file that does not exist; for programs that cannot be read from piece by piece. */
  readonly temporary: string;
  /** No more is written there, but for a little. */
  readonly limitBytes: number;
}

export function decompress(
  source: CompressedFile,
  compression: Compression,
): AsyncIterable<Uint8Array> {
  switch (compression) {
    case "none":
      return readPlain(source.world, source.file);
    case "gzip":
      return readThrough(source, zlib.createGunzip());
    case "zstd": {
      const decoder = createZstd();
      return decoder === undefined
        ? readByProgram(source, compression)
        : readThrough(source, decoder);
    }
    default:
      return readByProgram(source, compression);
  }
}

async function* readPlain(world: World, file: string): AsyncGenerator<Uint8Array> {
  yield* world.disk.readChunks(file);
}

async function* readThrough(
  source: CompressedFile,
  decoder: Transform,
): AsyncGenerator<Uint8Array> {
  const chunks = Readable.from(source.world.disk.readChunks(source.file));
  pipeline(chunks, decoder, () => {}); // a failure comes out of the loop below
  try {
    for await (const chunk of decoder) yield chunk as Uint8Array;
  } catch (error) {
    if (isDiskError(error)) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw damaged(source, isBehindEnd(source, reason) ? `${reason} behind its end` : reason);
  }
}

/** Whether what is not a gzip header comes after a whole stream, and not in the place of the first. */
function isBehindEnd({ world, file }: CompressedFile, reason: string): boolean {
  const [first, second] = world.disk.readSlice(file, 0, 2);
  return reason === "incorrect header check" && first === 0x1f && second === 0x8b;
}

/** The types of the oldest Node that is supported do not know what newer ones have built in. */
const builtIn = zlib as {
  createZstdDecompress?: () => Transform;
  zstdDecompressSync?: (bytes: Uint8Array) => Uint8Array;
};

/** Node's own zstd, but not that of Node 22, which reads only the first of several pieces. */
function createZstd(): Transform | undefined {
  return noticesCut() ? builtIn.createZstdDecompress?.() : undefined;
}

/** That of Node 22 takes a stream that is cut off for a whole one. */
function noticesCut(): boolean {
  try {
    builtIn.zstdDecompressSync?.(Uint8Array.of(0x28, 0xb5, 0x2f, 0xfd));
    return false;
  } catch {
    return true;
  }
}

const programs = {
  bzip2: { command: ["bzip2", "-dc"], debian: "bzip2", fedora: "bzip2" },
  xz: { command: ["xz", "-dc"], debian: "xz-utils", fedora: "xz" },
  zstd: { command: ["zstd", "-dc", "--long=31"], debian: "zstd", fedora: "zstd" },
  lzip: { command: ["lzip", "-dc"], debian: "lzip", fedora: "lzip" },
} as const;

type Program = keyof typeof programs;

const script = 'in=$1 out=$2; ulimit -f "$3"; shift 3; exec "$@" <"$in" >"$out"';
const ulimitBlockBytes = 512;
/** The tar's own blocks come on top of what its members hold. */
const headerBlocks = 1 << 17;

async function* readByProgram(
  source: CompressedFile,
  program: Program,
): AsyncGenerator<Uint8Array> {
  const { world, file, temporary } = source;
  const blocks = Math.ceil(source.limitBytes / ulimitBlockBytes) + headerBlocks;
  const args = ["-c", script, "sh", file, temporary, `${blocks}`, ...programs[program].command];
  try {
    const result = await world.processes.capture({ program: "/bin/sh", args });
    checkOutcome(source, program, result);
    yield* world.disk.readChunks(temporary);
  } finally {
    if (world.disk.status(temporary) !== undefined) world.disk.removeFile(temporary);
  }
}

function checkOutcome(source: CompressedFile, program: Program, result: CapturedOutcome): void {
  const { outcome, stderr } = result;
  if (outcome.kind === "exited" && outcome.code === 0) return;
  if (outcome.kind === "exited" && outcome.code === 127) throw missing(source, program);
  const isTooLarge = outcome.kind === "killed" && outcome.signal === "SIGXFSZ";
  if (isTooLarge || /file too large/i.test(stderr)) throw growsTooMuch(source.name);
  const reason = stderr.trim().split("\n").at(-1) || `${program} ended with ${outcome.kind}`;
  if (outcome.kind === "exited" && !/no space left|cannot (create|open)/i.test(stderr))
    throw damaged(source, reason);
  throw new TenonError({
    kind: "machine",
    code: "ARCHIVE_PROGRAM_FAILED",
    message: `${source.name} could not be unpacked: ${reason}`,
  });
}

function missing(source: CompressedFile, program: Program): TenonError {
  const { debian, fedora } = programs[program];
  return new TenonError({
    kind: "machine",
    code: "ARCHIVE_PROGRAM_MISSING",
    message: `${source.name} is compressed with ${program}, and the program ${program} is not here`,
    hints: [`Install it: apt-get install ${debian}, or dnf install ${fedora}.`],
  });
}

function damaged(source: CompressedFile, reason: string): TenonError {
  return refusal("DAMAGED", { archive: source.name }, `is damaged: ${reason}`);
}
