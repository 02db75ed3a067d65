/** Another path in programs of this machine's compiler: they run there, or it is said why they would not. */
import { execFileSync, spawnSync } from "node:child_process";
import * as fs from "node:fs";
import { describe, expect, test } from "vitest";
import { renamer } from "../../src/relocation/index.ts";
import { temporaryFolder } from "../archive/temporary.ts";

const folder = temporaryFolder();
const hasCompiler = spawnSync("cc", ["--version"]).status === 0;
const from = "/opt/some/place/that/is/old";
const shorter = "/opt/new";
const longer = "/opt/some/place/that/is/old/and/longer";

let count = 0;
function compile(source: string, ...options: readonly string[]): Buffer {
  count += 1;
  const file = `${folder}/p${count}`;
  fs.writeFileSync(`${file}.c`, source.replaceAll("OLD", `"${from}"`));
  execFileSync("cc", ["-o", file, `${file}.c`, ...options], { cwd: folder });
  return fs.readFileSync(file);
}

function run(content: Uint8Array): string {
  count += 1;
  const file = `${folder}/p${count}`;
  fs.writeFileSync(file, content, { mode: 0o755 });
  const { status, stdout, stderr } = spawnSync(file, [], { encoding: "utf8" });
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  return stdout;
}

const rename = (content: Uint8Array, to: string) =>
  renamer({ from, to })({ content, path: "bin/p" });
const says = `#include <stdio.h>\nint main(void) { puts(OLD "/share"); return 0; }\n`;
const copies = `#include <stdio.h>
#include <string.h>
__attribute__((noinline)) void one(char *to) { strcpy(to, OLD "/etc/fonts"); }
int main(void) { static char a[300]; one(a); puts(a); return 0; }
`;

describe.skipIf(!hasCompiler)("programs (needs cc)", () => {
  test("whole strings, and rpaths, where there is room", () => {
    const { content, left } = rename(compile(says, "-O2", `-Wl,-rpath,${from}/lib`), shorter);
    expect(left).toEqual([]);
    expect(run(content ?? Buffer.alloc(0))).toBe(`${shorter.padEnd(from.length, "/")}/share\n`);
    expect(Buffer.from(content ?? "").includes(from)).toBe(false);
  });

  test("an rpath that has no room is said by where the program is", () => {
    const program = compile("int main(void) { return 0; }", `-Wl,-rpath,${from}/lib:${from}`);
    const { content, left } = rename(program, longer);
    expect(left).toEqual([]);
    expect(Buffer.from(content ?? "").includes("\0$ORIGIN/../lib:$ORIGIN/..\0")).toBe(true);
    const { left: alone } = renamer({ from, to: longer })({ content: program });
    expect(alone.map(({ where }) => where)).toEqual([".dynstr", ".dynstr"]);
  });

  test("a string that has no room is left, with its section", () => {
    const { content, left } = rename(compile(says, "-O2"), longer);
    expect(content).toBeUndefined();
    expect(left).toMatchObject([
      { where: ".rodata", what: expect.stringContaining("of 27 bytes") },
    ]);
  });

  // Whole or in pieces, as the compiler likes: whatever it does, nothing is silently wrong.
  test.each(["/x", "/etc/fonts", "/share/words", "/lib/python3.11/site-packages"])(
    "a copied string is right, or left (%s)",
    (tail) => {
      const program = compile(copies.replace("/etc/fonts", tail), "-O2");
      const { content, left } = rename(program, shorter);
      const wanted = `${shorter.padEnd(from.length, "/")}${tail}\n`;
      if (left.length === 0) expect(run(content ?? program)).toBe(wanted);
    },
  );

  test("a string in pieces that overlap is left", () => {
    const constants = [
      "/opt/some/place/",
      "that/is/old/shar",
      "is/old/share/wor",
      "something-else/x",
    ];
    const [one, two, three, other] = constants.map((each) => `"${each}"`);
    const aligned = (text = ""): string =>
      `__attribute__((aligned(16))) const char a${text.length}${count++}[16] = ${text};`;
    const source = [one, other, three, two].map((each) => aligned(each)).join("\n");
    const { left } = rename(compile(source, "-shared", "-fPIC"), shorter);
    expect(left.map(({ what, where }) => [where, what])).toEqual([
      [".rodata", "a part of the prefix's path that does not fit to others beside it"],
    ]);
  });

  test("the members of an archive, each by itself", () => {
    const object = compile(says, "-c", "-Os");
    const { content, left } = rename(object, shorter);
    expect(left).toEqual([]);
    fs.writeFileSync(`${folder}/a.o`, object);
    execFileSync("ar", ["rcs", "a.a", "a.o"], { cwd: folder });
    const archive = rename(fs.readFileSync(`${folder}/a.a`), shorter);
    expect(archive.left).toEqual([]);
    expect(Buffer.from(archive.content ?? "").includes(Buffer.from(content ?? "x"))).toBe(true);
  });

  test("the name of a symbol is left", () => {
    const source = `int y __asm__("\\"v${from}\\"") = 1;\n`;
    const { left } = rename(compile(source, "-shared", "-fPIC"), shorter);
    expect(left.map(({ what }) => what)).toContain(
      "the prefix's path in the name of a symbol, which is hashed",
    );
  });

  test("compressed debug information is looked into", () => {
    const lines = Array.from(
      { length: 30 },
      (_, at) => `#line 1 "${from}/src/f${at}.c"\nint f${at};`,
    );
    const program = compile(`${lines.join("\n")}\n`, "-g", "-gz=zlib", "-shared", "-fPIC");
    expect(program.includes(`${from}/src/f7.c`)).toBe(false);
    expect(rename(program, shorter).left.map(({ where }) => where)).toContainEqual(
      expect.stringMatching(/^\.debug_/),
    );
  });
});
