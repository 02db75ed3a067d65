/** Libraries of programs that were built: found where they are, or told before they join. */
import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import { afterEach, describe, expect, test } from "vitest";
import { hasProgram } from "../builder/site.ts";
import { openWorkshop, runInstalled, type Workshop } from "./workshop.ts";

let shop: Workshop;
afterEach(() => shop.dispose());

/** One that compilers do not link of their own accord, and that most machines have. */
const hostLibrary = "libz.so.1";
const canLinkIt =
  spawnSync("cc", ["-shared", "-o", "/dev/null", `-l:${hostLibrary}`, "-xc", "/dev/null"])
    .status === 0;

const library = (name: string, folder = "lib"): string => `name = "${name}"
version = "1"
[build]
system = "script"
script = '''
mkdir -p "$DESTDIR$PREFIX/${folder}" "$DESTDIR$PREFIX/include"
echo "int ${name}(void);" > "$DESTDIR$PREFIX/include/${name}.h"
echo "int ${name}(void) { return 42; }" > ${name}.c
cc -shared -fPIC -Wl,-soname,lib${name}.so -o "$DESTDIR$PREFIX/${folder}/lib${name}.so" ${name}.c
'''
`;

const program = (needs: string, link: string): string => `name = "app"
version = "1"
[depends]
run = ["${needs}"]
[build]
system = "script"
script = '''
printf '#include <stdio.h>\\n#include "${needs}.h"\\nint main(void) { printf("%%d\\\\n", ${needs}()); }\\n' > app.c
mkdir -p "$DESTDIR$PREFIX/bin"
cc -o "$DESTDIR$PREFIX/bin/app" app.c ${link}
'''
`;

test("a library in lib64 is found as one in lib is, by compiler, pkg-config and loader", async () => {
  shop = openWorkshop({
    "packages/far.toml": library("far", "lib64"),
    "packages/app.toml": program("far", "$LDFLAGS -lfar"),
  });
  expect((await shop.run(["build"])).stderr).not.toContain("warning");
  expect(runInstalled(`${shop.prefix}/bin/app`)).toBe("42\n");
  shop.edit("packages/app.toml", "$LDFLAGS -lfar", "-lfar");
  expect((await shop.run(["build"])).stderr).not.toContain("warning");
  expect(runInstalled(`${shop.prefix}/bin/app`)).toBe("42\n");
});

test.skipIf(!hasProgram("cmake"))("a CMake package in lib64 is found (needs cmake)", async () => {
  shop = openWorkshop({
    "far/CMakeLists.txt": `cmake_minimum_required(VERSION 3.16)
project(Far C)
add_library(far SHARED far.c)
install(TARGETS far EXPORT far LIBRARY DESTINATION lib64)
install(EXPORT far NAMESPACE Far:: FILE FarConfig.cmake DESTINATION lib64/cmake/Far)
`,
    "far/far.c": "int far(void) { return 42; }\n",
    "packages/far.toml":
      'name = "far"\nversion = "1"\nsource.path = "../far"\nbuild.system = "cmake"\n',
    "app/CMakeLists.txt": `cmake_minimum_required(VERSION 3.16)
project(App C)
find_package(Far REQUIRED CONFIG)
add_executable(app app.c)
target_link_libraries(app Far::far)
install(TARGETS app DESTINATION bin)
`,
    "app/app.c": "int far(void);\nint main(void) { return far() - 42; }\n",
    "packages/app.toml":
      'name = "app"\nversion = "1"\nsource.path = "../app"\ndepends.run = ["far"]\nbuild.system = "cmake"\n',
  });
  expect((await shop.run(["build"])).stderr).not.toContain("warning");
  expect(runInstalled(`${shop.prefix}/bin/app`)).toBe("");
});

test("a program that no rpath leads to its library is told of, once, with the cure", async () => {
  shop = openWorkshop({
    "packages/near.toml": library("near"),
    "packages/app.toml": program("near", "-Wl,-rpath,/nowhere -lnear"),
  });
  const { code, stderr } = await shop.run(["build"]);
  expect(code).toBe(0);
  expect(stderr).toContain(
    `warning: app: bin/app will not find libnear.so, which is in ${shop.prefix}/lib, for no rpath leads there; let its build use LDFLAGS, or link with -Wl,-rpath,${shop.prefix}/lib\n`,
  );
  fs.rmSync(shop.prefix, { recursive: true });
  expect((await shop.run(["build"])).stderr).not.toContain("warning");
});

