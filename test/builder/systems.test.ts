/** Each build system on a tiny source, in a view. */
import * as fs from "node:fs";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import {
  createSite,
  failureOf,
  hasProgram,
  isolation,
  noView,
  pathsOf,
  type Site,
} from "./site.ts";

const word = isolation.kind === "none" ? ` (skipped: ${isolation.reason})` : "";
const needing = (program: string): string =>
  hasProgram(program) ? "" : ` (skipped: ${program} is not installed)`;

let site: Site;
beforeEach(() => {
  site = createSite({ prefix: "the prefix" });
});
afterEach(() => site.remove());

const hello = "#include <stdio.h>\nint main(void) { puts(WORD); return 0; }\n";

describe.skipIf(noView)(`build systems${word}`, () => {
  test("make", async () => {
    const makefile = [
      "hello: hello.c",
      "\t$(CC) -DWORD='\"$(WORD)\"' -o $@ $<",
      "install: hello",
      "\tmkdir -p '$(DESTDIR)$(PREFIX)/bin' && cp hello '$(DESTDIR)$(PREFIX)/bin'",
    ];
    const outcome = await site.build({
      name: "hello",
      files: { "deep/hello.c": hello, "deep/Makefile": `${makefile.join("\n")}\n` },
      build: { system: "make", args: ["WORD=two words"], directory: "deep" },
    });
    expect(pathsOf(outcome)).toEqual(["bin/hello"]);
    if (outcome.kind !== "built") return;
    expect(outcome.steps.map(({ name }) => name)).toEqual(["source", "build", "install", "stage"]);
    expect(fs.readFileSync(`${outcome.stage}/bin/hello`, "latin1")).toContain("two words");
    expect(site.log()).toMatch(/^== hello: build: make 'PREFIX=.*the prefix' 'WORD=two words'$/m);
    expect(site.log()).toMatch(
      /^== hello: install: exit code 0, [\d.]+ s wall, [\d.]+ s user, [\d.]+ s system, \d+ MB/m,
    );
  });

  test("a folder that the source does not have", async () => {
    const parts = {
      name: "hello",
      files: { x: "" },
      build: { system: "make", directory: "deep" },
    } as const;
    expect(failureOf(await site.build(parts)).reason).toBe("its source has no folder deep");
  });

  test("autotools", async () => {
    const configure = {
      text: '#!/bin/sh\nfor word; do case $word in --prefix=*) prefix=${word#--prefix=};; --word=*) word_=${word#--word=};; esac; done\nsed "s|@prefix@|$prefix|; s|@word@|$word_|" Makefile.in >Makefile\n',
      mode: 0o755,
    };
    const makefile =
      'prefix = @prefix@\nall:\n\techo @word@ >word\ninstall:\n\tmkdir -p "$(DESTDIR)$(prefix)" && cp word "$(DESTDIR)$(prefix)"\n';
    const outcome = await site.build({
      name: "word",
      files: { configure, "Makefile.in": makefile },
      build: { system: "autotools", args: ["--word=${PACKAGE_NAME}"] },
    });
    expect(pathsOf(outcome)).toEqual(["word"]);
    const { tree } = site.asLayer("word", outcome);
    expect(fs.readFileSync(`${tree}/word`, "utf8")).toBe("word\n");
  });

  test("autotools without anything to configure", async () => {
    const parts = { name: "word", files: { x: "" }, build: { system: "autotools" } } as const;
    expect(failureOf(await site.build(parts)).reason).toContain("neither configure nor");
  });

  test.skipIf(!hasProgram("cmake"))(`cmake${needing("cmake")}`, async () => {
    const lists = [
      "cmake_minimum_required(VERSION 3.10)",
      "project(hello C)",
      "include(GNUInstallDirs)",
      "add_library(word SHARED word.c)",
      "add_executable(hello hello.c)",
      'target_compile_definitions(hello PRIVATE WORD="x")',
      // As HDF5 does: what it writes is looked for in the build folder.
      "try_run(RAN BUILT ${CMAKE_BINARY_DIR}/try ${CMAKE_SOURCE_DIR}/answer.c)",
      "file(READ ${CMAKE_BINARY_DIR}/answer.txt ANSWER)",
      'target_compile_definitions(hello PRIVATE ANSWER="${ANSWER}")',
      "target_link_libraries(hello word)",
      "install(TARGETS word hello)",
    ];
    const outcome = await site.build({
      name: "hello",
      files: {
        "CMakeLists.txt": lists.join("\n"),
        "word.c": "int word(void) { return 0; }",
        "hello.c": "int word(void);\nint main(void) { return word(); }",
        "answer.c":
          '#include <stdio.h>\nint main(void) { FILE *f = fopen("answer.txt", "w"); fputs("42", f); return 0; }\n',
      },
      build: { system: "cmake" },
      check: '"$PREFIX/bin/hello"',
    });
    expect(pathsOf(outcome)).toEqual(["bin/hello", "lib/libword.so"]);
  });

  test.skipIf(!hasProgram("meson"))(`meson${needing("meson")}`, async () => {
    const outcome = await site.build({
      name: "hello",
      files: {
        "meson.build": "project('hello', 'c')\nexecutable('hello', 'hello.c', install: true)\n",
        "hello.c": "int main(void) { return 0; }",
      },
      build: { system: "meson" },
    });
    expect(pathsOf(outcome)).toEqual(["bin/hello"]);
  });
});

describe.skipIf(noView)(`a build${word}`, () => {
  test("a program that is missing is named, with how to get it", async () => {
    const parts = { name: "hello", files: { Makefile: "" }, build: { system: "make" } } as const;
    const failed = failureOf(await site.build(parts, { path: [`${site.root}/nowhere`] }));
    expect(failed.reason).toBe("the program make is missing");
    expect(failed.hints.join()).toContain("depends.build");
  });

  test("a script ends at its first failing command, and its folder is the source", async () => {
    const parts = {
      name: "x",
      files: { here: "" },
      build: { script: "ls here\nfalse\ntouch there" },
    };
    const failed = failureOf(await site.build(parts));
    expect(failed).toMatchObject({ step: "script", exitCode: 1, logTail: ["here"] });
  });
});
