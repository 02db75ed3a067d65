/** A file, read where one looks, as if all of it were in memory. */
import type { Disk } from "../world/index.ts";

/** Small, for who looks here and there; what lies side by side comes with one read all the same. */
const windowBytes = 1 << 16;

/** With those of Buffer's readers that are needed. What lies beyond the end throws a RangeError, as there. */
export class FileView {
  readonly #disk: Disk;
  readonly #file: string;
  readonly length: number;
  #start = 0;
  #window: Buffer = Buffer.alloc(0);

  constructor(disk: Disk, file: string) {
    this.#disk = disk;
    this.#file = file;
    this.length = disk.statusOfTarget(file)?.sizeBytes ?? 0;
  }

  readUInt16LE(at: number): number {
    return this.#at(at, 2).readUInt16LE();
  }

  readUInt32LE(at: number): number {
    return this.#at(at, 4).readUInt32LE();
  }

  readBigUInt64LE(at: number): bigint {
    return this.#at(at, 8).readBigUInt64LE();
  }

  subarray(start: number, end: number): Buffer {
    return this.#at(start, Math.max(end - start, 0));
  }

  toString(_encoding: "utf8", start: number, end: number): string {
    return this.subarray(start, end).toString("utf8");
  }

  #at(at: number, bytes: number): Buffer {
    if (at < 0 || at + bytes > this.length) throw new RangeError(`${this.#file} ends before`);
    if (bytes > windowBytes) return this.#read(at, bytes);
    const isBefore = at < this.#start;
    if (isBefore || at + bytes > this.#start + this.#window.length) {
      // Who looks further back, as for the end record, goes on backwards.
      this.#start = isBefore ? Math.max(at + bytes - windowBytes, 0) : at;
      this.#window = this.#read(this.#start, Math.min(windowBytes, this.length - this.#start));
    }
    return this.#window.subarray(at - this.#start, at - this.#start + bytes);
  }

  #read(at: number, bytes: number): Buffer {
    const { buffer, byteOffset, byteLength } = this.#disk.readSlice(this.#file, at, bytes);
    if (byteLength < bytes) throw new RangeError(`${this.#file} ends before`);
    return Buffer.from(buffer, byteOffset, byteLength);
  }
}
