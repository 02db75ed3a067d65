/**
 * Provokes real failures and keeps their logs, each twice, from two folders: what differs between
 * the two must not matter. Needs root, the network and the compilers; the tests only read the logs.
 *
 *     REGISTRY_HOSTS=HOST,… node test/failure/make-corpus.js [NAME…]
 *
 * The registries' hosts are named so that the logs do not name them.
 */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { dirname } from "node:path";
import { debianPackages } from "./provoke/debian.js";
import { pythonPackages } from "./provoke/python.js";
import { scripts } from "./provoke/scripts.js";
import { smallPrograms } from "./provoke/small-c.js";

const root = "/tmp/tenon-corpus";
const tools = `${root}/tools`;
const corpus = `${import.meta.dirname}/corpus`;
const shownAtMost = 200;
/** Where the two runs are said to have been. */
const places = { first: "/home/ada/stack", again: "/srv/ci/job-4711/w" };

const all = { ...smallPrograms, ...scripts, ...pythonPackages, ...debianPackages };
const wanted = process.argv.slice(2);
prepareTools();
for (const [name, provocation] of Object.entries(all)) {
  if (wanted.length > 0 ? !wanted.includes(name) : existsSync(`${corpus}/${name}.again.log`))
    continue;
  for (const [which, place] of Object.entries(places)) {
    let log;
    try {
      log = provoke(`${root}/${which}-${name}`, provocation);
    } catch (error) {
      process.stdout.write(`${name}: ${error.message.slice(0, 300)}\n`);
    }
    if (log === undefined) {
      process.stdout.write(`${name}: did not fail\n`);
      break;
    }
    mkdirSync(`${root}/whole`, { recursive: true });
    const neutral = neutralise(log, `${root}/${which}-${name}`, place);
    const file = which === "first" ? `${name}.log` : `${name}.again.log`;
    writeFileSync(`${root}/whole/${file}`, neutral);
    writeFileSync(`${corpus}/${file}`, trim(neutral));
    process.stdout.write(`${file}: ${neutral.split("\n").length} lines\n`);
  }
}

function prepareTools() {
  mkdirSync(tools, { recursive: true });
  mkdirSync(corpus, { recursive: true });
  writeFileSync(
    `${tools}/serve.py`,
    "import http.server\nclass Quiet(http.server.SimpleHTTPRequestHandler):\n    def log_message(self, *arguments): pass\nhttp.server.HTTPServer(('127.0.0.1', 8931), Quiet).serve_forever()\n",
  );
  if (existsSync(`${tools}/python/bin/meson`)) return;
  must("/usr/bin/python3", ["-m", "venv", `${tools}/python`]);
  must(`${tools}/python/bin/pip`, [
    "install",
    "-q",
    "meson==1.4.1",
    "pytest",
    "cython",
    "setuptools",
    "wheel",
    "build",
  ]);
}

/** The log of a build in this folder; undefined when it succeeded. */
function provoke(folder, provocation) {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const directory =
    provocation.source === undefined ? folder : unpackSource(folder, provocation.source);
  for (const [name, content] of Object.entries(provocation.files ?? {})) {
    mkdirSync(dirname(`${folder}/${name}`), { recursive: true });
    writeFileSync(`${folder}/${name}`, content);
  }
  writeFileSync(`${folder}.sh`, wrap(folder, directory, provocation));
  const environment = {
    PATH: `${tools}/python/bin:/usr/local/go/bin:${homedir()}/.cargo/bin:/usr/bin:/bin`,
    HOME: `${folder}/home`,
    CARGO_HOME: `${homedir()}/.cargo`,
    RUSTUP_HOME: process.env.RUSTUP_HOME ?? `${homedir()}/.rustup`,
    LANG: provocation.source === undefined ? "C.UTF-8" : "C",
    TOOLS: tools,
    TMPDIR: `${folder}.tmp`,
    PIP_CACHE_DIR: `${tools}/pip-cache`,
    PIP_DISABLE_PIP_VERSION_CHECK: "1",
    ...(process.env.PIP_CERT === undefined ? {} : { PIP_CERT: process.env.PIP_CERT }),
  };
  rmSync(`${folder}.tmp`, { recursive: true, force: true });
  mkdirSync(`${folder}.tmp`);
  const { status, output } = (() => {
    const ended = spawnSync(
      "unshare",
      ["--mount", ...(provocation.offline ? ["--net"] : []), "bash", `${folder}.sh`],
      {
        env: environment,
        encoding: "utf8",
        timeout: 280_000,
        maxBuffer: 1 << 28,
      },
    );
    return { status: ended.status, output: ended.stdout + ended.stderr };
  })();
  rmSync(`${folder}.tmp`, { recursive: true, force: true });
  rmSync(folder, { recursive: true, force: true });
  return status === 0 ? undefined : output;
}

