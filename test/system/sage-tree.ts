/**
 * A small configured checkout in SageMath's format. Its sage-spkg is a few lines that keep the same
 * promises as the real one: it takes the archive from SAGE_DISTFILES, runs the package's script with
 * SAGE_DESTDIR, moves what was staged into the prefix, installs wheels there, and writes the stamp.
 */
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import * as fs from "node:fs";
import { wheelOf } from "../wheel/wheel-writer.ts";
import { type Files, type Workshop, writeFiles } from "./workshop.ts";

const sageSpkg = `#!/usr/bin/env bash
set -e
mode=all
while case $1 in -*) true;; *) false;; esac; do
  [ "$1" != -x ] || mode=check
  shift
done
export PKG_NAME=$1 PKG_BASE=\${1%%-*} SAGE_INST_LOCAL=$2
recipe=$SAGE_ROOT/build/pkgs/$PKG_BASE
scripts=$SAGE_INST_LOCAL/var/lib/sage/scripts/$PKG_BASE
if [ $mode = check ]; then
  cd "$SAGE_BUILD_DIR/$PKG_NAME" && exec bash "$scripts/spkg-check"
fi
echo "threads $SAGE_NUM_THREADS, flags $CPATH$LDFLAGS"
rm -rf "$SAGE_BUILD_DIR/$PKG_NAME" && mkdir -p "$SAGE_BUILD_DIR/$PKG_NAME/src"
cd "$SAGE_BUILD_DIR/$PKG_NAME"
export SAGE_DESTDIR=$PWD/inst
mkdir -p "$SAGE_DESTDIR$SAGE_INST_LOCAL"
wheel=
for archive in "$SAGE_DISTFILES"/*; do
  case $archive in
    *.tar.gz) tar -xzf "$archive" -C src --strip-components=1 ;;
    *.whl) wheel=$archive ;;
  esac
done
if [ -d "$recipe/src" ]; then rmdir src && ln -s "$(cd "$recipe/src" && pwd -P)" src; fi
if [ -f "$recipe/spkg-install.in" ]; then bash -e "$recipe/spkg-install.in"; fi
staged=$SAGE_DESTDIR$SAGE_INST_LOCAL
if [ -n "$wheel" ]; then mkdir -p "$staged/var/lib/sage/wheels" && cp "$wheel" "$staged/var/lib/sage/wheels"; fi
files=$(cd "$staged" && find . -type f -o -type l | sed 's|^./||; s/.*/"&"/' | sort | paste -sd,)
tar -cf - -C "$staged" . | tar -xpf - -C "$SAGE_INST_LOCAL"
if [ -n "$wheel" ]; then
  python3 -m zipfile -e "$wheel" "$(python3 -c 'import sysconfig; print(sysconfig.get_path("purelib"))')"
fi
if [ -f "$recipe/spkg-check.in" ]; then
  mkdir -p "$scripts" && cp "$recipe/spkg-check.in" "$scripts/spkg-check"
fi
mkdir -p "$SAGE_INST_LOCAL/var/lib/sage/installed"
cat >"$SAGE_INST_LOCAL/var/lib/sage/installed/$PKG_NAME" <<END
{
    "package_name": "$PKG_BASE",
    "install_date": "$(date +%s.%N)",
    "system_uname": "$(uname -a)",
    "files": [$files]
}
END
`;

const sageVenv = `import sys, venv
builder = venv.EnvBuilder(symlinks=True)
context = builder.ensure_directories(sys.argv[1])
builder.setup_python(context)
builder.create_configuration(context)
`;

/** Of the real one, what installs packages by pip. Its venv has none of its own here. */
const sageOf = (python: string): string => `#!/usr/bin/env bash
[ "$1" = --pip ] && shift && exec ${python} -m pip --python "$SAGE_VENV/bin/python3" "$@"
`;

/** Writes it into a workshop, beside the workspace; gives its root. */
export function plantCheckout({ root }: Pick<Workshop, "root">): string {
  const sage = `${root}/sage`;
  writeFiles(sage, sageTree(sage));
  fs.symlinkSync("../../../pkgs/tool", `${sage}/build/pkgs/tool/src`);
  return sage;
}

/** `root` is where it will lie: paths are written into what configure has made. */
function sageTree(root: string): Files {
  const library = archive(root, "one-1.5", { "one.h": "#define ONE 1\n" });
  const wheel = wheelOf({ distInfo: "greet-1.0.dist-info", files: { "greet.py": "hello = 1\n" } });
  const python = spawnSync("python3", ["-c", "import sys; print(sys.executable)"], {
    encoding: "utf8",
  }).stdout.trim();
  return {
    "VERSION.txt": "SageMath version 1\n",
    "build/bin/sage-spkg": { text: sageSpkg, mode: 0o755 },
    "build/bin/sage-venv": sageVenv,
    "src/bin/sage": { text: sageOf(python), mode: 0o755 },
    "src/bin/sage-env-config": `export SAGE_LOCAL="${root}/local"\n`,
    "build/make/Makefile": makefile(python),
    ...packages(library, wheel),
  };
}

