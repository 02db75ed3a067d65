/** Real C and C++ packages from Debian's sources, configured and built where something is missing. */

const zlib = [
  "/usr/include/zlib.h",
  "/usr/include/zconf.h",
  "/usr/lib/x86_64-linux-gnu/pkgconfig/zlib.pc",
  "/usr/lib/x86_64-linux-gnu/libz.so",
  "/usr/lib/x86_64-linux-gnu/libz.a",
];
const gmp = [
  "/usr/include/gmp.h",
  "/usr/include/x86_64-linux-gnu/gmp.h",
  "/usr/lib/x86_64-linux-gnu/pkgconfig/gmp.pc",
  "/usr/lib/x86_64-linux-gnu/libgmp.so",
  "/usr/lib/x86_64-linux-gnu/libgmp.a",
];
const ncurses = [
  "/usr/include/ncurses.h",
  "/usr/include/curses.h",
  "/usr/include/term.h",
  "/usr/include/ncursesw",
  ...["ncurses", "ncursesw", "tinfo"].flatMap((name) => [
    `/usr/lib/x86_64-linux-gnu/lib${name}.so`,
    `/usr/lib/x86_64-linux-gnu/lib${name}.a`,
    `/usr/lib/x86_64-linux-gnu/pkgconfig/${name}.pc`,
  ]),
  "/usr/lib/x86_64-linux-gnu/libcurses.so",
  "/usr/bin/ncurses6-config",
  "/usr/bin/ncursesw6-config",
];
const openssl = [
  "/usr/include/openssl",
  "/usr/include/x86_64-linux-gnu/openssl",
  "/usr/lib/x86_64-linux-gnu/pkgconfig/openssl.pc",
  "/usr/lib/x86_64-linux-gnu/pkgconfig/libssl.pc",
  "/usr/lib/x86_64-linux-gnu/pkgconfig/libcrypto.pc",
  "/usr/lib/x86_64-linux-gnu/libssl.so",
  "/usr/lib/x86_64-linux-gnu/libcrypto.so",
];

export const debianPackages = {
  "src-rsync": { source: "rsync", run: "./configure && make -j2" },
  "src-curl": { source: "curl", run: "autoreconf -fi >/dev/null 2>&1; ./configure && make" },
  "src-tmux": {
    source: "tmux",
    run: "test -x configure || sh autogen.sh >/dev/null 2>&1; ./configure",
  },
  "src-nano": { source: "nano", without: ncurses, run: "./configure && make" },
  "src-mpfr": { source: "mpfr4", without: gmp, run: "./configure && make" },
  "src-openssh": {
    source: "openssh",
    without: zlib,
    run: "test -x configure || autoreconf -fi >/dev/null 2>&1; ./configure",
  },
  "src-nginx": {
    source: "nginx",
    without: ["/usr/include/pcre.h", "/usr/include/pcre2.h"],
    run: "./configure && make",
  },
  "src-git": { source: "git", without: zlib, run: "make -j3 NO_GETTEXT=1 NO_CURL=1 NO_EXPAT=1" },
  "src-vim": { source: "vim", without: ncurses, run: "./configure --disable-nls" },
  "src-libgit2": {
    source: "libgit2",
    without: openssl,
    run: "cmake -S . -B build && make -C build",
  },
  "src-glib": {
    source: "glib2.0",
    without: [
      "/usr/include/x86_64-linux-gnu/ffi.h",
      "/usr/lib/x86_64-linux-gnu/pkgconfig/libffi.pc",
      "/usr/lib/x86_64-linux-gnu/libffi.so",
    ],
    run: "meson setup build --wrap-mode=nodownload && ninja -C build",
  },
  "src-htop": {
    source: "htop",
    without: ncurses,
    run: "test -x configure || autoreconf -fi >/dev/null 2>&1; ./configure && make",
  },
  "src-mosquitto": { source: "mosquitto", without: openssl, run: "make -j2 WITH_CJSON=no" },
  "src-dbus": {
    source: "dbus",
    without: [
      "/usr/include/expat.h",
      "/usr/lib/x86_64-linux-gnu/pkgconfig/expat.pc",
      "/usr/lib/x86_64-linux-gnu/libexpat.so",
    ],
    run: "cmake -S . -B build",
  },
  "src-cmocka": { source: "cmocka", run: "cmake -S . -B build -DCMAKE_C_COMPILER=/nowhere/cc" },
  "src-fmt": {
    source: "fmtlib",
    run: "cmake -S . -B build -DFMT_TEST=OFF -DFMT_DOC=OFF -DCMAKE_CXX_FLAGS=-DFMT_BUFFER_CONTEXT=1 >/dev/null; sed -i '/namespace detail {/{s//namespace detail { int broken = undeclared_thing;/;:a;n;ba}' include/fmt/core.h; make -C build -j2",
  },
};
