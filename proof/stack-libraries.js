/** C libraries as recipes, from the archives that Debian's source packages carry, and a program on them. */
import { mkdirSync, writeFileSync } from "node:fs";
import { fetchSources } from "./debian-sources.js";

/** By their names in Debian; the text of the recipe after its source. */
const libraries = {
  zlib: `[build]
system = "script"
script = '''
./configure --prefix="$PREFIX"
make -j"$JOBS"
make install DESTDIR="$DESTDIR"
'''`,
  lz4: `[build]
system = "make"
args = ["BUILD_STATIC=no"]`,
  libyaml: `[build]
system = "cmake"
args = ["-DBUILD_TESTING=OFF"]
env = {}`,
  expat: `[build]
system = "cmake"
directory = "expat"
args = ["-DEXPAT_BUILD_TESTS=OFF", "-DEXPAT_BUILD_DOCS=OFF", "-DEXPAT_BUILD_EXAMPLES=OFF"]`,
  "xz-utils": `[build]
system = "autotools"
args = ["--disable-doc", "--disable-nls"]`,
  libffi: `[build]
system = "autotools"
args = ["--disable-docs"]`,
};

const program = `#include <lz4.h>
#include <zlib.h>
#include <stdio.h>
int main(void) { printf("%d %s\\n", LZ4_versionNumber(), zlibVersion()); return 0; }
`;
const usesLz4 = `name = "uses-lz4"
version = "1"
[source]
path = "../uses-lz4"
[depends]
build = ["zlib"]
run = ["lz4"]
[build]
system = "script"
script = '''
mkdir -p "$DESTDIR$PREFIX/bin"
cc -I"$PREFIX/include" main.c -L"$PREFIX/lib" -llz4 -lz -o "$DESTDIR$PREFIX/bin/uses-lz4"
'''
`;

/** Writes the recipes below `folder`, and what they need beside them. */
export async function writeLibraries(folder, limit) {
  const heads = await fetchSources(`${folder}/archives`, Object.keys(libraries), limit);
  for (const [name, head] of heads)
    writeFileSync(`${folder}/packages/${name}.toml`, `${head}${libraries[name]}\n`);
  mkdirSync(`${folder}/uses-lz4`, { recursive: true });
  writeFileSync(`${folder}/uses-lz4/main.c`, program);
  writeFileSync(`${folder}/packages/uses-lz4.toml`, usesLz4);
}
