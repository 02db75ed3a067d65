/** `npm run quickstart`: builds the example stack from real sources, and uses what came out. */
import { spawnSync } from "node:child_process";

const workspace = "examples/quickstart";
const tenon = ["dist/tenon.js"];
const python = `${workspace}/prefix/bin/python`;

requireTools();
step(process.execPath, [...tenon, "build", "-C", workspace, ...process.argv.slice(2)]);
step(process.execPath, [...tenon, "list", "-C", workspace]);
step(process.execPath, [...tenon, "verify", "-C", workspace]);
const modules =
  "flit_core, setuptools, packaging, wheel, Cython, markupsafe, yaml, jinja2, pygreet";
step(python, ["-c", `import ${modules}; print("Python imports them all")`]);
step(`${workspace}/prefix/bin/pygreet`, ["you"]);

/** Names every missing tool at once, each with how to get it. */
function requireTools() {
  const missing = [];
  if (!works("cc", ["--version"])) missing.push(["a C compiler (cc)", "gcc libc6-dev", "gcc"]);
  if (!works("make", ["--version"])) missing.push(["make", "make", "make"]);
  const questions =
    "import sys, sysconfig, os, venv; assert sys.version_info >= (3, 9); " +
    "assert os.path.exists(sysconfig.get_path('include') + '/Python.h')";
  if (!works("python3", ["-c", "import sys; assert sys.version_info >= (3, 9)"])) {
    missing.push([
      "Python 3.9 or newer (python3)",
      "python3 python3-dev python3-pip",
      "python3 python3-devel python3-pip",
    ]);
  } else {
    if (!works("python3", ["-c", questions])) {
      missing.push(["Python's header files (Python.h)", "python3-dev", "python3-devel"]);
    }
    if (!works("python3", ["-c", "import pip"]) && !works("python3", ["-c", "import ensurepip"])) {
      missing.push(["pip, which knows the package index", "python3-pip", "python3-pip"]);
    }
  }
  if (missing.length === 0) return;
  for (const [what, debian, fedora] of missing) {
    process.stderr.write(
      `missing: ${what}\n  Debian, Ubuntu: apt-get install ${debian}\n  Fedora: dnf install ${fedora}\n`,
    );
  }
  process.exit(4);
}

function works(program, args) {
  return spawnSync(program, args, { stdio: "ignore" }).status === 0;
}

function step(program, args) {
  const shown = program === process.execPath ? ["tenon", ...args.slice(1)] : [program, ...args];
  process.stdout.write(`\n$ ${shown.join(" ")}\n`);
  const { status, error } = spawnSync(program, args, { stdio: "inherit" });
  if (error) process.stderr.write(`${program} could not be started: ${error.message}\n`);
  if (status !== 0) process.exit(status ?? 1);
}