/** Both streams in one, as a build's log has them; what must not be there is hidden from this one build. */
function wrap(folder, directory, { without = [], tmpfs, run }) {
  return [
    "exec 2>&1",
    ...(without.length === 0
      ? []
      : [
          `mkdir -p ${folder}.over/upper ${folder}.over/work`,
          `mount -t overlay -o lowerdir=/usr,upperdir=${folder}.over/upper,workdir=${folder}.over/work overlay /usr || exit 99`,
          ...without.map((path) => `rm -rf ${path}`),
        ]),
    // What has no room to build in gets its files back after the small file system is mounted.
    ...(tmpfs === undefined
      ? []
      : [
          `cp -a ${folder} ${folder}.keep; mount -t tmpfs -o size=${tmpfs} tmpfs ${folder}; cp -a ${folder}.keep/. ${folder}/; rm -rf ${folder}.keep`,
          ...(folder === directory ? [`export TMPDIR=${folder}`] : []),
        ]),
    `cd ${directory}`,
    run,
    "",
  ].join("\n");
}

function unpackSource(folder, source) {
  const cache = `${tools}/sources/${source}`;
  if (!existsSync(`${cache}/unpacked`)) {
    mkdirSync(cache, { recursive: true });
    must("bash", [
      "-c",
      `cd ${cache} && apt-get source -qq ${source}/bookworm && mv -T "$(ls -d */ | head -1)" unpacked`,
    ]);
  }
  must("cp", ["-a", `${cache}/unpacked`, `${folder}/${source}`]);
  return `${folder}/${source}`;
}

function neutralise(log, folder, place) {
  const hosts = (process.env.REGISTRY_HOSTS ?? "").split(",").filter((host) => host !== "");
  return hosts
    .reduce((left, host) => left.replaceAll(host, "index.example"), log)
    .replaceAll(`${folder}.tmp`, place.startsWith("/home") ? "/tmp" : "/var/tmp/ci")
    .replaceAll(`${folder}.sh`, `${place}/build.sh`)
    .replaceAll(folder, place)
    .replaceAll(tools, "/opt/tools")
    .replaceAll(`${homedir()}/.cargo`, "/opt/cargo")
    .replaceAll(`${homedir()}/.rustup`, "/opt/rustup")
    .replace(/\/tmp\/tenon-corpus/g, "/tmp/corpus");
}

/** The head, the tail, and every part of the middle that is not the same thing again and again. */
function trim(log) {
  const lines = log.split("\n").map((line) => line.slice(0, 600));
  if (lines.length <= shownAtMost) return lines.join("\n");
  const tail = 150;
  const head = shownAtMost - tail - 1;
  return [
    ...lines.slice(0, head),
    `[${lines.length - head - tail} lines left out]`,
    ...lines.slice(-tail),
  ].join("\n");
}

function must(program, args) {
  const { status, stdout, stderr } = spawnSync(program, args, { encoding: "utf8" });
  if (status !== 0) throw new Error(`${program} ${args.join(" ")}: ${stdout}${stderr}`);
}
