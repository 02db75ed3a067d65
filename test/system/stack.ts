/** A small stack across languages: a C library, what links it, a Python backend and what it builds. */
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import * as fs from "node:fs";
import * as os from "node:os";
import { wheelOf } from "../wheel/wheel-writer.ts";
import { type Files, writeFiles } from "./workshop.ts";

/** The packages that a build of the whole stack is about; all but the venv and the wheel are tallied. */
export const stackPackages = [
  "chime",
  "gong",
  "libbell",
  "pybell",
  "python-venv",
  "ringer",
  "slow",
  "tinybuild",
] as const;

export const tallied = ["gong", "libbell", "pybell", "ringer", "slow", "tinybuild"];

/** A C library, made by make. */
export const libbell: Files = {
  "packages/libbell.toml": `name = "libbell"
version = "1.0"
source.path = "../libbell"
build.system = "make"
`,
  "libbell/bell.h": "int bell_rings(void);\n",
  "libbell/bell.c": '#include "bell.h"\nint bell_rings(void) { return 3; }\n',
  "libbell/Makefile": `libbell.so: bell.c bell.h
	$(CC) $(CFLAGS) -O2 -fPIC -shared -Wl,-soname,libbell.so.1 -o $@ bell.c

install: libbell.so
	mkdir -p $(DESTDIR)$(PREFIX)/include $(DESTDIR)$(PREFIX)/lib
	install -m 644 bell.h $(DESTDIR)$(PREFIX)/include/bell.h
	install -m 755 libbell.so $(DESTDIR)$(PREFIX)/lib/libbell.so.1
	ln -sf libbell.so.1 $(DESTDIR)$(PREFIX)/lib/libbell.so
	echo libbell >>$(TALLY)
`,
};

/** A program that links the library, made by configure, make, make install. */
export const ringer: Files = {
  "packages/ringer.toml": `name = "ringer"
version = "1.0"
source.path = "../ringer"
depends.run = ["libbell"]
build.system = "autotools"
`,
  "ringer/configure": {
    mode: 0o755,
    text: `#!/bin/sh
word=ding
for argument; do
  case $argument in
    --prefix=*) prefix=\${argument#*=} ;;
    --word=*) word=\${argument#*=} ;;
  esac
done
sed -e "s|@prefix@|$prefix|" -e "s|@word@|$word|" Makefile.in >Makefile
`,
  },
  "ringer/Makefile.in": `ringer: ringer.c
	$(CC) -O2 -DWORD='"@word@"' $(LDFLAGS) -o $@ ringer.c -lbell

install: ringer
	mkdir -p $(DESTDIR)@prefix@/bin
	install -m 755 ringer $(DESTDIR)@prefix@/bin/ringer
	echo ringer >>$(TALLY)
`,
  "ringer/ringer.c": `#include <bell.h>
#include <stdio.h>
int main(void) {
  for (int i = 0; i < bell_rings(); i++) puts(WORD);
  return 0;
}
`,
};

/** A build backend that builds itself, and compiles what C it finds in a project. */
export const tinybuild: Files = {
  "packages/tinybuild.toml": `name = "tinybuild"
version = "0.1"
source.path = "../tinybuild"
build.system = "python"
`,
  "tinybuild/pyproject.toml": `[project]
name = "tinybuild"
version = "0.1"
[build-system]
requires = []
build-backend = "tinybuild"
backend-path = ["."]
`,
  "tinybuild/tinybuild.py": `"""Puts every module and package of a project into a wheel (PEP 517)."""
import base64, hashlib, os, re, shlex, subprocess, zipfile

def build_wheel(directory, config_settings=None, metadata_directory=None):
    text = open("pyproject.toml").read()
    name = re.search('^name = "(.*)"', text, re.M)[1]
    version = re.search('^version = "(.*)"', text, re.M)[1]
    files = {}
    for root, folders, names in os.walk("."):
        folders[:] = [f for f in folders if not f.startswith((".", "__"))]
        for each in names:
            path = os.path.join(root, each)[2:]
            if each.endswith(".c"):
                library = path[:-2] + ".so"
                flags = shlex.split(os.environ.get("LDFLAGS", ""))
                subprocess.check_call(["cc", "-O2", "-fPIC", "-shared", "-o", library, path, *flags, "-lbell"])
                path = library
            if path.endswith((".py", ".so")):
                files[path] = open(path, "rb").read()
    info = f"{name}-{version}.dist-info"
    files[f"{info}/METADATA"] = f"Metadata-Version: 2.1\\nName: {name}\\nVersion: {version}\\n".encode()
    files[f"{info}/WHEEL"] = b"Wheel-Version: 1.0\\nGenerator: tinybuild\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n"
    record = "".join(f"{p},sha256={digest(c)},{len(c)}\\n" for p, c in sorted(files.items()))
    files[f"{info}/RECORD"] = f"{record}{info}/RECORD,,\\n".encode()
    wheel = f"{name}-{version}-py3-none-any.whl"
    with zipfile.ZipFile(os.path.join(directory, wheel), "w") as archive:
        for path, content in sorted(files.items()):
            archive.writestr(zipfile.ZipInfo(path, (1980, 1, 1, 0, 0, 0)), content)
    with open(os.environ["TALLY"], "a") as tally:
        tally.write(name + "\\n")
    return wheel

def digest(content):
    return base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()
`,
};

