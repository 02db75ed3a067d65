/** Programs, interpreters and servers from Debian's source packages, for `proof/relocation.js`. */
import { autotools, script } from "./relocation-recipe.js";

/** @type {Record<string, import("./relocation-recipe.js").Recipe>} */
export const programs = {
  bison: {
    needs: ["m4"],
    build: autotools(),
    use: [
      "printf '%%%%\\nx: %%empty ;\\n%%%%\\n' >$T/x.y; bison -o $T/x.c $T/x.y; grep YYBISON $T/x.c; bison --print-datadir | grep -F $P",
      "LANGUAGE=de LC_ALL=C.UTF-8 bison --help | grep -i aufruf",
    ],
  },
  flex: {
    needs: ["m4", "bison"],
    build: autotools(),
    use: ["printf '%%%%\\na ;\\n%%%%\\n' >$T/x.l; flex -o $T/x.c $T/x.l; grep YY_FLEX $T/x.c"],
  },
  autoconf: {
    needs: ["m4"],
    build: autotools(),
    use: ["cd $T; printf 'AC_INIT([x],[1])\\nAC_OUTPUT\\n' >configure.ac; autoconf; ./configure"],
  },
  "automake-1.16": {
    needs: ["autoconf"],
    build: autotools(),
    use: [
      "cd $T; printf 'AC_INIT([x],[1])\\nAM_INIT_AUTOMAKE([foreign])\\nAC_CONFIG_FILES([Makefile])\\nAC_OUTPUT\\n' >configure.ac; " +
        ">Makefile.am; autoreconf -fi; ./configure; make",
    ],
  },
  libtool: {
    needs: ["m4", "autoconf"],
    build: autotools(),
    use: [
      "libtool --config | grep host_os",
      "libtoolize --version; cd $T; >configure.ac; libtoolize -n",
    ],
  },
  gawk: {
    build: autotools("--without-readline", "--without-mpfr"),
    use: [
      "gawk 'BEGIN { print ENVIRON[\"AWKPATH\"] }' | grep -F $P",
      "echo x | gawk -i inplace 1; gawk -l ordchr 'BEGIN { print chr(65) }' | grep A",
    ],
  },
  git: {
    needs: ["zlib", "curl", "openssl", "expat", "pcre2"],
    build:
      script(`make prefix="$PREFIX" NO_TCLTK=1 NO_GETTEXT=1 NO_INSTALL_HARDLINKS=1 USE_LIBPCRE2=1 PYTHON_PATH=/usr/bin/python3
make install prefix="$PREFIX" DESTDIR="$DESTDIR" NO_TCLTK=1 NO_GETTEXT=1 NO_INSTALL_HARDLINKS=1 USE_LIBPCRE2=1 PYTHON_PATH=/usr/bin/python3`),
    use: [
      "git --exec-path | grep -F $P; git --html-path",
      "cd $T; git init -q a; cd a; git -c user.name=x -c user.email=x@x commit -qm x --allow-empty; git clone -q . ../b; git -C ../b log --oneline",
      "cd $T; git init -q a; cd a; git submodule status; git difftool --tool-help; git request-pull -h || test $? = 129",
    ],
  },
  "postgresql-15": {
    needs: ["zlib", "openssl", "readline"],
    build: autotools("--with-openssl", "--without-icu"),
    use: [
      "pg_config --sharedir | grep -F $P",
      "initdb -D $T/d -U x --no-sync; pg_ctl -D $T/d -w -o \"-k $T -c listen_addresses=''\" start >/dev/null; " +
        "psql -h $T -U x postgres -c \"set timezone = 'Europe/Berlin'; select now()\" -c 'create extension plpgsql' || test $? = 1; " +
        "createdb -h $T -U x new; pg_dump -h $T -U x new; pg_ctl -D $T/d -w stop",
    ],
  },
  "ruby3.1": {
    needs: ["zlib", "openssl", "libyaml", "libffi", "gdbm", "readline"],
    build: autotools(
      "--disable-install-doc",
      "--enable-shared",
      "--with-baseruby=no",
      "--disable-yjit",
    ),
    use: [
      "ruby -ropenssl -rpsych -rzlib -rjson -e 'puts RbConfig::CONFIG[\"rubylibdir\"], Psych.dump([1])' | grep -F $P",
      "gem env; irb --version; erb --version",
      "echo puts 1 >$T/x.rb; ruby $T/x.rb; ruby -rmkmf -e 'puts $hdrdir'",
    ],
  },
  "python3.11": {
    needs: ["zlib", "bzip2", "xz-utils", "libffi", "openssl", "readline", "sqlite3"],
    build: autotools("--enable-shared", "--without-ensurepip", "--disable-test-modules"),
    use: [
      "python3.11 -c 'import sys, ssl, ctypes, sqlite3, lzma, bz2, readline; print(sys.prefix)' | grep -F $P",
      "python3.11 -c 'import sysconfig; print(sysconfig.get_config_var(\"LIBDIR\"))' | grep -F $P",
      "python3.11 -m venv --without-pip $T/v; $T/v/bin/python -c 'import sys; print(sys.base_prefix)'",
      "pydoc3.11 json | head -3; python3.11-config --ldflags --embed",
      `printf '#include <Python.h>\\nint main(void) { Py_Initialize(); return PyRun_SimpleString("import json"); }\\n' >$T/x.c; ` +
        "cc $(python3.11-config --cflags) -o $T/x $T/x.c $(python3.11-config --ldflags --embed) -Wl,-rpath,$P/lib; $T/x",
    ],
  },
  vim: {
    needs: ["ncurses"],
    build: autotools(
      "--disable-gui",
      "--without-x",
      "--enable-gpm=no",
      "--disable-acl",
      "--with-tlib=ncurses",
    ),
    use: [
      "vim -es -u NONE -c 'redir >> /dev/stdout' -c 'echo $VIMRUNTIME' -c 'runtime syntax/c.vim' -c q | grep -E $P/+share",
      "echo x >$T/x; vim -es -u DEFAULTS -c 's/x/y/' -c wq $T/x; grep y $T/x; xxd $T/x",
    ],
  },
  nginx: {
    needs: ["pcre2", "zlib", "openssl"],
    build:
      script(`./configure --prefix="$PREFIX" --conf-path="$PREFIX/etc/nginx/nginx.conf" --with-http_ssl_module \\
  --with-cc-opt="-I$PREFIX/include" --with-ld-opt="-L$PREFIX/lib -Wl,-rpath,$PREFIX/lib"
make
make install DESTDIR="$DESTDIR"`),
    use: [
      "nginx -V 2>&1 | grep -F $P",
      'nginx -t -g "pid $T/pid; error_log $T/log;" -p $T/ 2>&1 | tee $T/said | grep -E $P/+etc/nginx/nginx.conf',
    ],
  },
  tmux: {
    needs: ["libevent", "ncurses"],
    build: autotools(),
    use: ["TERM=xterm tmux -S $T/s new -d 'sleep 30'; tmux -S $T/s ls; tmux -S $T/s kill-server"],
  },
  jq: {
    needs: ["libonig"],
    build: autotools("--disable-docs", "--disable-maintainer-mode"),
    use: ['echo \'{"a":"xyz"}\' | jq \'.a | test("y")\' | grep true'],
  },
  libonig: { build: autotools(), use: ["onig-config --libs"] },
  tree: {
    build: `system = "make"\nargs = ["PREFIX=\${PREFIX}"]`,
    use: ["tree $P/include | head -3"],
  },
  wget: {
    needs: ["openssl", "zlib", "pcre2"],
    build: autotools(
      "--with-ssl=openssl",
      "--disable-nls",
      "--without-libpsl",
      "--disable-iri",
      "--without-libuuid",
    ),
    use: [
      "wget --version | grep -E $P/+etc/wgetrc",
      "wget -q --tries=1 http://127.0.0.1:1/ || test $? = 4",
    ],
  },
  sed: {
    build: autotools("--disable-acl"),
    use: ["echo x | sed s/x/y/", "LANGUAGE=de LC_ALL=C.UTF-8 sed --help | grep -i aufruf"],
  },
  grep: {
    build: autotools(),
    use: [
      "echo x | grep x; echo x | egrep x",
      "LANGUAGE=de LC_ALL=C.UTF-8 grep --help | grep -i aufruf",
    ],
  },
  diffutils: {
    build: autotools(),
    use: [
      "diff3 --version; cmp $P/bin/diff $P/bin/diff",
      "LANGUAGE=de LC_ALL=C.UTF-8 diff --help | head -3",
    ],
  },
  patch: {
    build: autotools("--disable-xattr"),
    use: ["cd $T; echo a >a; echo b >b; diff -u a b | patch a; cmp a b"],
  },
  less: { needs: ["ncurses"], build: autotools(), use: ["echo x | TERM=xterm less -FX"] },
  nano: {
    needs: ["ncurses"],
    build: autotools("--disable-libmagic"),
    use: ["nano --version", "ls $P/share/nano/c.nanorc"],
  },
  rsync: {
    needs: ["zlib", "openssl", "popt", "lz4"],
    build: autotools(
      "--disable-xxhash",
      "--disable-zstd",
      "--disable-acl-support",
      "--disable-xattr-support",
    ),
    use: ["mkdir $T/a; echo x >$T/a/x; rsync -a $T/a/ $T/b/; grep x $T/b/x", "rsync --version"],
  },
  graphviz: {
    needs: ["expat", "zlib"],
    build: autotools(
      "--without-x",
      "--without-gts",
      "--disable-swig",
      "--disable-tcl",
      "--without-pangocairo",
      "--without-gdk-pixbuf",
      "--without-qt",
    ),
    use: ["dot -V; echo 'digraph { a -> b }' | dot -Tplain | grep node"],
  },
};
