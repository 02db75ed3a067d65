/**
 * Popular Python projects, all from their sdists into one prefix: imported, fetched, then built in one
 * command with the network closed; pip finds nothing to complain of, and every module is imported.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { spawnSync } from "node:child_process";
import { parseArgs } from "node:util";
import { howItEnded, must, run, temporaryFolder } from "./processes.js";
import { requireTenon, tenon } from "./program.js";
import { printTable } from "./table.js";
import { timed } from "./times.js";

/**
 * Versions are named so that a run can be repeated. What they are built with is not: it is what the
 * resolver finds, as for everybody who imports such a list.
 */
const projects = `
  annotated-doc==0.0.7 attrs==26.1.0 babel==2.18.0 bcrypt==5.0.0 blinker==1.9.0 cachetools==8.0.2
  cffi==2.1.1 click==8.5.1 colorama==0.4.6 contourpy==1.3.3 coverage==7.17.4 cycler==0.12.1
  cython==3.2.9 decorator==5.3.1 distlib==0.4.4 docutils==0.23 filelock==3.20.0 flask==3.1.3
  flit-core==4.2.0 frozenlist==1.8.0 greenlet==3.5.6 hatchling==1.33.0 idna==3.20 iniconfig==2.3.1
  itsdangerous==2.2.0 jinja2==3.1.6 kiwisolver==1.5.1 lxml==6.1.3 markdown-it-py==4.3.0
  markupsafe==3.0.4 mdurl==0.1.2 meson-python==0.22.1 mpmath==1.3.0 msgpack==1.2.4
  multidict==7.2.1 nanobind==3.1.0 networkx==3.6.1 numpy==2.4.6 packaging==26.4 pathspec==1.1.1
  pdm-backend==2.5.0 platformdirs==4.5.0 pluggy==1.7.0 poetry-core==2.5.0 psutil==7.2.2
  pybind11==3.1.0 pycparser==3.12 pygments==2.21.0 pyparsing==3.3.3 pytest==9.2.0
  python-dateutil==4.0.0 pytz==2026.6 pyyaml==6.0.4 rich==15.0.0 rpds-py==2026.9.1
  scikit-build-core==1.1.2 setuptools==84.2.1 setuptools-rust==1.13.0 simplejson==4.3.0 six==1.17.0
  sympy==1.14.0 tomlkit==0.15.2 tqdm==4.70.1 typing-extensions==4.16.0 tzdata==2026.6
  urllib3==2.8.0 werkzeug==3.1.9 wheel==0.48.0 wrapt==2.5.2 zipp==4.1.2
`
  .trim()
  .split(/\s+/);
/** Backends that are built with more than they are worth here, or whose sdist needs a network. */
const wheels = ["maturin", "certifi"];
const backends = [
  "setuptools",
  "setuptools-rust",
  "flit-core",
  "hatchling",
  "poetry-core",
  "pdm-backend",
  "meson-python",
  "scikit-build-core",
  "maturin",
];

const { values } = parseArgs({
  options: {
    // To go on with what was built before (I12), instead of a temporary one.
    folder: { type: "string" },
    jobs: { type: "string", short: "j", default: "2" },
    minutes: { type: "string", default: "180" },
  },
});
const limit = { timeoutMs: Number(values.minutes) * 60_000 };

requireTenon();
requireFiles();
const folder = values.folder ?? temporaryFolder("sdists");
mkdirSync(folder, { recursive: true });
const env = { TENON_STORE: `${folder}/store`, ...process.env };
const workspace = ["-C", folder];
writeFileSync(`${folder}/requirements.txt`, `${projects.join("\n")}\n`);

