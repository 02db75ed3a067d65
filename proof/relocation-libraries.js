/** More libraries from Debian's source packages, for `proof/relocation.js`. */
import { autotools, compiles, script } from "./relocation-recipe.js";

/** @type {Record<string, import("./relocation-recipe.js").Recipe>} */
export const libraries = {
  "glib2.0": {
    needs: ["libffi", "pcre2", "zlib"],
    build: `system = "meson"
args = ["-Dtests=false", "-Dlibmount=disabled", "-Dselinux=disabled", "-Dman=false"]`,
    use: [
      "gio info $P/include; gdbus-codegen --help",
      "mkdir $T/s; glib-compile-schemas --strict $T/s; gsettings list-schemas",
      `printf '#include <glib.h>\\nint main(void) { g_print("%%s\\\\n", g_get_system_data_dirs()[0]); return 0; }\\n' >$T/x.c; ` +
        "cc $(pkg-config --cflags glib-2.0) -o $T/x $T/x.c $(pkg-config --libs glib-2.0) -Wl,-rpath,$P/lib; $T/x",
    ],
  },
  libxslt: {
    needs: ["libxml2", "zlib", "xz-utils"],
    build: autotools("--without-python", "--without-crypto"),
    use: [
      `echo '<x xmlns:a="http://www.w3.org/1999/XSL/Transform" a:version="1.0"><a:value-of select="1+1"/></x>' >$T/x.xsl; xsltproc $T/x.xsl $T/x.xsl | grep 2`,
      "xslt-config --libs | grep -F $P",
    ],
  },
  libzstd: {
    build: cmake([], "build/cmake"),
    use: ["echo hello | zstd | zstdcat", "pkg-config --libs libzstd"],
  },
  jansson: {
    build: autotools(),
    use: [compiles("jansson.h", "json_object() == 0", "-ljansson")],
  },
  libuv1: {
    build: cmake(["-DLIBUV_BUILD_TESTS=OFF"]),
    use: [compiles("uv.h", "uv_version() == 0", "-luv")],
  },
  "c-ares": {
    build: autotools("--disable-tests"),
    use: [compiles("ares.h", "ares_version(0) == 0", "-lcares")],
  },
  nghttp2: {
    build: cmake(["-DENABLE_LIB_ONLY=ON"]),
    use: [compiles("nghttp2/nghttp2.h", "nghttp2_version(0) == 0", "-lnghttp2")],
  },
  libunistring: {
    build: autotools(),
    use: [compiles("unistr.h", 'u8_strlen((const uint8_t *)"ab") != 2', "-lunistring")],
  },
  libidn2: {
    needs: ["libunistring"],
    build: autotools("--disable-doc"),
    use: ["idn2 münchen.de | grep xn--mnchen-3ya.de", "LANGUAGE=de LC_ALL=C.UTF-8 idn2 --help"],
  },
  gmp: {
    // The archive lacks the folder of its manual.
    build: script(`sed -i 's| doc/Makefile||g; s|"doc/Makefile") .*;;||' configure
sed -i '/^SUBDIRS = /s/ doc//' Makefile.in
./configure --prefix="$PREFIX" --enable-cxx
make
make install DESTDIR="$DESTDIR"`),
    use: [compiles("gmp.h", "mp_bits_per_limb < 32", "-lgmp"), "pkg-config --libs gmp"],
  },
  mpfr4: {
    needs: ["gmp"],
    build: script(`./configure --prefix="$PREFIX" --with-gmp="$PREFIX"
make
make install DESTDIR="$DESTDIR"`),
    use: [compiles("mpfr.h", "mpfr_get_version() == 0", "-lmpfr -lgmp")],
  },
  "libjpeg-turbo": {
    build: cmake(["-DWITH_SIMD=OFF"]),
    use: ["printf 'P5 1 1 255 x' | cjpeg | djpeg | head -c 2 | grep P5"],
  },
  giflib: {
    build: `system = "make"`,
    use: [compiles("gif_lib.h", "GifErrorString(1) == 0 && 0", "-lgif")],
  },
  brotli: { build: cmake(), use: ["echo hello | brotli | brotli -d"] },
  "yaml-cpp": {
    build: cmake(["-DYAML_BUILD_SHARED_LIBS=ON", "-DYAML_CPP_BUILD_TESTS=OFF"]),
    use: [cxx("yaml-cpp/yaml.h", 'YAML::Load("[1, 2]").size() != 2', "-lyaml-cpp")],
  },
  tinyxml2: {
    build: cmake(["-DBUILD_SHARED_LIBS=ON", "-DBUILD_TESTING=OFF"]),
    use: [cxx("tinyxml2.h", "tinyxml2::XMLDocument().Error()", "-ltinyxml2")],
  },
  leveldb: {
    build: cmake(["-DLEVELDB_BUILD_TESTS=OFF", "-DLEVELDB_BUILD_BENCHMARKS=OFF"]),
    use: [cxx("leveldb/db.h", "leveldb::kMajorVersion == 0", "-lleveldb -lpthread")],
  },
  "double-conversion": { build: cmake(["-DBUILD_SHARED_LIBS=ON"]), use: [] },
  libjsoncpp: {
    build: cmake(["-DJSONCPP_WITH_TESTS=OFF", "-DJSONCPP_WITH_POST_BUILD_UNITTEST=OFF"]),
    use: [cxx("json/json.h", "Json::Value(1).asInt() != 1", "-ljsoncpp")],
  },
  libedit: {
    needs: ["ncurses"],
    build: autotools(),
    use: [compiles("histedit.h", "0", "-ledit -lncurses")],
  },
  "libgpg-error": {
    build: autotools("--disable-doc"),
    use: [
      "gpg-error 1; gpgrt-config --prefix | grep -F $P",
      "LANGUAGE=de LC_ALL=C.UTF-8 gpg-error 2",
    ],
  },
  nettle: {
    needs: ["gmp"],
    build: autotools("--disable-documentation", "--libdir=${PREFIX}/lib"),
    use: ["echo hello | nettle-hash -a sha256"],
  },
  "libtasn1-6": { build: autotools("--disable-doc"), use: ["asn1Parser --version"] },
  libarchive: {
    needs: ["zlib", "bzip2", "xz-utils", "expat"],
    build: autotools("--without-xml2", "--without-openssl", "--without-nettle"),
    use: ["echo hello >$T/x; bsdtar -cJf $T/x.tar.xz -C $T x; bsdtar -tf $T/x.tar.xz | grep x"],
  },
  tiff: {
    needs: ["zlib", "libjpeg-turbo"],
    build: autotools("--disable-webp"),
    use: [compiles("tiffio.h", "TIFFGetVersion() == 0", "-ltiff -lz -ljpeg"), "tiffset -h || true"],
  },
  dbus: {
    needs: ["expat"],
    build: autotools("--disable-systemd", "--without-x", "--disable-doxygen-docs"),
    use: [
      "dbus-run-session -- dbus-send --session --print-reply --dest=org.freedesktop.DBus / org.freedesktop.DBus.ListNames",
    ],
  },
  pixman: { build: `system = "meson"\nargs = ["-Dtests=disabled"]`, use: [] },
  cairo: {
    needs: ["pixman", "freetype", "fontconfig", "libpng1.6", "zlib", "glib2.0"],
    build: `system = "meson"\nargs = ["-Dtests=disabled", "-Dxlib=disabled", "-Dxcb=disabled", "-Dspectre=disabled"]`,
    use: [compiles("cairo/cairo.h", "cairo_version() == 0", "-lcairo")],
  },
};

function cmake(args = [], directory = "") {
  const place = directory === "" ? "" : `directory = "${directory}"\n`;
  return `system = "cmake"\n${place}args = ${JSON.stringify(args)}`;
}

/** As `compiles`, in C++. */
function cxx(header, isWrong, options) {
  return compiles(header, isWrong, options).replaceAll("x.c", "x.cpp").replace("; cc ", "; c++ ");
}
