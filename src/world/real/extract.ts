/**
 * Members of archives become files, by several threads: each reads a part of an archive, inflates it, hashes what comes
 * out and writes it, and takes the next one. What is large goes through a thread in pieces, so that no member needs
 * memory by its size. A member that does not come out as it is declared is left to the caller, who finds out why.
 */
import * as fs from "node:fs";
import { createHash, hash } from "node:crypto";
import type * as Crypto from "node:crypto";
import { availableParallelism } from "node:os";
import { SHARE_ENV, Worker } from "node:worker_threads";
import { crc32, createInflateRaw, inflateRawSync } from "node:zlib";
import type * as Zlib from "node:zlib";
import type { Digest } from "../../core/index.ts";
import type { MemberToExtract } from "../disk.ts";

const mostThreads = 4;
/** Below so many bytes a thread takes longer to start than they do. */
const bytesForThread = 1 << 22;
/** What is larger is not held in memory, and so cannot be done by the thread that must not wait for a stream. */
export const largeBytes = 1 << 25;
/** No living thread needs that long for one piece; if one does, only time is lost. */
const silenceMs = 5_000;
const digestBytes = 32;

const layout = {
  at: { nextLarge: 0, nextSmall: 1, ended: 2, beats: 3, givenUp: 4 },
  mark: { open: 0, done: 1, failed: 2 },
  digestBytes,
};
const { at, mark } = layout;

/** All that a thread knows. */
export interface Work {
  readonly members: readonly MemberToExtract[];
  /** Which of them are large, and which are not. */
  readonly large: readonly number[];
  readonly small: readonly number[];
  readonly digests: Uint8Array;
  readonly marks: Int32Array;
  readonly progress: Int32Array;
  readonly layout: typeof layout;
}

export interface Modules {
  readonly fs: typeof fs;
  readonly zlib: Pick<typeof Zlib, "crc32" | "createInflateRaw" | "inflateRawSync">;
  readonly crypto: Pick<typeof Crypto, "createHash" | "hash">;
}

export interface Threads {
  /** Runs `program`, a function of Node's modules and the work, in another thread. */
  readonly start: (program: string, work: Work) => void;
  readonly silenceMs: number;
}

/** See `Disk.extract`. */
export function extract(
  members: readonly MemberToExtract[],
  threads: Threads = { start: startThread, silenceMs },
): (Digest | undefined)[] {
  const isLarge = (index: number): boolean => (members[index]?.sizeBytes ?? 0) > largeBytes;
  const work: Work = {
    members,
    large: [...members.keys()].filter(isLarge),
    small: [...members.keys()].filter((index) => !isLarge(index)),
    digests: new Uint8Array(new SharedArrayBuffer(Math.max(members.length, 1) * digestBytes)),
    marks: new Int32Array(new SharedArrayBuffer(Math.max(members.length, 1) * 4)),
    progress: new Int32Array(new SharedArrayBuffer(Object.keys(at).length * 4)),
    layout,
  };
  const bytes = members.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  const wanted = Math.floor(bytes / bytesForThread);
  const spare = Math.min(availableParallelism() - 1, mostThreads, wanted, members.length - 1);
  const program = `(modules, work) => (${takeLarge})(modules, work, ${takeSmall}, ${extractSmall})`;
  for (let count = Math.max(spare, work.large.length > 0 ? 1 : 0); count > 0; count -= 1)
    threads.start(program, work);
  const zlib = { crc32, createInflateRaw, inflateRawSync };
  takeSmall({ fs, zlib, crypto: { createHash, hash } }, work, extractSmall);
  waitForAll(work, threads.silenceMs);
  return members.map((_, index) => {
    if (Atomics.load(work.marks, index) !== mark.done) return undefined;
    const start = index * digestBytes;
    return Buffer.from(work.digests.subarray(start, start + digestBytes)).toString("hex");
  });
}

/** A thread that cannot be had is not missed: what it would have done is left to the caller. */
function startThread(program: string, work: Work): void {
  const modules = ["fs", "zlib", "crypto"].map((name) => `${name}: require("node:${name}")`);
  const text = `(${program})({ ${modules.join(", ")} }, require("node:worker_threads").workerData)`;
  try {
    const worker = new Worker(text, { eval: true, env: SHARE_ENV, workerData: work });
    worker.on("error", () => {});
    worker.unref();
  } catch {
    // then this thread does it alone
  }
}

/** A thread that is silent for so long is dead, or as good as that: the caller does what it has not done. */
function waitForAll({ members, progress }: Work, silenceMs: number): void {
  for (;;) {
    const beats = Atomics.load(progress, at.beats);
    const ended = Atomics.load(progress, at.ended);
    if (ended >= members.length) return;
    const answer = Atomics.wait(progress, at.ended, ended, silenceMs);
    if (answer !== "timed-out" || Atomics.load(progress, at.beats) !== beats) continue;
    Atomics.store(progress, at.givenUp, 1);
    return;
  }
}

