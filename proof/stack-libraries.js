/** C libraries as recipes, from the archives that Debian's source packages carry, and a program on them. */
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { must, run } from "./processes.js";

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
  const archives = `${folder}/archives`;
  mkdirSync(archives, { recursive: true });
  await download(archives, Object.keys(libraries), limit);
  for (const file of readdirSync(archives)) {
    const [, name, version] = /^([a-z0-9-]+)_(\d[^_]*)\.orig\.tar\.\w+$/.exec(file) ?? [];
    if (name === undefined) continue;
    const sha256 = createHash("sha256")
      .update(readFileSync(`${archives}/${file}`))
      .digest("hex");
    const head = `name = "${name}"\nversion = "${version}"\n[source]\nurl = "file://${archives}/${file}"\nsha256 = "${sha256}"\n`;
    writeFileSync(`${folder}/packages/${name}.toml`, `${head}${libraries[name]}\n`);
  }
  mkdirSync(`${folder}/uses-lz4`, { recursive: true });
  writeFileSync(`${folder}/uses-lz4/main.c`, program);
  writeFileSync(`${folder}/packages/uses-lz4.toml`, usesLz4);
}

/** From where the machine has its packages; what apt knows of it is left as it is. */
async function download(archives, names, limit) {
  const state = `${archives}/apt`;
  mkdirSync(`${state}/lists/partial`, { recursive: true });
  const all = await run(["sh", "-c", "cat /etc/apt/sources.list.d/*.sources"], limit);
  writeFileSync(`${state}/all.sources`, all.stdout.replaceAll(/^Types:.*$/gm, "Types: deb-src"));
  const options = {
    "Dir::Etc::SourceList": `${state}/all.sources`,
    "Dir::Etc::SourceParts": `${state}/none`,
    "Dir::State::Lists": `${state}/lists`,
    "APT::Sandbox::User": "root",
  };
  const given = Object.entries(options).flatMap(([name, value]) => ["-o", `${name}=${value}`]);
  const apt = ["apt-get", "-qq", ...given];
  await must([...apt, "update"], limit);
  // A mirror may lack Debian's own part of a source package, which is of no use here.
  const fetched = await run([...apt, "source", "--download-only", ...names], {
    ...limit,
    cwd: archives,
  });
  const here = readdirSync(archives).filter((file) => file.includes(".orig.tar."));
  const missing = names.filter((name) => !here.some((file) => file.startsWith(`${name}_`)));
  if (missing.length > 0)
    throw new Error(`not to be had: ${missing.join(", ")}\n${fetched.stderr}`);
}
