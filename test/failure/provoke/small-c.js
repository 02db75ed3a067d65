/** Small C, C++ and Fortran programs with make, ninja, cmake, meson and the autotools. */

const main = "int main(void) { return 0; }\n";
const header = (name) => `#include <${name}>\nint main(void) { return 0; }\n`;
const make = (rules, more = {}) => ({ files: { Makefile: rules, ...more }, run: "make" });
const cmake = (text, more = {}, run = "cmake -S . -B build && cmake --build build -j2") => ({
  files: {
    "CMakeLists.txt": `cmake_minimum_required(VERSION 3.10)\nproject(bells C CXX)\n${text}`,
    "main.c": main,
    ...more,
  },
  run,
});
const meson = (text, more = {}, run = "meson setup build && ninja -C build") => ({
  files: { "meson.build": `project('bells', 'c')\n${text}`, "main.c": main, ...more },
  run,
});
const autoconf = (text, more = {}, run = "autoreconf -fi && ./configure && make") => ({
  files: { "configure.ac": `AC_INIT([bells], [1.0])\n${text}`, ...more },
  run,
});
const slow = (name) => `${name}.o: ${name}.c\n\tcc -c ${name}.c -o ${name}.o\n`;
const noisy = "long_name_of_a_function";

export const smallPrograms = {
  "make-undeclared": make("bell: bell.c\n\tcc -o bell bell.c\n", {
    "bell.c":
      '#include <stdio.h>\nint main(void) {\n  int unused;\n  printf("%d\\n", strikes);\n  return 0;\n}\n',
  }),
  "make-header": {
    ...make("bell: bell.c\n\tcc -Wall -o bell bell.c\n", { "bell.c": header("chimes/tower.h") }),
  },
  "make-header-clang": make("bell: bell.c\n\tclang -Wall -o bell bell.c\n", {
    "bell.c": header("chimes/tower.h"),
  }),
  "make-clang-error": make("bell: bell.cc\n\tclang++ -c bell.cc\n", {
    "bell.cc":
      '#include <string>\nint main() {\n  std::string name = 3.5 + std::string{"x"};\n  return nme.size();\n}\n',
  }),
  "make-library": make("bell: bell.c\n\tcc -o bell bell.c -lchime\n", { "bell.c": main }),
  "make-library-lld": make("bell: bell.c\n\tclang -fuse-ld=lld -o bell bell.c -lchime\n", {
    "bell.c": main,
  }),
  "make-undefined": make("bell: bell.c clap.c\n\tcc -g -o bell bell.c clap.c\n", {
    "bell.c": "void swing(int);\nint main(void) { swing(3); return 0; }\n",
    "clap.c": "void clap(void) {}\n",
  }),
  "make-undefined-lld": make("bell: bell.c\n\tclang -fuse-ld=lld -o bell bell.c\n", {
    "bell.c": "void swing(int);\nint main(void) { swing(3); return 0; }\n",
  }),
  "make-duplicate": make("bell: a.c b.c\n\tcc -o bell a.c b.c\n", {
    "a.c": `int strikes = 1;\n${main}`,
    "b.c": "int strikes = 2;\n",
  }),
  "make-pic": make(
    "libbell.so: bell.c\n\tcc -fno-pic -c bell.c -o bell.o\n\tcc -shared -o libbell.so bell.o\n",
    {
      "bell.c": "int strikes;\nint *where(void) { return &strikes; }\n",
    },
  ),
  "make-werror": make("bell.o: bell.c\n\tcc -Wall -Werror -c bell.c\n", {
    "bell.c":
      "static int once(void) { return 1; }\nint ring(int times) { int left; return times; }\n",
  }),
  "make-template": make("bell.o: bell.cc\n\tg++ -c bell.cc\n", {
    "bell.cc":
      "#include <algorithm>\n#include <list>\nint main() {\n  std::list<int> strikes{3, 1, 2};\n  std::sort(strikes.begin(), strikes.end());\n}\n",
  }),
  "make-error-directive": make("bell.o: bell.c\n\tcc -c bell.c\n", {
    "bell.c":
      '#ifndef BELL_VERSION\n#error "BELL_VERSION must be given, run configure first"\n#endif\n',
  }),
  "make-static-assert": make("bell.o: bell.c\n\tcc -c bell.c\n", {
    "bell.c": '_Static_assert(sizeof(long) == 4, "only 32 bit");\n',
  }),
  "make-no-rule": make("all: bell\nbell: bell.o tower.o\n\tcc -o bell bell.o tower.o\n", {
    "bell.c": main,
  }),
  "make-separator": make("all:\n    echo spaces\n"),
  "make-no-makefile": { run: "make install" },
  "make-no-target": { ...make("all:\n\ttrue\n"), run: "make check" },
  "make-program": make("all: bell.c\n\tyodl-to-man bell.yo > bell.1\n", { "bell.c": main }),
  "make-parallel": {
    files: {
      Makefile: `OBJECTS = a.o b.o c.o d.o e.o\nall: bells\nbells: $(OBJECTS)\n\tcc -o bells $(OBJECTS)\n${["a", "b", "d", "e"].map((name) => `${name}.o: ${name}.c\n\t@echo "  CC $@"; sleep 0.2; cc -Wall -c ${name}.c -o ${name}.o; sleep 0.3\n`).join("")}c.o: c.c\n\t@echo "  CC $@"; sleep 0.4; cc -Wall -c c.c -o c.o\n`,
      "a.c": "int a(void) { int unused; return 1; }\n",
      "b.c": '#warning "error: this only sounds bad"\nint b(void) { return 1; }\n',
      "c.c": `int c(void) { return ${noisy}(; }\n`,
      "d.c": "int d(int x) { switch (x) { case 1: x = 2; } }\n",
      "e.c": "int e(void) { int y; return y; }\n",
    },
    run: "make -j5",
  },
  "make-parallel-ignored": {
    files: {
      Makefile: `all: probe real\nprobe:\n\t-cc -c probe.c -o /dev/null\n\t@sleep 0.5; echo probe is done\nreal:\n\t@sleep 0.2\n\tcc -c real.c -o real.o\n`,
      "probe.c": "#include <optional-feature.h>\n",
      "real.c": "int real(void) { retrun 1; }\n",
    },
    run: "make -j2",
  },
  "make-recursive": {
    files: {
      Makefile:
        "SUBDIRS = lib tower\nall:\n\tfor d in $(SUBDIRS); do $(MAKE) -C $$d all || exit 1; done\n",
      "lib/Makefile": "all: lib.o\nlib.o: lib.c\n\tcc -c lib.c\n",
      "lib/lib.c": "int lib(void) { return 1; }\n",
      "tower/Makefile": "all: deep\ndeep:\n\t$(MAKE) -f Deep.mk\n",
      "tower/Deep.mk": "all: tower.o\ntower.o: tower.c\n\tcc -Wall -c tower.c\n",
      "tower/tower.c":
        "struct tower { int height };\nint high(struct tower *t) { return t->hieght; }\n",
    },
    run: "make",
  },
  "make-keep-going": {
    files: {
      Makefile: `all: a.o b.o c.o\n${["a", "b", "c"].map(slow).join("")}`,
      "a.c": "int a(void) { return 1; }\n",
      "b.c": "int b(void) { return missing_b; }\n",
      "c.c": "int c(void) { return missing_c; }\n",
    },
    run: "make -k",
  },
  "make-check": {
    files: {
      Makefile:
        "check: t1 t2 t3\nt1 t3:\n\t@echo PASS: $@\nt2:\n\t@echo 'FAIL: t2 (expected 4, got 5)'; exit 1\n",
    },
    run: "make check",
  },
  "make-segfault": make("all: gen\n\t./gen > table.h\ngen: gen.c\n\tcc -w -o gen gen.c\n", {
    "gen.c": "int main(void) { volatile int *p = 0; return *p; }\n",
  }),
  "make-install-permission": {
    files: {
      Makefile:
        "install:\n\tinstall -d /etc/bells\n\tinstall -m 644 Makefile /etc/bells/Makefile\n",
    },
    run: "setpriv --reuid=65534 --regid=65534 --clear-groups make install",
  },
  "ninja-error": {
    files: {
      "build.ninja":
        "rule cc\n  command = cc -Wall -c $in -o $out\n  description = CC $out\nbuild a.o: cc a.c\nbuild b.o: cc b.c\nbuild c.o: cc c.c\n",
      "a.c": "int a(void) { int unused; return 1; }\n",
      "b.c": "int b(void) { return not_there; }\n",
      "c.c": "int c(void) { return 1; }\n",
    },
    run: "ninja -j3",
  },
  "ninja-missing-input": {
    files: { "build.ninja": "rule cc\n  command = cc -c $in -o $out\nbuild a.o: cc a.c\n" },
    run: "ninja",
  },
  "cmake-package": cmake("find_package(Chimes REQUIRED)\n"),
  "cmake-package-version": cmake("find_package(ZLIB 9.9 REQUIRED)\n"),
  "cmake-module": cmake(
    "find_package(LibBells REQUIRED)\n",
    {
      "cmake/FindLibBells.cmake":
        "find_path(BELLS_INCLUDE bells.h)\nfind_library(BELLS_LIBRARY bells)\ninclude(FindPackageHandleStandardArgs)\nfind_package_handle_standard_args(LibBells REQUIRED_VARS BELLS_LIBRARY BELLS_INCLUDE)\n",
    },
    "cmake -S . -B build -DCMAKE_MODULE_PATH=$PWD/cmake",
  ),
  "cmake-pkgconfig": cmake(
    "find_package(PkgConfig REQUIRED)\npkg_check_modules(BELLS REQUIRED libbells>=2.0)\n",
  ),
  "cmake-library": cmake("find_library(BELLS bells REQUIRED)\n"),
  "cmake-version": {
    files: { "CMakeLists.txt": "cmake_minimum_required(VERSION 4.9)\nproject(bells C)\n" },
    run: "cmake -S . -B build",
  },
  "cmake-syntax": cmake("if(TRUE\nadd_executable(bells main.c)\n"),
  "cmake-command": cmake("add_bells(main.c)\n"),
  "cmake-fatal": cmake(
    'if(NOT DEFINED BELL_METAL)\n  message(FATAL_ERROR "BELL_METAL must be bronze or iron")\nendif()\n',
  ),
  "cmake-missing-source": cmake("add_executable(bells main.c tower.c)\n"),
  "cmake-compile": cmake(
    "add_library(lib STATIC lib.c)\nadd_executable(bells main.cc)\ntarget_link_libraries(bells lib)\n",
    {
      "lib.c": "int lib(void) { return 1; }\n",
      "main.cc": "#include <vector>\nint main() { std::vector<int> v; return v.length(); }\n",
    },
  ),
  "cmake-link": cmake(
    "add_executable(bells main.c)\ntarget_link_libraries(bells m)\n",
    {
      "main.c": "extern int swing(void);\nint main(void) { return swing(); }\n",
    },
    "cmake -G Ninja -S . -B build && ninja -C build",
  ),
  "cmake-no-generator": cmake("", {}, "cmake -G 'Bell Makefiles' -S . -B build"),
  "cmake-fetch": cmake(
    "include(FetchContent)\nFetchContent_Declare(bells URL http://127.0.0.1:9/bells.tar.gz)\nFetchContent_MakeAvailable(bells)\n",
  ),
  ctest: cmake(
    "enable_testing()\nadd_executable(good main.c)\nadd_executable(bad bad.c)\nadd_test(NAME good COMMAND good)\nadd_test(NAME strikes COMMAND bad)\n",
    {
      "bad.c":
        '#include <stdio.h>\nint main(void) { puts("expected 3 strikes, heard 2"); return 1; }\n',
    },
    "cmake -S . -B build && cmake --build build && ctest --test-dir build --output-on-failure",
  ),
  "ctest-crash": cmake(
    "enable_testing()\nadd_executable(bad bad.c)\nadd_test(NAME fragile COMMAND bad)\n",
    {
      "bad.c": "#include <stdlib.h>\nint main(void) { abort(); }\n",
    },
    "cmake -S . -B build && cmake --build build && ctest --test-dir build",
  ),
  "meson-dependency": meson("dependency('chimes', version: '>=1.2')\n"),
  "meson-dependency-version": meson("dependency('zlib', version: '>=99')\n"),
  "meson-program": meson("find_program('bell-compiler')\n"),
  "meson-library": meson("cc = meson.get_compiler('c')\ncc.find_library('bells')\n"),
  "meson-header": meson(
    "cc = meson.get_compiler('c')\nif not cc.has_header('bells/tower.h')\n  error('bells/tower.h is needed')\nendif\n",
  ),
  "meson-check-header": meson(
    "cc = meson.get_compiler('c')\ncc.check_header('bells/tower.h', required: true)\n",
  ),
  "meson-syntax": meson("executable('bells' 'main.c')\n"),
  "meson-option": meson("", {}, "meson setup build -Dbells=loud"),
  "meson-function": meson("ring_bells('main.c')\n"),
  "meson-python-module": meson(
    "import('python').find_installation('python3', modules: ['bell_ringing'])\n",
  ),
  "meson-wrap": meson("dependency('chimes', fallback: ['chimes', 'chimes_dep'])\n", {
    "subprojects/chimes.wrap":
      "[wrap-file]\ndirectory = chimes-1.0\nsource_url = http://127.0.0.1:9/chimes-1.0.tar.gz\nsource_filename = chimes-1.0.tar.gz\nsource_hash = 00\n",
  }),
  "meson-compile": meson("executable('bells', 'main.c', 'tower.c')\n", {
    "tower.c": "#include <assert.h>\nint tower(void) { return hieght }\n",
  }),
  "meson-test": meson(
    "test('strikes', executable('bad', 'bad.c'))\ntest('good', executable('good', 'main.c'))\n",
    {
      "bad.c": '#include <stdio.h>\nint main(void) { fputs("3 != 2\\n", stderr); return 1; }\n',
    },
    "meson setup build && ninja -C build && meson test -C build --print-errorlogs",
  ),
  "meson-no-compiler": { ...meson(""), run: "CC=/nowhere/cc meson setup build" },
  "autoconf-library": autoconf(
    "AC_PROG_CC\nAC_CHECK_LIB([bells], [ring], [], [AC_MSG_ERROR([libbells is needed to ring])])\nAC_OUTPUT\n",
  ),
  "autoconf-header": autoconf(
    "AC_PROG_CC\nAC_CHECK_HEADERS([bells/tower.h], [], [AC_MSG_ERROR([bells/tower.h not found, install libbells])])\nAC_OUTPUT\n",
  ),
  "autoconf-pkgconfig": autoconf(
    "AC_PROG_CC\nPKG_CHECK_MODULES([BELLS], [libbells >= 1.0])\nAC_OUTPUT\n",
  ),
  "autoconf-program": autoconf(
    'AC_PATH_PROG([RINGER], [ringer])\nif test -z "$RINGER"; then AC_MSG_ERROR([ringer was not found in PATH]); fi\nAC_OUTPUT\n',
  ),
  "autoconf-compiler": autoconf(
    "AC_PROG_CC\nAC_OUTPUT\n",
    {},
    "autoreconf -fi && ./configure CC=/nowhere/cc",
  ),
  "autoconf-cannot-run": autoconf(
    "AC_PROG_CC\nAC_OUTPUT\n",
    {},
    "autoreconf -fi && ./configure LDFLAGS=-Wl,--dynamic-linker=/nowhere/ld.so",
  ),
  "autoconf-macro": autoconf("AC_PROG_CC\nAX_RING_THE_BELLS([loud])\nAC_OUTPUT\n"),
  "autoconf-missing-file": autoconf("AC_PROG_CC\nAC_CONFIG_FILES([Makefile])\nAC_OUTPUT\n"),
  "autoconf-none": {
    ...autoconf("AC_OUTPUT\n"),
    run: "export PATH=/nowhere:/bin; cd . && rm -rf configure; ./configure --prefix=/usr",
  },
  "automake-check": autoconf(
    "AM_INIT_AUTOMAKE([foreign])\nAC_PROG_CC\nAC_CONFIG_FILES([Makefile])\nAC_OUTPUT\n",
    {
      "Makefile.am": "check_PROGRAMS = good bad\nTESTS = good bad\n",
      "good.c": main,
      "bad.c": '#include <stdio.h>\nint main(void) { puts("expected 3"); return 1; }\n',
    },
    "autoreconf -fi && ./configure && make check",
  ),
  "libtool-link": autoconf(
    "AM_INIT_AUTOMAKE([foreign])\nLT_INIT\nAC_PROG_CC\nAC_CONFIG_FILES([Makefile])\nAC_OUTPUT\n",
    {
      "Makefile.am":
        "lib_LTLIBRARIES = libbell.la\nlibbell_la_SOURCES = bell.c\nlibbell_la_LIBADD = libtower.la\n",
      "bell.c": "int bell(void) { return 1; }\n",
    },
    "autoreconf -fi && ./configure && make",
  ),
  "fortran-error": make("bell.o: bell.f90\n\tgfortran -c bell.f90\n", {
    "bell.f90":
      "program bell\n  implicit none\n  integer :: strikes\n  strikes = 3\n  print *, strikess\nend program bell\n",
  }),
  "fortran-module": make("bell.o: bell.f90\n\tgfortran -c bell.f90\n", {
    "bell.f90": "program bell\n  use chimes\n  implicit none\nend program bell\n",
  }),
  "fortran-mismatch": make("bell.o: bell.f\n\tgfortran -c bell.f\n", {
    "bell.f": "      program bell\n      call ring(1)\n      call ring(2.5)\n      end\n",
  }),
};