/** Its text is run by the threads, so that it may use nothing but its arguments. The text of the others, too. */
async function takeLarge(
  modules: Modules,
  work: Work,
  takeOthers: typeof takeSmall,
  extractOther: typeof extractSmall,
): Promise<void> {
  const { fs, zlib, crypto } = modules;
  const { members, large, digests, marks, progress, layout } = work;
  const { at, mark, digestBytes } = layout;
  for (;;) {
    const index = large[Atomics.add(progress, at.nextLarge, 1)];
    if (index === undefined) return takeOthers(modules, work, extractOther);
    const { archive, offset, compressedBytes, sizeBytes, isDeflated, to, mode, ...declared } =
      members[index] as MemberToExtract;
    let isGood = false;
    try {
      const target = fs.openSync(to, "wx", mode);
      try {
        const hash = crypto.createHash("sha256");
        let [crc, written] = [0, 0];
        const end = offset + compressedBytes - 1;
        const source = fs.createReadStream(archive, { start: offset, end, highWaterMark: 1 << 18 });
        const inflater = isDeflated ? zlib.createInflateRaw({ chunkSize: 1 << 18 }) : undefined;
        source.on("error", (error) => inflater?.destroy(error));
        for await (const piece of inflater === undefined ? source : source.pipe(inflater)) {
          written += piece.length;
          if (written > sizeBytes || Atomics.load(progress, at.givenUp) !== 0) break;
          crc = zlib.crc32(piece, crc);
          hash.update(piece);
          for (let from = 0; from < piece.length;) from += fs.writeSync(target, piece, from);
          Atomics.add(progress, at.beats, 1);
        }
        source.destroy();
        const isWhole = inflater === undefined || inflater.bytesWritten === compressedBytes;
        isGood = isWhole && written === sizeBytes && crc === declared.crc32;
        fs.fchmodSync(target, mode);
        digests.set(hash.digest(), index * digestBytes);
      } finally {
        fs.closeSync(target);
      }
    } catch {
      isGood = false;
    }
    Atomics.store(marks, index, isGood ? mark.done : mark.failed);
    Atomics.add(progress, at.ended, 1);
    Atomics.notify(progress, at.ended);
  }
}

/** Its text is what the threads run, too. */
function takeSmall(modules: Modules, work: Work, extractOne: typeof extractSmall): void {
  const { fs } = modules;
  const { members, small, marks, progress, layout } = work;
  const { at, mark } = layout;
  const open = { archive: "", descriptor: -1 };
  for (;;) {
    const index = small[Atomics.add(progress, at.nextSmall, 1)];
    if (index === undefined || Atomics.load(progress, at.givenUp) !== 0) break;
    let isGood = false;
    try {
      const { archive } = members[index] as MemberToExtract;
      if (open.archive !== archive) {
        if (open.descriptor >= 0) fs.closeSync(open.descriptor);
        open.descriptor = -1;
        open.descriptor = fs.openSync(archive, "r");
        open.archive = archive;
      }
      isGood = extractOne(modules, work, index, open.descriptor);
    } catch {
      open.archive = "";
    }
    Atomics.store(marks, index, isGood ? mark.done : mark.failed);
    Atomics.add(progress, at.ended, 1);
    Atomics.add(progress, at.beats, 1);
    Atomics.notify(progress, at.ended);
  }
  if (open.descriptor >= 0) fs.closeSync(open.descriptor);
}

/** Its text is run by the threads, too. Whether the member came out as it is declared. */
function extractSmall(
  { fs, zlib, crypto }: Modules,
  { members, digests, layout }: Work,
  index: number,
  descriptor: number,
): boolean {
  const { offset, compressedBytes, sizeBytes, isDeflated, to, mode, ...declared } = members[
    index
  ] as MemberToExtract;
  const stored = Buffer.allocUnsafe(compressedBytes);
  let read = 0;
  while (read < compressedBytes) {
    const got = fs.readSync(descriptor, stored, read, compressedBytes - read, offset + read);
    if (got === 0) return false;
    read += got;
  }
  let content: Uint8Array = stored;
  if (isDeflated) {
    const inflated = zlib.inflateRawSync(stored, {
      chunkSize: Math.max(sizeBytes, 64),
      maxOutputLength: Math.max(sizeBytes, 1),
      info: true,
    }) as unknown as { buffer: Uint8Array; engine: { bytesWritten: number } };
    if (inflated.engine.bytesWritten !== compressedBytes) return false;
    content = inflated.buffer;
  }
  if (content.length !== sizeBytes || zlib.crc32(content) !== declared.crc32) return false;
  digests.set(
    crypto.hash("sha256", content, "buffer") as unknown as Uint8Array,
    index * layout.digestBytes,
  );
  const target = fs.openSync(to, "wx", mode);
  try {
    for (let from = 0; from < content.length;) from += fs.writeSync(target, content, from);
    fs.fchmodSync(target, mode);
  } finally {
    fs.closeSync(target);
  }
  return true;
}