test("a prefix with a space is linked by make's LDFLAGS, which are quoted", async () => {
  shop = openWorkshop({
    "packages/near.toml": library("near"),
    "app/Makefile": `app: app.c
\t$(CC) $(LDFLAGS) -Wl,-rpath,/nowhere -o $@ app.c -lnear
install: app
\tmkdir -p "$(DESTDIR)$(PREFIX)/bin" && cp app "$(DESTDIR)$(PREFIX)/bin/"
`,
    "app/app.c": "int near(void);\nint main(void) { return near() - 42; }\n",
    "packages/app.toml":
      'name = "app"\nversion = "1"\nsource.path = "../app"\ndepends.run = ["near"]\nbuild.system = "make"\n',
  });
  shop.edit("tenon.toml", `"${shop.prefix}"`, '"pre fix"');
  expect((await shop.run(["build"])).stderr).not.toContain("warning");
  expect(runInstalled(`${shop.workspace}/pre fix/bin/app`)).toBe("");
});

test("one whose script has no LDFLAGS is linked by LD_RUN_PATH, and else told of", async () => {
  shop = openWorkshop({
    "packages/near.toml": library("near"),
    "packages/app.toml": program("near", "-lnear"),
  });
  shop.edit("tenon.toml", `"${shop.prefix}"`, '"pre fix"');
  expect((await shop.run(["build"])).stderr).not.toContain("warning");
  expect(runInstalled(`${shop.workspace}/pre fix/bin/app`)).toBe("42\n");
  shop.edit("packages/app.toml", "-lnear", "-Wl,-rpath,/nowhere -lnear");
  expect((await shop.run(["build"])).stderr).toContain("or choose a prefix without a space");
});

describe.skipIf(!canLinkIt)("a library of the machine's (needs one that can be linked)", () => {
  const app = program("near", `$LDFLAGS -lnear -Wl,--no-as-needed -l:${hostLibrary}`);
  const files = { "packages/near.toml": library("near"), "packages/app.toml": app };

  test("is told, and is an event", async () => {
    shop = openWorkshop(files);
    const { code, stdout } = await shop.run(["build", "--json"]);
    expect(code).toBe(0);
    const events = stdout
      .split("\n")
      .filter(Boolean)
      .map((line) => JSON.parse(line) as object);
    expect(events).toContainEqual(
      expect.objectContaining({
        kind: "library",
        package: "app",
        library: hostLibrary,
        where: "machine",
        paths: ["bin/app"],
        text: `bin/app links the machine's ${hostLibrary}, which no package brings`,
      }),
    );
  });

  test("is refused where the recipe says so, also of a result that is in the store", async () => {
    shop = openWorkshop(files);
    await shop.must("build");
    fs.rmSync(shop.prefix, { recursive: true });
    shop.edit("packages/app.toml", "[build]", '[check]\nhost-libraries = "refuse"\n[build]');
    const { code, stderr } = await shop.run(["build"]);
    expect(code).toBe(1);
    expect(stderr).toContain(`links the machine's ${hostLibrary}, which no package brings`);
    expect(fs.existsSync(`${shop.prefix}/bin`)).toBe(false);
    fs.appendFileSync(
      `${shop.workspace}/tenon.toml`,
      `[check]\nsystem-libraries = ["${hostLibrary}"]\n`,
    );
    await shop.must("build");
    expect(runInstalled(`${shop.prefix}/bin/app`)).toBe("42\n");
  });

  test("that another package brings is told with its name", async () => {
    shop = openWorkshop({
      ...files,
      "packages/zlib.toml": `name = "zlib"
version = "1"
[build]
system = "script"
script = 'mkdir -p "$DESTDIR$PREFIX/lib"; echo > "$DESTDIR$PREFIX/lib/${hostLibrary}"'
`,
    });
    await shop.must("build", "zlib");
    expect((await shop.run(["build"])).stderr).toContain(
      `bin/app links the machine's ${hostLibrary}, though zlib brings one: add zlib to depends.run`,
    );
  });
});