function makefile(python: string): string {
  return `PYTHON = python3
TOOLCHAIN =
SAGE_VENV = \${SAGE_LOCAL}/var/lib/sage/venv
DUMMY_PACKAGES = \\
    gmp \\
    system_only
build_deps_tool = one $(MP_LIBRARY) $(SAGE_ROOT)/pkgs/tool/*.txt $(optional_inst_past) | greet
deps_tool = one
check_deps_one = tool
build_deps_greet =  | $(PYTHON)
deps_greet =
build_deps_real = $(SAGE_LOCAL)/$(SPKG_INST_RELDIR)/gmp-$(vers_gmp)
build_deps_asks = wanted
OPTIONAL_INSTALLED_PACKAGES = \\
    one \\
    tool \\
    greet \\
    gmp
SAGE_SPKG_OPTIONS =  -o
PYTHON_FOR_VENV = ${python}
PYTHON_MINOR = 11
SAGE_VENV_FLAGS =
ifneq ($(PYTHON_FOR_VENV),)
PYTHON = python3_venv
endif
SAGE_CHECK_PACKAGES_DEFAULT_yes := !past,?other
`;
}

interface Packed {
  readonly name: string;
  readonly content: Buffer;
}

function packages(library: Packed, wheel: Buffer): Files {
  const own: Record<string, Record<string, string>> = {
    one: {
      "package-version.txt": "1.5.p2\n",
      "checksums.ini": checksums("one-VERSION.tar.gz", library.content),
      "spkg-install.in":
        'mkdir -p "$SAGE_DESTDIR$SAGE_LOCAL/include"\ncp src/one.h "$SAGE_DESTDIR$SAGE_LOCAL/include/"\n',
      "spkg-check.in":
        'echo checking\ntest -f src/one.h && test -f "$SAGE_LOCAL/include/one.h"\n' +
        'test -f "$SAGE_LOCAL/bin/tool"\n',
    },
    past: {
      "spkg-install.in": 'mkdir -p "$SAGE_LOCAL/share" && echo past >"$SAGE_LOCAL/share/past"\n',
      "spkg-check.in": "false\n",
    },
    tool: {
      "package-version.txt": "2\n",
      "spkg-install.in":
        'mkdir -p "$SAGE_DESTDIR$SAGE_LOCAL/bin"\n' +
        'cat "$SAGE_LOCAL/include/one.h" src/tool.txt >"$SAGE_DESTDIR$SAGE_LOCAL/bin/tool"\n',
    },
    greet: {
      "package-version.txt": "1.0\n",
      "version_requirements.txt": "greet\n",
      "checksums.ini": checksums("greet-VERSION-py3-none-any.whl", wheel),
    },
    gmp: { "spkg-install.in": 'echo gmp >"$SAGE_LOCAL/gmp"\n' },
    real: { "spkg-install.in": 'cp "$SAGE_LOCAL/gmp" "$SAGE_LOCAL/real"\n' },
    asks: { "spkg-install.in": "true\n" },
    copies: { "spkg-install.in": 'echo copied >copies && cp copies "$SAGE_LOCAL"/bin\n' },
    wanted: { "distros/debian.txt": "libwanted-dev # and no more\n" },
    system_only: {},
  };
  const files: Record<string, string | Buffer> = {
    "pkgs/tool/tool.txt": "a tool\n",
    "upstream/greet-1.0-py3-none-any.whl": wheel,
    [`upstream/${library.name}`]: library.content,
  };
  for (const [name, its] of Object.entries(own)) {
    for (const [file, text] of Object.entries({ type: "standard\n", ...its })) {
      files[`build/pkgs/${name}/${file}`] = text;
    }
  }
  return files;
}

function checksums(fileName: string, content: Buffer): string {
  const sha256 = createHash("sha256").update(content).digest("hex");
  return `tarball=${fileName}\nsha256=${sha256}\n`;
}

function archive(scratch: string, folder: string, files: Files): Packed {
  const place = `${scratch}/.archive`;
  writeFiles(`${place}/${folder}`, files);
  const { stdout } = spawnSync("tar", ["-czf", "-", "-C", place, folder]);
  fs.rmSync(place, { recursive: true });
  return { name: `${folder}.tar.gz`, content: stdout };
}
