/** Small Python, Rust and Go projects, tests that fail, shell scripts, downloads, and the machine's limits. */

const project = (text, more = {}, run = "pip wheel --no-build-isolation --no-deps -w out .") => ({
  files: { "pyproject.toml": text, ...more },
  run,
});
const setuptools =
  '[build-system]\nrequires = ["setuptools"]\nbuild-backend = "setuptools.build_meta"\n';
const named = `${setuptools}[project]\nname = "bells"\nversion = "1.0"\n`;
const cargo = (dependencies, source, run = "cargo build --offline") => ({
  files: {
    "Cargo.toml": `[package]\nname = "bells"\nversion = "0.1.0"\nedition = "2021"\n${dependencies}`,
    "src/main.rs": source,
  },
  run,
});
const server =
  "python3 $TOOLS/serve.py & echo $! >server.pid; trap 'kill $(cat server.pid)' EXIT; sleep 1\n";

export const scripts = {
  "pep517-no-backend": project(
    '[build-system]\nrequires = ["flit_core"]\nbuild-backend = "flit_core.buildapi"\n[project]\nname = "bells"\nversion = "1.0"\n',
  ),
  "pep517-requirement": project(
    named.replace('"setuptools"', '"setuptools", "bell-metal-build>=3"'),
    {},
    "python3 -m build --wheel --no-isolation",
  ),
  "pep517-import": project(named, {
    "setup.py": "from setuptools import setup\nimport bell_metal\nsetup()\n",
  }),
  "pep517-two-packages": project(named, { "bells/__init__.py": "", "tower/__init__.py": "" }),
  "pep517-invalid": project(`${named}dependancies = ["x"]\nlicense = 3\n`),
  "pep517-toml": project(`${named}keywords = ["a" "b"]\n`),
  "pep517-scm": project(
    '[build-system]\nrequires = ["setuptools", "setuptools_scm"]\nbuild-backend = "setuptools.build_meta"\n[project]\nname = "bells"\ndynamic = ["version"]\n[tool.setuptools_scm]\n',
    {},
    "pip wheel --no-deps -w out .",
  ),
  "pep517-extension": project(named, {
    "setup.py":
      "from setuptools import setup, Extension\nsetup(ext_modules=[Extension('bells', ['bells.c'])])\n",
    "bells.c":
      '#include <Python.h>\nPyObject *ring(void) { return PyLong_FromLongg(3); }\nint x = "three" * 2;\n',
  }),
  "pep517-cython": project(named.replace('"setuptools"', '"setuptools", "cython"'), {
    "setup.py":
      "from setuptools import setup\nfrom Cython.Build import cythonize\nsetup(ext_modules=cythonize('bells.pyx'))\n",
    "bells.pyx": "cdef int strikes(int hour):\n    cdef int n = hour % 12\n    return m + 1\n",
  }),
  "pep517-python-header": {
    ...project(named, {
      "setup.py":
        "from setuptools import setup, Extension\nsetup(ext_modules=[Extension('bells', ['bells.c'])])\n",
      "bells.c": "#include <Python.h>\n",
    }),
    without: ["/usr/include/python3.11"],
  },
  "setup-py-syntax": project(setuptools, {
    "setup.py": "from setuptools import setup\nprint 'building'\nsetup(name='bells')\n",
  }),
  "setup-py-raise": {
    files: { "setup.py": "import os, sys\nhome = os.environ['BELLS_HOME']\n" },
    run: "python3 setup.py build",
  },
  "pip-hash": {
    files: {
      "r.txt":
        "idna==3.7 --hash=sha256:0000000000000000000000000000000000000000000000000000000000000000\n",
    },
    run: "pip download --progress-bar off --no-deps -r r.txt -d out",
  },
  "pip-no-network": { offline: true, run: "pip wheel --retries 1 --no-deps -w out idna==3.7" },
  "pip-conflict": {
    run: "pip install --progress-bar off --target out 'requests==2.32.3' 'urllib3==2.0.0' 'botocore==1.29.0'",
  },
  "python-traceback": {
    files: {
      "generate.py":
        "import json\n\ndef load(name):\n    with open(name) as file:\n        return json.load(file)\n\nprint('generating tables')\nload('tables.json')\n",
      Makefile: "tables.h:\n\tpython3 generate.py > tables.h\n",
    },
    run: "make",
  },
  "python-json": {
    files: {
      "generate.py": "import json\nprint(json.load(open('tables.json')))\n",
      "tables.json": '{"a": 1,}\n',
    },
    run: "python3 generate.py",
  },
  "python-chained": {
    files: {
      "generate.py":
        "def a():\n    try:\n        return {}['bell']\n    except KeyError as error:\n        raise RuntimeError('no bell is configured in bells.cfg') from error\na()\n",
    },
    run: "python3 generate.py",
  },
  "python-module": {
    files: {
      "docs.py": "import os\nimport bell_theme.builder\n",
      Makefile: "docs:\n\t@echo building docs\n\t@python3 docs.py\n",
    },
    run: "make docs",
  },
  "python-dlopen": {
    files: { "load.py": "import ctypes\nctypes.CDLL('libchimes.so.4')\n" },
    run: "python3 load.py",
  },
  pytest: {
    files: {
      "test_bells.py":
        "import pytest\n\ndef strikes(hour):\n    return hour % 12\n\ndef test_one():\n    assert strikes(1) == 1\n\ndef test_noon():\n    assert strikes(12) == 12\n\ndef test_name():\n    assert 'bell' + 's' == 'bells'\n",
    },
    run: "python3 -m pytest",
  },
  "pytest-quiet": {
    files: {
      "test_a.py": "def test_a():\n    raise ValueError('no clapper at 0x7f12')\n",
      "test_b.py": "def test_b():\n    pass\n",
    },
    run: "python3 -m pytest -q --no-summary",
  },
  "pytest-collect": {
    files: {
      "test_bells.py": "from bells_under_test import ring\n\ndef test_ring():\n    ring()\n",
    },
    run: "python3 -m pytest",
  },
  unittest: {
    files: {
      "test_bells.py":
        "import unittest\n\nclass Bells(unittest.TestCase):\n    def test_noon(self):\n        self.assertEqual(12 % 12, 12)\n\n    def test_one(self):\n        self.assertEqual(1, 1)\n",
    },
    run: "python3 -m unittest -v",
  },
  "unittest-error": {
    files: {
      "test_bells.py":
        "import unittest\n\nclass Bells(unittest.TestCase):\n    def test_open(self):\n        open('bells.dat')\n",
    },
    run: "python3 -m unittest",
  },
  tap: {
    files: {
      "t.sh":
        "echo 1..3\necho 'ok 1 - swings'\necho 'not ok 2 - rings three times'\necho '#   Failed test at t.sh line 3.'\necho 'ok 3 - stops'\nexit 1\n",
    },
    run: "sh t.sh",
  },
  "cargo-error": cargo(
    "",
    'fn main() {\n    let bells = vec![1, 2, 3];\n    let tower = bells;\n    println!("{:?} {:?}", bells, tower);\n}\n',
  ),
  "cargo-crate": cargo('[dependencies]\nbell-foundry = "0.3"\n', "fn main() {}\n"),
  "cargo-import": cargo("", "use chimes::Tower;\nfn main() {\n    Tower::new();\n}\n"),
  "cargo-link": cargo(
    "",
    '#[link(name = "chimes")]\nextern "C" { fn ring(); }\nfn main() { unsafe { ring() } }\n',
  ),
  "cargo-build-script": {
    files: {
      ...cargo("", "fn main() {}\n").files,
      "build.rs":
        'fn main() {\n    println!("cargo:rerun-if-changed=build.rs");\n    let home = std::env::var("BELLS_SYS_DIR").expect("BELLS_SYS_DIR must point to the foundry");\n    println!("{home}");\n}\n',
    },
    run: "cargo build --offline",
  },
  "cargo-test": cargo(
    "",
    "fn strikes(hour: u32) -> u32 { hour % 12 }\nfn main() { strikes(1); }\n#[test]\nfn noon() { assert_eq!(strikes(12), 12); }\n#[test]\nfn one() { assert_eq!(strikes(1), 1); }\n",
    "cargo test --offline",
  ),
  "cargo-manifest": cargo("[dependencies\n", "fn main() {}\n"),
  "cargo-locked": { ...cargo("", "fn main() {}\n"), run: "cargo build --offline --locked" },
  "cargo-registry": {
    ...cargo('[dependencies]\nlibz-sys = "=1.1.16"\n', "fn main() {}\n"),
    offline: true,
    run: "CARGO_HOME=$PWD/home CARGO_NET_RETRY=0 cargo build",
  },
  "cargo-openssl-sys": {
    ...cargo('[dependencies]\nopenssl-sys = "=0.9.102"\n', "fn main() {}\n"),
    without: [
      "/usr/include/openssl",
      "/usr/lib/x86_64-linux-gnu/pkgconfig/openssl.pc",
      "/usr/lib/x86_64-linux-gnu/pkgconfig/libssl.pc",
      "/usr/lib/x86_64-linux-gnu/pkgconfig/libcrypto.pc",
    ],
    run: "cargo build",
  },
  "go-build": {
    files: {
      "go.mod": "module bells\n\ngo 1.20\n",
      "main.go": 'package main\n\nimport "fmt"\n\nfunc main() {\n\tfmt.Println(strikes)\n}\n',
    },
    run: "HOME=$PWD go build ./...",
  },
  "go-module": {
    offline: true,
    files: {
      "go.mod": "module bells\n\ngo 1.20\n\nrequire example.org/chimes v1.2.0\n",
      "main.go": 'package main\n\nimport _ "example.org/chimes"\n\nfunc main() {}\n',
    },
    run: "HOME=$PWD GOFLAGS=-mod=mod GOPROXY=off go build ./...",
  },
  "sh-syntax": {
    files: { "build.sh": 'echo start\nif [ -n "$HOME" ]; then\n  echo yes\n' },
    run: "sh build.sh",
  },
  "bash-syntax": {
    files: { "build.sh": "echo start\nfor x in 1 2; do\n  echo $x\nfi\n" },
    run: "bash build.sh",
  },
  "sh-unbound": {
    files: { "build.sh": 'set -eu\necho building\ncp -r out "$BELLS_DESTINATION/share"\n' },
    run: "sh build.sh",
  },
  "bash-unbound": {
    files: { "build.sh": 'set -eu\necho building\ncp -r out "$BELLS_DESTINATION/share"\n' },
    run: "bash build.sh",
  },
  "sh-command": {
    files: { "build.sh": "set -e\necho generating\nhelp2bell --name tower bells > bells.1\n" },
    run: "sh build.sh",
  },
  "bash-command": {
    files: { "build.sh": "set -e\necho generating\nhelp2bell --name tower bells > bells.1\n" },
    run: "bash build.sh",
  },
  "sh-no-file": {
    files: { "build.sh": "set -e\nmkdir -p out\ncp bells.conf out/\n" },
    run: "sh build.sh",
  },
  "sh-cd": { run: "set -e; echo enter; cd bells-1.0/src; make" },
  "sh-permission": {
    files: { "autogen.sh": "echo never\n" },
    run: "chmod 644 autogen.sh; ./autogen.sh",
  },
  "sh-interpreter": {
    files: { "gen.pl": "#!/opt/perl5/bin/perl\nprint 1;\n" },
    run: "chmod +x gen.pl; ./gen.pl",
  },
  "sh-env": { files: { gen: "#!/usr/bin/env node-of-bells\n1\n" }, run: "chmod +x gen; ./gen" },
  "sh-mkdir-exists": { run: "touch out; mkdir -p out/share" },
  "perl-module": {
    files: { Makefile: "doc:\n\tperl -MBell::Tower -e 'print 1'\n" },
    run: "make doc",
  },
  "patch-hunk": {
    files: {
      "a.c": "int a;\nint c;\n",
      "fix.patch": "--- a/a.c\n+++ b/a.c\n@@ -1,3 +1,3 @@\n int b;\n-int x;\n+int y;\n int z;\n",
    },
    run: "echo applying fix.patch; patch -p1 < fix.patch && make",
  },
  "patch-no-file": {
    files: {
      "fix.patch":
        "--- a/tower.c\n+++ b/tower.c\n@@ -1,3 +1,3 @@\n int b;\n-int x;\n+int y;\n int z;\n",
    },
    run: "patch -f -p1 < fix.patch",
  },
  "git-apply": {
    files: {
      "a.c": "int a;\nint c;\n",
      "fix.patch": "--- a/a.c\n+++ b/a.c\n@@ -1,3 +1,3 @@\n int b;\n-int x;\n+int y;\n int z;\n",
    },
    run: "git apply fix.patch",
  },
  "patch-garbage": {
    files: { "fix.patch": "<html><body>Not Found</body></html>\n" },
    run: "patch -p1 < fix.patch",
  },
  "curl-404": { run: `${server}curl -fsSLO http://127.0.0.1:8931/bells-1.0.tar.gz` },
  "wget-404": { run: `${server}wget http://127.0.0.1:8931/bells-1.0.tar.gz` },
  "curl-resolve": {
    offline: true,
    run: "echo fetching; curl -fLO https://bells.example/bells.tar.gz",
  },
  "wget-resolve": { offline: true, run: "wget --tries=1 https://bells.example/bells.tar.gz" },
  "curl-refused": { run: "curl -fsSLO http://127.0.0.1:9/bells.tar.gz" },
  "git-clone": { offline: true, run: "git clone https://bells.example/tower.git" },
  "urllib-404": {
    files: {
      "get.py":
        "import urllib.request\nurllib.request.urlretrieve('http://127.0.0.1:8931/bells.dat', 'bells.dat')\n",
    },
    run: `${server}python3 get.py`,
  },
  checksum: {
    files: {
      SHA256SUMS:
        "0000000000000000000000000000000000000000000000000000000000000000  bells.tar.gz\n",
      "bells.tar.gz": "no\n",
    },
    run: "sha256sum -c SHA256SUMS && tar xf bells.tar.gz",
  },
  "tar-garbage": {
    files: { "bells.tar.gz": "<html>Not Found</html>\n" },
    run: "tar xzf bells.tar.gz",
  },
  "tar-short": {
    run: "head -c 100000 /dev/urandom >big; tar czf x.tar.gz big; head -c 50000 x.tar.gz >bells.tar.gz; tar xzf bells.tar.gz -C /tmp",
  },
  "unzip-garbage": {
    files: { "bells.zip": "PK no\n" },
    run: "python3 -m zipfile -e bells.zip out",
  },
  "no-space-cc": {
    tmpfs: "64k",
    files: { "a.c": "const char table[900000] = {1};\n" },
    run: "cc -c a.c",
  },
  "no-space-cp": { tmpfs: "200k", run: "mkdir out; cp /usr/bin/gcc out/" },
  "no-space-python": {
    tmpfs: "200k",
    run: "python3 -c \"open('big', 'wb').write(b'x' * 1000000)\"",
  },
  "no-space-ld": {
    tmpfs: "300k",
    files: {
      "a.c":
        "#include <stdio.h>\nstatic char table[600000] = {1};\nint main(void) { puts(table); return 0; }\n",
    },
    run: "TMPDIR=/tmp cc -c a.c -o /tmp/space-$$.o; TMPDIR=/tmp cc -o a /tmp/space-$$.o; code=$?; rm -f /tmp/space-$$.o; exit $code",
  },
  "no-space-tar": { tmpfs: "300k", run: "tar cf - -C /usr/include linux | tar xf -" },
  "memory-cc": {
    files: {
      "a.cc":
        '#include <map>\n#include <string>\n#include <regex>\nstd::map<std::string, std::regex> m;\nint main() { m["a"] = std::regex("b"); }\n',
    },
    run: "ulimit -v 90000; g++ -O2 -c a.cc",
  },
  "memory-python": { run: 'ulimit -v 200000; python3 -c "x = bytearray(1 << 30)"' },
  "memory-bad-alloc": {
    files: {
      "a.cc": "#include <vector>\nint main() { std::vector<char> v(1u << 31); return v[5]; }\n",
    },
    run: "g++ -o a a.cc && (ulimit -v 100000; ./a)",
  },
  "memory-killed": {
    files: { Makefile: "all:\n\t@echo linking\n\t@sh -c 'kill -9 $$$$'\n" },
    run: "make",
  },
  "memory-cc1-killed": {
    files: {
      "a.c": "int a;\n",
      "wrap.py":
        "import os, signal, subprocess, sys, time\np = subprocess.Popen(['gcc', '-c', '-x', 'c', '-'], stdin=subprocess.PIPE)\ntime.sleep(0.5)\nfor pid in os.listdir('/proc'):\n    if not pid.isdigit(): continue\n    try:\n        parent = open(f'/proc/{pid}/stat').read().rsplit(')', 1)[1].split()[1]\n        name = open(f'/proc/{pid}/comm').read().strip()\n    except OSError: continue\n    if name == 'cc1' and int(parent) == p.pid: os.kill(int(pid), signal.SIGKILL)\nsys.exit(p.wait())\n",
      Makefile: "a.o: a.c\n\tpython3 wrap.py\n",
    },
    run: "make",
  },
  "memory-bash-killed": {
    files: {
      "build.sh":
        "echo linking\npython3 -c 'import os; os.kill(os.getpid(), 9)'\necho status $?\nexit 137\n",
    },
    run: "bash build.sh",
  },
  "too-many-files": {
    run: 'ulimit -n 20; python3 -c "import tempfile; print([tempfile.TemporaryFile() for _ in range(30)])"',
  },
  "nothing-said": { files: { Makefile: "all:\n\t@echo working\n\t@false\n" }, run: "make" },
  "nothing-said-sh": { run: "echo working; exit 7" },
};
