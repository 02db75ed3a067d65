/** Reading ELF files: those of this machine, made ones of each class and order, and damaged ones. */
import { execFileSync, spawnSync } from "node:child_process";
import * as fs from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { elfTags, readElf, type ElfFile } from "../../src/relocation/elf.ts";
import { temporaryFolder } from "../archive/temporary.ts";
import { makeElf } from "./elf-writer.ts";

const folder = temporaryFolder();

function read(bytes: Uint8Array): ElfFile | undefined {
  return readElf((offset, length) => bytes.subarray(offset, offset + length));
}

function textsOf(elf: ElfFile | undefined, wanted: number): (string | undefined)[] | undefined {
  return elf?.dynamic.filter(({ tag }) => tag === wanted).map(({ value }) => elf.text(value));
}

const hasCompiler = spawnSync("cc", ["--version"]).status === 0;

test.skipIf(!hasCompiler)("what this machine's linker writes (needs cc)", () => {
  fs.writeFileSync(`${folder}/a.c`, "int a(void) { return 1; }\n");
  fs.writeFileSync(`${folder}/b.c`, "int a(void); int main(void) { return a(); }\n");
  const cc = (...args: string[]) => execFileSync("cc", args, { cwd: folder });
  cc("-shared", "-fPIC", "-o", "liba.so", "a.c", "-Wl,-soname,liba.so.1");
  cc("-o", "b", "b.c", "-L.", "-la", "-Wl,-rpath,$ORIGIN/../lib:/opt/x", "-Wl,--enable-new-dtags");
  const elf = read(fs.readFileSync(`${folder}/b`));
  expect(textsOf(elf, elfTags.needed)).toContain("liba.so.1");
  expect(textsOf(elf, elfTags.runpath)).toEqual(["$ORIGIN/../lib:/opt/x"]);
  expect(read(fs.readFileSync(`${folder}/b.c`))).toBeUndefined();
});

describe.each([32, 64] as const)("%i bits", (bits) => {
  test.each([true, false])("little endian: %s", (isLittleEndian) => {
    const bytes = makeElf({ bits, isLittleEndian, needed: ["libx.so", "liby.so.2"], rpath: "/p" });
    const elf = read(bytes);
    expect(elf).toMatchObject({ bits, isLittleEndian, type: 3, machine: 62 });
    expect(textsOf(elf, elfTags.needed)).toEqual(["libx.so", "liby.so.2"]);
    expect(textsOf(elf, elfTags.rpath)).toEqual(["/p"]);
    expect(elf?.text(1 << 30)).toBeUndefined();
  });
});

test("what is cut anywhere gives nothing, or less, and throws nothing", () => {
  const whole = makeElf({ bits: 64, isLittleEndian: true, needed: ["libx.so"], rpath: "/p" });
  for (let length = 0; length < whole.length; length += 1) {
    const elf = read(whole.subarray(0, length));
    expect(textsOf(elf, elfTags.needed) ?? []).not.toContain("");
  }
});

test("what is changed anywhere throws nothing, and is bounded", () => {
  const shapes = [32, 64].flatMap((bits) =>
    [true, false].map((isLittleEndian) =>
      makeElf({ bits: bits as 32 | 64, isLittleEndian, needed: ["libx.so"], rpath: "/p" }),
    ),
  );
  fc.assert(
    fc.property(
      fc.constantFrom(...shapes),
      fc.array(fc.tuple(fc.nat(400), fc.integer({ min: 0, max: 255 })), { maxLength: 12 }),
      (shape, changes) => {
        const bytes = Uint8Array.from(shape);
        for (const [at, value] of changes) bytes[at % bytes.length] = value;
        let asked = 0;
        const elf = readElf((offset, length) => {
          asked += length;
          return bytes.subarray(offset, offset + length);
        });
        for (const { value } of elf?.dynamic ?? []) elf?.text(value);
        expect(asked).toBeLessThan(1 << 25);
      },
    ),
    { numRuns: 2_000 },
  );
});
