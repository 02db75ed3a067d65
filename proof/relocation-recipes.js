/**
 * Libraries and programs from Debian's source packages, by their names there, and what shows that each works where it
 * lies. A use is a line of shell that runs in the prefix, as another user: its programs are first on PATH.
 */

import { autotools, compiles, script } from "./relocation-recipe.js";

/** @type {Record<string, import("./relocation-recipe.js").Recipe>} */
export const debian = {
  zlib: {
    build: script(`./configure --prefix="$PREFIX"
make
make install DESTDIR="$DESTDIR"`),
    use: [compiles("zlib.h", "zlibVersion() == 0", "-lz")],
  },
  bzip2: {
    build: script(`make -f Makefile-libbz2_so
make install PREFIX="$DESTDIR$PREFIX"
cp -a libbz2.so.1.0* "$DESTDIR$PREFIX/lib/"
ln -sf libbz2.so.1.0 "$DESTDIR$PREFIX/lib/libbz2.so"`),
    use: ["echo hello | bzip2 | bzcat", "echo hello | bzip2 >$T/x.bz2; bzgrep hello $T/x.bz2"],
  },
  "xz-utils": {
    build: autotools("--disable-doc"),
    use: ["echo hello | xz | xzcat", "LC_ALL=C xz --help", "xzgrep --version"],
  },
  expat: {
    build: `system = "cmake"
directory = "expat"
args = ["-DEXPAT_BUILD_TESTS=OFF", "-DEXPAT_BUILD_DOCS=OFF", "-DEXPAT_BUILD_EXAMPLES=OFF"]`,
    use: ["echo '<a>b</a>' | xmlwf", "pkg-config --libs expat"],
  },
  gperf: { build: autotools(), use: ["printf '%s\\n' one two three | gperf"] },
  "libpng1.6": {
    needs: ["zlib"],
    build: autotools(),
    use: [
      "libpng16-config --libs",
      compiles("png.h", "png_access_version_number() == 0", "-lpng16 -lz"),
    ],
  },
  freetype: {
    needs: ["zlib", "libpng1.6", "bzip2"],
    build: autotools("--without-harfbuzz", "--without-brotli", "--enable-freetype-config"),
    use: ["freetype-config --libs", "pkg-config --cflags freetype2"],
  },
  fontconfig: {
    needs: ["freetype", "expat", "gperf"],
    build: autotools("--disable-docs", "--disable-nls", "--with-cache-dir=/tmp/fontconfig-cache"),
    use: ["fc-conflist | grep -E $P/+etc/fonts/fonts.conf", "fc-match sans", "fc-cache -V"],
  },
  libffi: { build: autotools("--disable-docs"), use: ["pkg-config --libs libffi"] },
  libyaml: {
    build: `system = "cmake"
args = ["-DBUILD_TESTING=OFF", "-DBUILD_SHARED_LIBS=ON"]`,
    use: [compiles("yaml.h", "yaml_get_version_string() == 0", "-lyaml")],
  },
  m4: { build: autotools(), use: ["echo 'define(x, 42)x' | m4 | grep 42", "m4 --version"] },
  ncurses: {
    build: autotools(
      "--with-shared",
      "--without-debug",
      "--without-ada",
      "--without-manpages",
      "--enable-pc-files",
      "--with-pkg-config-libdir=${PREFIX}/lib/pkgconfig",
      "--with-cxx-shared",
    ),
    use: [
      "TERM=vt220 tput cols",
      "infocmp xterm",
      "ncurses6-config --terminfo | grep -F $P",
      "tabs -T xterm",
    ],
  },
  readline: {
    needs: ["ncurses"],
    build: autotools("--with-curses", "--disable-install-examples"),
    use: [compiles("stdio.h", "0", "-lreadline -lncurses")],
  },
  file: {
    needs: ["zlib", "bzip2", "xz-utils"],
    build: autotools("--disable-libseccomp"),
    use: ["file -L /bin/sh | grep ELF", "file --version | grep -F $P"],
  },
  sqlite3: {
    needs: ["readline", "zlib"],
    build: autotools("--disable-tcl"),
    use: ["sqlite3 :memory: 'select 6*7' | grep 42"],
  },
  gdbm: {
    needs: ["readline"],
    build: autotools("--enable-libgdbm-compat"),
    use: [
      "printf 'store a b\\nfetch a\\n' | gdbmtool $T/x.db | grep b",
      "LANG=de_DE.UTF-8 gdbm_dump --version",
    ],
  },
  openssl: {
    needs: ["zlib"],
    build:
      script(`./Configure linux-x86_64 --prefix="$PREFIX" --libdir=lib --openssldir="$PREFIX/etc/ssl" \\
  shared no-tests no-afalgeng
make
make install_sw install_ssldirs DESTDIR="$DESTDIR"`),
    use: [
      "openssl version -d | grep -F $P",
      "openssl req -x509 -newkey rsa:2048 -nodes -subj /CN=x -keyout $T/k -out $T/c",
      "openssl list -providers -provider legacy",
      "openssl speed -seconds 1 -bytes 16 sha1",
    ],
  },
  curl: {
    needs: ["openssl", "zlib"],
    build: autotools(
      "--with-openssl",
      "--with-ca-bundle=${PREFIX}/etc/ssl/cert.pem",
      "--without-nghttp2",
      "--without-libidn2",
      "--without-libpsl",
      "--without-brotli",
      "--without-zstd",
      "--without-librtmp",
      "--without-libssh2",
      "--disable-ldap",
      "--disable-manual",
    ),
    use: [
      "curl-config --ca | grep -F $P",
      "echo hi >$T/x; curl -s file://$T/x | grep hi",
      "curl -V",
    ],
  },
  pcre2: {
    build: `system = "cmake"
args = ["-DBUILD_SHARED_LIBS=ON", "-DPCRE2_BUILD_TESTS=OFF", "-DPCRE2_SUPPORT_LIBREADLINE=OFF"]`,
    use: ["echo abc | pcre2grep 'b(?=c)'", "pcre2-config --libs8"],
  },
  libxml2: {
    needs: ["zlib", "xz-utils"],
    build: autotools("--without-python", "--without-icu"),
    use: [
      "echo '<a/>' >$T/x.xml; xmllint --noout $T/x.xml; xmlcatalog $P/etc/xml/catalog x || test $? = 4",
      "xml2-config --libs | grep -F $P",
    ],
  },
  lz4: { build: `system = "make"`, use: ["echo hello | lz4 | lz4 -d"] },
  fmtlib: {
    build: `system = "cmake"
args = ["-DFMT_TEST=OFF", "-DFMT_DOC=OFF", "-DBUILD_SHARED_LIBS=ON"]`,
    use: [],
  },
  pkgconf: {
    build: autotools(
      "--with-pkg-config-dir=${PREFIX}/lib/pkgconfig",
      "--with-system-libdir=/usr/lib",
    ),
    use: [
      "env -u PKG_CONFIG_PATH pkgconf --variable=pc_path pkg-config | grep -F $P",
      "env -u PKG_CONFIG_PATH pkgconf --libs libpkgconf",
    ],
  },
  "tcl8.6": {
    build: `system = "autotools"
directory = "unix"`,
    use: [
      "echo 'puts [info library]; package require http; puts [clock format 0]' | tclsh8.6 | grep -F $P",
    ],
  },
  "lua5.4": {
    build: script(`sed -i "s|/usr/local/|$PREFIX/|" src/luaconf.h
make linux
make install INSTALL_TOP="$DESTDIR$PREFIX"`),
    use: [`lua -e 'print(package.path); assert(package.path:find(os.getenv("P"), 1, true))'`],
  },
  popt: { build: autotools(), use: [compiles("popt.h", "0", "-lpopt")] },
  libevent: { build: autotools("--disable-openssl"), use: [] },
  gettext: {
    build: autotools("--disable-java", "--disable-csharp", "--without-emacs", "--disable-curses"),
    use: [
      "printf '#include <libintl.h>\\nint main(){gettext(\"hi\");}' >$T/x.c; xgettext -o - --keyword=gettext $T/x.c",
      "LANGUAGE=de LC_ALL=C.UTF-8 msgfmt --help",
      "gettextize --version; autopoint --version",
    ],
  },
  perl: {
    build:
      script(`./Configure -des -Dprefix="$PREFIX" -Duseshrplib -Dman1dir=none -Dman3dir=none -Dlibpth="/usr/lib/x86_64-linux-gnu /usr/lib" -Ui_db -Ui_gdbm -Ui_ndbm
make
make install DESTDIR="$DESTDIR"`),
    use: [
      "perl -MPOSIX -MConfig -MEncode -e 'print $Config{privlibexp}, strftime(\"%Y\", gmtime(0))' | grep -F $P",
      "perldoc -V || true; corelist -v; pod2text $P/bin/pod2man",
    ],
  },
};