/** A Python package with a hand-made extension that links the library. */
export const pybell: Files = {
  "packages/pybell.toml": `name = "pybell"
version = "2.0"
source.path = "../pybell"
depends.build = ["tinybuild"]
depends.run = ["libbell"]
build.system = "python"
check.script = "python -c 'import pybell; assert pybell.ring()'"
`,
  "pybell/pyproject.toml": `[project]
name = "pybell"
version = "2.0"
[build-system]
requires = ["tinybuild"]
build-backend = "tinybuild"
`,
  "pybell/pybell/__init__.py": `import ctypes, os
_bell = ctypes.CDLL(os.path.join(os.path.dirname(__file__), "_bell.so"))

def ring():
    return " ".join(["ding"] * _bell.rings())
`,
  "pybell/pybell/_bell.c": "#include <bell.h>\nint rings(void) { return bell_rings(); }\n",
};

/** A ready wheel with a console script. */
export const chime: Files = {
  "packages/chime.toml": `name = "chime"
version = "1.0"
source.path = "../wheels/chime-1.0-py3-none-any.whl"
build.system = "wheel"
`,
  "wheels/chime-1.0-py3-none-any.whl": wheelOf({
    distInfo: "chime-1.0.dist-info",
    metadata: "Metadata-Version: 2.1\nName: chime\nVersion: 1.0\n",
    files: {
      "chime.py": 'def main():\n    print("chime")\n',
      "chime-1.0.dist-info/entry_points.txt": "[console_scripts]\nchime = chime:main\n",
    },
  }),
};

/** Takes its time. */
export const slow: Files = {
  "packages/slow.toml": `name = "slow"
version = "1.0"
[build]
script = """
sleep 0.4
mkdir -p "$DESTDIR$PREFIX/share"
echo slow >"$DESTDIR$PREFIX/share/slow"
echo slow >>"$TALLY"
"""
`,
};

/** An archive at a file:// address, with a patch. */
export const gong: Files = {
  ...gongArchive(),
  "packages/gong/louder.patch": `--- a/gong.sh
+++ b/gong.sh
@@ -1,2 +1,2 @@
 #!/bin/sh
-echo gong
+echo GONG
`,
};

export const stack: Files = { ...libbell, ...ringer, ...tinybuild, ...pybell, ...chime, ...slow };

/** The stack with the archive, whose address is only known when the workspace is. */
export function withGong(workspace: string): Files {
  const archive = gong["archives/gong-1.0.tar.gz"] as Buffer;
  return { ...gong, "packages/gong/recipe.toml": gongRecipe(workspace, sha256Of(archive)) };
}

export function gongRecipe(workspace: string, sha256: string | undefined): string {
  return `name = "gong"
version = "1.0"
[source]
url = "file://${workspace}/archives/gong-1.0.tar.gz"
${sha256 === undefined ? "" : `sha256 = "${sha256}"`}
patches = ["louder.patch"]
[build]
script = """
install -D -m 755 gong.sh "$DESTDIR$PREFIX/bin/gong"
echo gong >>"$TALLY"
"""
`;
}

export function sha256Of(content: Buffer): string {
  return createHash("sha256").update(content).digest("hex");
}

function gongArchive(): Files {
  const folder = fs.mkdtempSync(`${os.tmpdir()}/tenon-gong-`);
  try {
    writeFiles(folder, { "gong-1.0/gong.sh": { text: "#!/bin/sh\necho gong\n", mode: 0o755 } });
    const { stdout, status } = spawnSync("tar", ["-czC", folder, "gong-1.0"]);
    if (status !== 0) throw new Error("tar is needed for the fixtures");
    return { "archives/gong-1.0.tar.gz": stdout };
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}
