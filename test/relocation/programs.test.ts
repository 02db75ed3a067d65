/** The placeholder in programs of this machine's compiler: they run at another prefix, or say why they cannot. */
import { execFileSync, spawnSync } from "node:child_process";
import * as fs from "node:fs";
import { deflateSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import {
  findPlaces,
  hasPackedSections,
  placeholder,
  relocate,
} from "../../src/relocation/index.ts";
import { temporaryFolder } from "../archive/temporary.ts";
import { long, moved, pinsOf, target } from "./moved.ts";

const folder = temporaryFolder();
const hasCompiler = spawnSync("cc", ["--version"]).status === 0;

let count = 0;
function compile(source: string, ...options: readonly string[]): string {
  count += 1;
  const file = `${folder}/program${count}`;
  fs.writeFileSync(`${file}.c`, source.replaceAll("PREFIX", `"${placeholder}"`));
  execFileSync("cc", ["-o", file, `${file}.c`, ...options], { cwd: folder });
  return file;
}

function run(content: Uint8Array): string {
  count += 1;
  const file = `${folder}/moved${count}`;
  fs.writeFileSync(file, content, { mode: 0o755 });
  const { status, stdout, stderr } = spawnSync(file, [], { encoding: "utf8" });
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  return stdout;
}

const print = (what: string): string =>
  `#include <stdio.h>\n#include <string.h>\nint main(void) { ${what} }\n`;

// As a function that fills what it is given: what is copied there is copied by constants.
const copies = `#include <stdio.h>
#include <string.h>
__attribute__((noinline)) void one(char *to) { strcpy(to, PREFIX "/etc/fonts"); }
__attribute__((noinline)) void two(char *to) { strcpy(to, PREFIX); }
__attribute__((noinline)) void three(char *to) { memcpy(to, PREFIX "/share/x", 105); }
__attribute__((noinline)) int same(const char *a) { return memcmp(a, PREFIX, 96) == 0; }
int main(void) {
static char a[300], b[300], c[300];
one(a); two(b); three(c);
printf("%s\\n%s\\n%s\\n%d%d\\n", a, b, c, same(a), same(c));
}
`;

describe.skipIf(!hasCompiler)("strings (needs cc)", () => {
  test.each([
    ["whole strings", 'puts(PREFIX "/etc"); puts(PREFIX);', `${long}/etc\n${long}\n`],
    ["two in one string", 'puts(PREFIX "/a:" PREFIX "/b");', `${long}/a:${long}/b\n`],
    [
      "a length that was counted before",
      'static const char p[] = PREFIX "/x"; printf("%.*s %d\\n", (int)sizeof p - 1, p, (int)strlen(p));',
      `${long}/x 98\n`,
    ],
    [
      "a string that is another's end",
      'puts(PREFIX "/lib/greet"); puts("/lib/greet"); puts("greet");',
      `${long}/lib/greet\n/lib/greet\ngreet\n`,
    ],
  ])("%s: right", (_, what, wanted) => {
    for (const level of ["-O0", "-O2"]) {
      expect(run(moved(fs.readFileSync(compile(print(what), level))))).toBe(wanted);
    }
  });

  test("a program that compares by the length of its prefix cannot be found: its checks at another prefix show it", () => {
    const content = fs.readFileSync(
      compile(
        print('printf("%d\\n", strncmp("/opt/stack/lib", PREFIX, strlen(PREFIX)) == 0);'),
        "-O2",
      ),
    );
    expect(run(moved(content))).toBe("0\n");
  });
});

describe.skipIf(!hasCompiler)("pieces (needs cc)", () => {
  test.each(["-O0", "-O1", "-O2", "-O3 -mavx2", "-Os", "-O2 -flto", "-O2 -fPIE -pie"])(
    "pieces, with %s: right",
    (options) => {
      const content = fs.readFileSync(compile(copies, ...options.split(" ")));
      expect(run(content)).toContain(`${placeholder}/etc/fonts\n`);
      const finding = findPlaces(content);
      // Other processors are not known so well: there it may be named instead.
      if (process.arch !== "x64" && finding.pins.length > 0) return;
      expect(run(moved(content, finding))).toBe(
        `${long}/etc/fonts\n${long}\n${long}/share/x\n11\n`,
      );
    },
  );

  test("behind a word of odd length, pieces that fit to nothing are named", () => {
    const source = copies.replaceAll("PREFIX", '"abc=" PREFIX');
    const content = fs.readFileSync(compile(source, "-O2"));
    const { pins } = findPlaces(content);
    if (pins.length === 0) expect(run(moved(content))).toContain(`abc=${long}/etc/fonts\n`);
    else expect(pins[0]?.where).toMatch(/^\.(text|rodata)/);
  });

  test("what is cut or spoilt anywhere throws nothing", () => {
    const content = fs.readFileSync(compile(copies, "-O2"));
    for (let length = 0; length < 2000; length += 7) findPlaces(content.subarray(0, length));
    for (let at = 16; at < 64; at += 1) {
      const spoilt = Buffer.from(content);
      spoilt[at] = 0xff;
      const { map } = findPlaces(spoilt);
      if (map !== undefined) expect(relocate(spoilt, map, { target })?.length).toBe(spoilt.length);
    }
    expect(findPlaces(deflateSync(content)).pins).toEqual([]);
  });
});

describe.skipIf(!hasCompiler)("what is linked of them (needs cc)", () => {
  test("in an archive of object files: each member by itself", () => {
    const object = compile(copies, "-O2", "-c");
    const archive = `${folder}/libcopies.a`;
    execFileSync("ar", ["rc", archive, object]);
    const finding = findPlaces(fs.readFileSync(archive));
    if (process.arch !== "x64" && finding.pins.length > 0) return;
    fs.writeFileSync(archive, moved(fs.readFileSync(archive), finding));
    execFileSync("ar", ["x", archive], { cwd: folder });
    execFileSync(
      "cc",
      [
        "-o",
        `${folder}/linked`,
        archive,
        "-Wl,--whole-archive",
        archive,
        "-Wl,--no-whole-archive",
        "-Wl,-z,muldefs",
      ],
      { cwd: folder },
    );
    expect(spawnSync(`${folder}/linked`, { encoding: "utf8" }).stdout).toContain(
      `${long}/etc/fonts\n`,
    );
  });
});

describe.skipIf(!hasCompiler)("sections (needs cc)", () => {
  test("a symbol's name is hashed, so it is named; a path to a library is not", () => {
    const withSymbol = compile(
      `int f(void) __asm__("\\"x${placeholder}\\""); int f(void) { return 1; }`,
      "-shared",
      "-fPIC",
    );
    expect(pinsOf(fs.readFileSync(withSymbol)).join()).toContain("in the name of a symbol");
    const withPath = compile(
      "int g(void) { return 1; }",
      "-shared",
      "-fPIC",
      `-Wl,-rpath,${placeholder}/lib`,
    );
    expect(moved(fs.readFileSync(withPath)).toString("latin1")).toContain(`${long}/lib`);
  });

  test("compressed debug information is looked into", () => {
    const reader = (file: string) => (offset: number, length: number) =>
      fs.readFileSync(file).subarray(offset, offset + length);
    const packed = compile(
      print("return 0;"),
      "-g",
      "-gz",
      `-fdebug-prefix-map=${folder}=${placeholder}`,
    );
    expect(pinsOf(fs.readFileSync(packed)).join()).toMatch(
      /^\.debug_(line_)?str: the prefix's path in compressed data/,
    );
    const plain = compile(print("return 0;"), "-g", `-fdebug-prefix-map=${folder}=${placeholder}`);
    expect(moved(fs.readFileSync(plain)).toString("latin1")).toContain(long);
    expect([packed, plain].map((file) => hasPackedSections(reader(file)))).toEqual([true, false]);
  });
});