/** C++ and, where there are compilers, Rust and Go: their strings know their lengths. */
export const own = {
  "string-lengths": {
    needs: [],
    files: {
      "main.cpp": `#include <fstream>
#include <iostream>
#include <string>
#include <string_view>
static const std::string folder = PREFIX "/share/string-lengths";
constexpr std::string_view words = PREFIX "/share/string-lengths/words";
int main() {
  std::string line;
  std::ifstream a(folder + "/words"), b{std::string(words)};
  if (!std::getline(a, line) || !std::getline(b, line)) return 1;
  std::cout << line << " " << words.size() << "\\n";
}
`,
      "main.rs": `use std::fs;
const FOLDER: &str = concat!(env!("PREFIX"), "/share/string-lengths");
fn main() {
    let text = fs::read_to_string(FOLDER.to_string() + "/words").unwrap();
    let again = fs::read_to_string(concat!(env!("PREFIX"), "/share/string-lengths/words")).unwrap();
    print!("{}{}", text, again);
}
`,
      "main.go": `package main

import (
	"fmt"
	"os"
)

var folder string

func main() {
	text, err := os.ReadFile(folder + "/words")
	if err != nil {
		os.Exit(1)
	}
	fmt.Print(string(text))
}
`,
    },
    build: script(`to="$DESTDIR$PREFIX"
mkdir -p "$to/bin" "$to/share/string-lengths"
echo words > "$to/share/string-lengths/words"
for level in 0 1 2 3 s; do
  c++ -std=c++17 -O$level -DPREFIX="\\"$PREFIX\\"" -o "$to/bin/string-lengths-O$level" main.cpp
done
c++ -std=c++17 -O2 -flto -march=x86-64-v3 -DPREFIX="\\"$PREFIX\\"" -o "$to/bin/string-lengths-lto" main.cpp
if [ @rustc@ != false ]; then @rustc@ -O -o "$to/bin/string-lengths-rust" main.rs; fi
strip "$to"/bin/*
if [ @go@ != false ]; then
  GOCACHE="$TMPDIR/go" @go@ build -ldflags "-X main.folder=$PREFIX/share/string-lengths" -o "$to/bin/string-lengths-go" main.go
fi`),
    use: [
      "for level in O0 O1 O2 O3 Os lto; do string-lengths-$level; done",
      "! command -v string-lengths-rust || string-lengths-rust",
      "! command -v string-lengths-go || string-lengths-go",
    ],
  },
};

/** From their sdists; with compiled extensions, scripts and data. */
export const python = [
  "markupsafe==3.0.4",
  "pyyaml==6.0.4",
  "msgpack==1.2.4",
  "greenlet==3.5.6",
  "pygments==2.21.0",
];