// What was imported before stays as it is: the folder goes on with it.
if (!existsSync(`${folder}/tenon.lock`)) {
  const list = ["import", `${folder}/requirements.txt`, "--from-source"];
  await mustTimed("tenon import", [...list, "--only-binary", wheels.join(",")]);
  await mustTimed("tenon fetch", ["fetch"]);
}
const closed = closedNetwork();
const command = [
  ...closed.command,
  ...tenon("build", "--offline", `-j${values.jobs}`, ...workspace),
];
const built = await timed(command, { env, ...limit });
say(`tenon build, ${closed.said}`, built);
if (built.code !== 0) {
  process.stdout.write(`${built.stderr}tenon build: ${howItEnded(built)}\n`);
  process.exit(1);
}
const recipes = readRecipes(`${folder}/packages`);
const sdists = recipes.filter(({ system }) => system === "python");
printTable(
  ["built with", "packages"],
  backends.map((name) => [name, sdists.filter(({ build }) => build.includes(name)).length]),
);
const checked = await run(
  ["python3", "-m", "pip", "--python", `${folder}/prefix/bin/python`, "check"],
  { env, ...limit },
);
process.stdout.write(`pip check: ${checked.stdout.trim() || checked.stderr.trim()}\n`);
const imported = await must([`${folder}/prefix/bin/python`, "-I", "-c", importAll()], {
  env,
  cwd: folder,
  ...limit,
});
const { modules, failed, distributions } = JSON.parse(
  imported.stdout.trim().split("\n").at(-1) ?? "",
);
for (const line of failed) process.stdout.write(`not imported: ${line}\n`);
const builds = (built.stderr.match(/^\[ *\d+\/\d+\] built /gm) ?? []).length;
// What others are compared with: proof/cache.js takes it from here.
if (builds === recipes.length + 1)
  writeFileSync(`${folder}/build-time.json`, JSON.stringify({ ms: built.ms, cpuMs: built.cpuMs }));
process.stdout.write(
  `${recipes.length} packages and an interpreter, ${sdists.length} from their sdists, ` +
    `${builds} built in this run; ${distributions} distributions, ${modules} modules imported\n`,
);
const isGood = checked.code === 0 && failed.length === 0 && sdists.length >= 60;
process.stdout.write(`${isGood ? sdists.length : 0} passed, ${isGood ? 0 : 1} failed\n`);
process.exitCode = isGood ? 0 : 1;

async function mustTimed(what, [...args]) {
  const ended = await timed(tenon(...args, ...workspace), { env, ...limit });
  say(what, ended);
  if (ended.code !== 0) throw new Error(`${what}: ${howItEnded(ended)}\n${ended.stderr}`);
}

function say(what, { ms, cpuMs }) {
  const [seconds, ofProcessors] = [ms, cpuMs].map((each) => (each / 1000).toFixed(0));
  process.stdout.write(`${what}: ${seconds} s, ${ofProcessors} s of processors\n`);
}

/** Root needs no user namespace, and others may not be allowed one. */
function closedNetwork() {
  for (const command of [
    ["unshare", "-n"],
    ["unshare", "-r", "-n"],
  ]) {
    const [program, ...args] = command;
    if (spawnSync(program, [...args, "true"]).status === 0) {
      return { command, said: `in \`${command.join(" ")}\`` };
    }
  }
  return { command: [], said: "with the network open: no namespace is to be had here" };
}

/** C libraries and compilers that the sdists take from the machine. */
function requireFiles() {
  const needed = [
    ["cc", "--version"],
    ["cmake", "--version"],
    ["ninja", "--version"],
    ["cargo", "--version"],
    ["pkg-config", "--exists", "libxml-2.0", "libxslt", "libffi"],
  ];
  const path = { env: { PATH: "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin" } };
  const missing = needed.filter(
    ([program, ...args]) => spawnSync(program, args, path).status !== 0,
  );
  if (missing.length === 0) return;
  const lines = missing.map(
    (command) => `fails in the folders where builds look: ${command.join(" ")}`,
  );
  process.stderr.write(
    `${lines.join("\n")}\nDebian: apt-get install gcc g++ cmake ninja-build cargo pkg-config ` +
      "libxml2-dev libxslt1-dev libffi-dev (cargo 1.85 or later)\n",
  );
  process.exit(4);
}

function readRecipes(at) {
  return readdirSync(at).map((file) => {
    const text = readFileSync(`${at}/${file}`, "utf8");
    return {
      system: /^system = "(.*)"$/m.exec(text)?.[1],
      build: [...(/^build = \[(.*)\]$/m.exec(text)?.[1] ?? "").matchAll(/"([^"]*)"/g)].map(
        ([, name]) => name,
      ),
    };
  });
}

/** Every module that an installed distribution has at the top, tests of its own excepted. */
function importAll() {
  return `
import importlib, importlib.metadata, json, warnings
warnings.simplefilter("ignore")
owners = importlib.metadata.packages_distributions()
# Before setuptools is imported, which shows copies of its own.
count = len({found.metadata["Name"] for found in importlib.metadata.distributions()})
failed, modules = [], 0
for name in sorted(owners):
    if not name.isidentifier() or name in ("test", "tests", "isympy"):
        continue
    try:
        importlib.import_module(name)
        modules += 1
    except BaseException as error:
        failed.append("%s of %s: %r" % (name, ", ".join(owners[name]), error))
print(json.dumps({"modules": modules, "failed": failed, "distributions": count}))
`;
}
