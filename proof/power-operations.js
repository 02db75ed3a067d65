/** What is done to the prefix while the disk's writes are logged, and what is there beforehand. */
import { appendFileSync, cpSync, mkdirSync, rmSync } from "node:fs";
import { must } from "./processes.js";
import { tenon } from "./program.js";
import { writeFiles } from "./trees.js";

/** The same place in the machine and where the states are looked at. */
const disk = "/mnt/disk";
const site = "lib/python3/site-packages";

export const places = {
  disk,
  prefix: `${disk}/prefix`,
  stage: `${disk}/stage`,
  store: `${disk}/store`,
  workspace: `${disk}/workspace`,
};

/** Nothing of the caller's reaches tenon but the way to programs. */
export const environment = {
  PATH: process.env.PATH,
  HOME: disk,
  TMPDIR: process.env.TMPDIR,
  TENON_STORE: places.store,
};

const onPrefix = (...args) => tenon(...args, "--prefix", places.prefix);
const install = (version) =>
  onPrefix("install", "--name", "alpha", "--version", version, "--stage", places.stage);
const wheels = (share, version) =>
  onPrefix("install", ...[1, 2].map((n) => `${share}/wheels/pkg${n}-${version}-py3-none-any.whl`));
const build = tenon("build", "-C", places.workspace);

/** In this order; `prepare` is made durable before `command` begins. */
export function operationsFor(share) {
  const stage = (version) => () => {
    rmSync(places.stage, { recursive: true, force: true });
    cpSync(`${share}/alpha-${version}`, places.stage, { recursive: true, verbatimSymlinks: true });
  };
  return [
    { name: "install", prepare: stage(1), command: install("1") },
    { name: "install wheels", prepare: () => {}, command: wheels(share, "1") },
    {
      name: "upgrade",
      prepare: () => (stage(2)(), leaveTraces()),
      command: install("2"),
    },
    { name: "upgrade wheels", prepare: () => {}, command: wheels(share, "2") },
    { name: "rollback", prepare: () => {}, command: onPrefix("rollback") },
    { name: "remove", prepare: () => {}, command: onPrefix("remove", "pkg2") },
    { name: "build", prepare: () => writeWorkspace("1"), command: build },
    { name: "rebuild", prepare: () => writeWorkspace("2"), command: build },
  ];
}

/** Whether a path is one of the foreign files that are written here. */
export const isForeign = (path) => /(^|\/)mine(\.|$)/.test(path);

export function writeForeign() {
  mkdirSync(places.prefix, { recursive: true });
  writeFiles(places.prefix, {
    "share/common/mine": "a foreign file\n",
    "etc/mine.conf": "another one\n".repeat(1000),
  });
}

/** What people and programs leave: foreign files beside owned ones, bytecode, an edited file. */
function leaveTraces() {
  writeFiles(places.prefix, {
    "lib/alpha/plain/mine": "in a folder of the package\n",
    [`${site}/ns/mine.py`]: "mine = True\n",
    [`${site}/alpha/__pycache__/m0.cpython-311.pyc`]: "bytecode\n",
  });
  appendFileSync(`${places.prefix}/etc/alpha.conf`, "what a person has set\n");
}

/** The stages and wheels, made once; `share` is at the same place for all who need them. */
export async function makeArrivals(share) {
  for (const version of ["1", "2"]) {
    writeFiles(`${share}/alpha-${version}`, alpha(version));
    for (const number of [1, 2])
      writeFiles(`${share}/stages-${version}/${number}`, wheelFiles(number, version));
    mkdirSync(`${share}/wheels`, { recursive: true });
    const program = new URL("race-wheels.py", import.meta.url).pathname;
    await must(["python3", program, `${share}/stages-${version}`, version, `${share}/wheels`]);
  }
}

/** The second version moves a file, and turns a directory into a file and a file into one. */
function alpha(version) {
  const modules = Array.from({ length: 30 }, (_, at) => `${site}/alpha/m${at}.py`);
  const common = ["bin/alpha", "share/common/alpha", `${site}/ns/alpha.py`, "lib/alpha/plain/a"];
  const first = ["lib/alpha/moves", "lib/alpha/thing/one", "lib/alpha/thing/two", "etc/turns"];
  const second = ["share/alpha/moves", "lib/alpha/thing", "etc/turns/into", "lib/alpha/added"];
  const files = [...modules, ...common, "etc/alpha.conf", ...(version === "1" ? first : second)];
  const text = (file) => `alpha ${version}: ${file}\n`.repeat(file.length % 7 === 0 ? 900 : 3);
  return {
    ...Object.fromEntries(files.map((file) => [file, text(file)])),
    "include/alpha.h": "the same in both\n",
  };
}

function wheelFiles(number, version) {
  const names = ["__init__.py", ...Array.from({ length: 12 }, (_, at) => `m${at}.py`)];
  const files = [
    ...names.map((name) => `${site}/pkg${number}/${name}`),
    `${site}/ns/pkg${number}.py`,
    `share/common/pkg${number}-${version}`,
  ];
  return Object.fromEntries(files.map((file) => [file, `# ${version}: ${file}\n`.repeat(40)]));
}

function writeWorkspace(version) {
  const recipe = (name, depends) => `name = "${name}"
version = "${version}"
depends.build = [${depends}]
[build]
system = "script"
script = '''
mkdir -p "$DESTDIR$PREFIX/share/common" "$DESTDIR$PREFIX/libexec/${name}"
for number in 1 2 3 4 5 6 7 8; do
  echo "${name} ${version} $number" >"$DESTDIR$PREFIX/libexec/${name}/$number"
done
echo "${name} ${version}" >"$DESTDIR$PREFIX/share/common/${name}"
'''
`;
  writeFiles(places.workspace, {
    "tenon.toml": `[workspace]\nprefix = "${places.prefix}"\n`,
    "packages/one.toml": recipe("one", ""),
    "packages/two.toml": recipe("two", '"one"'),
  });
}
