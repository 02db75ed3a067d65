/**
 * A bundle, used where there is nothing of tenon: the packages of a prefix are bundled, unpacked by another user in two roots
 * without Node.js, one with busybox alone and one with coreutils, dash, tar and gzip alone, at prefixes of several lengths, and used there. Then it
 * is cut, changed byte by byte and killed. Last, its speed is compared with that of tar.
 */
import { spawnSync } from "node:child_process";
import { randomInt } from "node:crypto";
import * as fs from "node:fs";
import { performance } from "node:perf_hooks";
import { parseArgs } from "node:util";
import { must, run, start } from "./processes.js";
import { requireTenon, tenon } from "./program.js";
import { debian, own } from "./relocation-recipes.js";
import { useAll } from "./relocation-uses.js";
import { startedOtherwise, usePython } from "./sdists-use.js";
import { printTable } from "./table.js";

const { values, positionals } = parseArgs({
  allowPositionals: true, // packages with a use in relocation-recipes.js
  options: {
    prefix: { type: "string" },
    // Modules that the prefix's Python is to import.
    import: { type: "string" },
    // All modules are imported and all programs started, and pip check is run, as in proof/sdists-used.js.
    python: { type: "boolean", default: false },
    // A small package, for what is run thousands of times.
    small: { type: "string" },
    changes: { type: "string", default: "2000" },
    runs: { type: "string", default: "5" },
  },
});
const { prefix = "", small } = values;
const user = "65534";
const limit = { timeoutMs: 1_800_000 };

requireTenon();
requireAll();
// Short, so that prefixes of any length are below it, and the same inside and outside of the roots.
const base = fs.mkdtempSync("/tmp/b-");
process.once("exit", () => fs.rmSync(base, { recursive: true, force: true }));
fs.chmodSync(base, 0o777);
const file = `${base}/stack.sh`;
const bundling = await timed(tenon("bundle", "--prefix", prefix, "-o", file));
const sizeBytes = fs.statSync(file).size;
process.stdout.write(
  `bundled in ${(bundling / 1000).toFixed(1)} s: ${sizeBytes} bytes\n${(await must(tenon("list", "--prefix", prefix))).stdout.split("\n").length - 2} packages\n\n`,
);

const counts = { passed: 0, failed: 0 };
const nothingOfPython = { columns: ["–", "–", "–"], opened: 0, faults: 0 };
const startedFirst = await startAtFirst();
const roots = { busybox: busyboxRoot(), coreutils: coreutilsRoot() };
const lengths = {
  shorter: 12,
  "as long": Math.min(prefix.length, 96),
  longer: 96,
  "of 60 bytes": 60,
};
const rows = [];
for (const [rootName, root] of Object.entries(roots)) {
  for (const [word, length] of Object.entries(lengths)) {
    const place = pathOf(length);
    rows.push([rootName, word, place.length, ...(await useAt(root, place))]);
    const [top = ""] = place.slice(base.length + 1).split("/");
    fs.rmSync(`${base}/${top}`, { recursive: true, force: true });
  }
  const spaced = await inRoot(root, ["/bin/sh", file, "--prefix", `${base}/with space`]);
  check("with a space: refused", spaced.code === 2 && spaced.stderr.includes("other characters"));
}
printTable(
  [
    "root",
    "prefix",
    "bytes",
    "unpacked",
    "verify",
    "imports",
    "pip check",
    "modules",
    "programs",
    "uses",
    "files opened",
    "faults",
  ],
  rows,
);

await damage();
await kill();
await compare();
process.stdout.write(`${counts.passed} passed, ${counts.failed} failed\n`);
process.exitCode = counts.failed === 0 ? 0 : 1;

function check(what, isRight, more = "") {
  counts[isRight ? "passed" : "failed"] += 1;
  if (!isRight) process.stdout.write(`FAILED: ${what}\n${more}\n`);
  return isRight ? "ok" : "FAILED";
}

function requireAll() {
  const missing = ["busybox", "dash", "strace", "setpriv", "unshare", "chroot"].filter(
    (name) => spawnSync(name, ["--help"]).error !== undefined,
  );
  if (missing.length === 0 && process.getuid?.() === 0 && prefix !== "") return;
  process.stderr.write(
    `run by root, with --prefix DIR and ${missing.join(", ") || "nothing more"} from Debian's packages\n`,
  );
  process.exit(4);
}

function pathOf(length) {
  const start = `${base}/`;
  return `${start}${"a-folder/".repeat(12).slice(0, Math.max(length - start.length - 1, 0))}p`;
}

/** With one program, a static busybox, under the names of all its applets. */
function busyboxRoot() {
  const root = emptyRoot("busybox");
  fs.copyFileSync("/bin/busybox", `${root}/bin/busybox`);
  const applets = spawnSync("busybox", ["--list"], { encoding: "utf8" }).stdout.split("\n");
  for (const applet of applets.filter((name) => /^[\w[]+$/.test(name) && name !== "busybox"))
    fs.symlinkSync("busybox", `${root}/bin/${applet}`);
  return root;
}

/** With coreutils, dash, tar and gzip, and no other program. */
function coreutilsRoot() {
  const root = emptyRoot("coreutils");
  const list = spawnSync("dpkg", ["-L", "coreutils"], { encoding: "utf8" }).stdout.split("\n");
  const programs = list.filter((path) => /^(\/usr)?\/bin\/[^/]+$/.test(path));
  for (const path of [...programs, "/bin/dash", "/bin/tar", "/bin/gzip"])
    if (fs.existsSync(path)) fs.copyFileSync(path, `${root}/bin/${path.split("/").at(-1)}`);
  fs.symlinkSync("dash", `${root}/bin/sh`);
  return root;
}

function emptyRoot(name) {
  const root = `${base}/.${name}`;
  for (const folder of ["bin", "dev", "proc", "etc", "root", ...shown(), base])
    fs.mkdirSync(`${root}/${folder}`, { recursive: true });
  for (const path of ["/dev/null", ...interpreters()]) {
    fs.mkdirSync(`${root}${path}`.replace(/\/[^/]+$/, ""), { recursive: true });
    fs.writeFileSync(`${root}${path}`, "");
  }
  return root;
}

/** Libraries of the machine, and the Python that a virtual environment is of. */
function shown() {
  const home = pythonHome();
  const libraries = ["/lib", "/lib64", "/usr/lib"].filter((path) => fs.existsSync(path));
  return home === "/usr" ? libraries : [...libraries, home];
}

function pythonHome() {
  const python = `${prefix}/bin/python3`;
  return fs.existsSync(python) ? fs.realpathSync(python).replace(/\/bin\/[^/]+$/, "") : "/usr";
}

/** The machine's own Python is shown without the other programs beside it, and on nobody's PATH. */
function interpreters() {
  const python = `${prefix}/bin/python3`;
  if (pythonHome() !== "/usr" || !fs.existsSync(python)) return [];
  return [...new Set(["/usr/bin/python3", fs.realpathSync(python)])];
}

function inRoot(root, command) {
  const env = { PATH: "/bin:/sbin", HOME: base, LD_LIBRARY_PATH: "" };
  return run(withinRoot(root, command), { ...limit, env });
}

/** As another user, in a mount namespace of its own. */
function withinRoot(root, command) {
  const binds = [...shown(), ...interpreters(), "/proc", "/dev/null", base].map(
    (path) => `mount --bind ${path} ${root}${path}`,
  );
  const script = `PATH=/usr/sbin:/usr/bin:/sbin:/bin; ${binds.join(" && ")} && cd / && PATH=/bin && exec /usr/sbin/chroot --userspec=${user}:${user} ${root} "$@"`;
  return ["/usr/bin/unshare", "--mount", "/bin/sh", "-c", script, "sh", ...command];
}

async function useAt(root, place) {
  const ended = await inRoot(root, ["/bin/sh", file, "--prefix", place]);
  const unpacked = check(`unpack at ${place}`, ended.code === 0, ended.stderr);
  const none = await inRoot(root, ["/bin/sh", "-c", "command -v node || command -v python3"]);
  check("neither Node.js nor Python is on PATH", none.code !== 0, none.stdout);
  const verify = await run(tenon("verify", "--prefix", place, "--trust", place), limit);
  const verified = check(`verify at ${place}`, verify.code === 0, verify.stdout + verify.stderr);
  const imports = values.import === undefined ? "–" : await importAt(root, place);
  const python = values.python ? await pythonAt(root, place) : nothingOfPython;
  const recipes = { ...debian, ...own };
  const others = [prefix];
  const uses = await useAll(place, { recipes, names: positionals, others, limit });
  for (const { name, use, fault } of uses) check(`${name}: ${use}`, fault === undefined, fault);
  const sum = (key) => uses.reduce((total, each) => total + key(each), 0);
  return [
    unpacked,
    verified,
    imports,
    ...python.columns,
    uses.length,
    python.opened + sum((each) => each.opened),
    python.faults + sum((each) => each.wrong.length),
  ];
}

/** By the Python and with the pip of the machine, in the root. */
async function pythonAt(root, place) {
  const within = (command) => withinRoot(root, command);
  const used = await usePython(place, { others: [prefix], within, ...limit });
  const faults = [...used.faults, ...startedOtherwise(startedFirst, used.started)];
  for (const fault of faults) check(`at ${place}: ${fault}`, false);
  const started = Object.keys(used.started).length;
  counts.passed += used.modules + started;
  const columns = [used.pip, used.modules, started];
  return { columns, opened: used.opened, faults: faults.length };
}

/** As it is where it was built. */
async function startAtFirst() {
  if (!values.python) return {};
  const asUser = ["setpriv", "--reuid", user, "--regid", user, "--clear-groups"];
  const used = await usePython(prefix, {
    others: [],
    within: (command) => [...asUser, ...command],
    ...limit,
  });
  for (const fault of used.faults) check(`at ${prefix}: ${fault}`, false);
  return used.started;
}

async function importAt(root, place) {
  const lines = `import importlib, sys\nfor name in sys.argv[1:]:\n  module = importlib.import_module(name)\n  assert module.__file__.startswith(${JSON.stringify(`${place}/`)}), module.__file__\n`;
  const modules = values.import?.split(",") ?? [];
  const ended = await inRoot(root, [`${place}/bin/python3`, "-B", "-c", lines, ...modules]);
  return check(`imports at ${place}`, ended.code === 0, ended.stderr);
}

/** Runs a damaged bundle in a folder of its own: it must end badly, and nothing may be there afterwards. */
async function damage() {
  const names = small === undefined ? [] : [small];
  await must(tenon("bundle", ...names, "--prefix", prefix, "-o", `${base}/small.sh`), limit);
  const whole = fs.readFileSync(`${base}/small.sh`);
  const work = `${base}/work`;
  const damaged = `${base}/damaged.sh`;
  const tried = { cut: 0, script: 0, archive: 0, strays: 0 };
  const attempt = (kind, content, what) => {
    tried[kind] += 1;
    for (const folder of [work, `${work}/here`, `${work}/there`]) fs.mkdirSync(folder);
    fs.writeFileSync(damaged, content);
    const { status } = spawnSync("dash", [damaged, "--prefix", `${work}/there/p`], {
      cwd: `${work}/here`,
      encoding: "utf8",
      timeout: 60_000,
    });
    const left = fs.readdirSync(`${work}/there`);
    // A `>` in the place of another character makes an empty file in the current folder before the first look.
    tried.strays += fs.readdirSync(`${work}/here`).length;
    const isCutBeforeAll = kind === "cut" && content.length < 100; // then it is no program at all
    check(
      `${kind}: ${what}`,
      left.length === 0 && (status !== 0 || isCutBeforeAll),
      `exit ${status}, left ${left}`,
    );
    fs.rmSync(work, { recursive: true });
  };
  for (let length = 0; length < whole.length; length += 1024)
    attempt("cut", whole.subarray(0, length), `at ${length}`);
  const scriptBytes = Number(/tail=(\d+)/.exec(whole.toString("latin1", 0, 2000))?.[1]) - 1;
  const change = (kind, at) => {
    const content = Buffer.from(whole);
    content[at] = ((content[at] ?? 0) + randomInt(1, 256)) % 256;
    attempt(kind, content, `byte ${at} of ${whole.length} is ${content[at]}`);
  };
  const step = Math.max(1, Math.floor(scriptBytes / Number(values.changes)));
  for (let at = 0; at < scriptBytes; at += step) change("script", at);
  for (let each = 0; each < Number(values.changes); each += 1)
    change("archive", randomInt(scriptBytes, whole.length));
  process.stdout.write(
    `\na bundle of ${whole.length} bytes, ${scriptBytes} of them script: ${tried.cut} cuts, one byte of the script changed ${tried.script} times, one of the archive ${tried.archive} times; empty files in the current folder: ${tried.strays}\n`,
  );
}

/** With SIGKILL, to the whole process group, at ten moments; the next one has to end well and leave nothing beside. */
async function kill() {
  const place = `${base}/killed/p`;
  const unpack = ["dash", file, "--prefix", place];
  const wholeMs = await timed(unpack);
  fs.rmSync(`${base}/killed`, { recursive: true });
  let killed = 0;
  for (let moment = 1; moment <= 10; moment += 1) {
    const running = start(unpack, limit);
    await new Promise((resolve) => setTimeout(resolve, (wholeMs * moment) / 10.5));
    running.kill();
    const { signal } = await running.ended;
    if (signal !== null) killed += 1;
    const isThere = fs.existsSync(place);
    if (isThere) {
      const early = await run(tenon("verify", "--prefix", place), limit);
      check("what is there after a kill is whole", early.code === 0, early.stdout);
      fs.rmSync(place, { recursive: true });
    }
    const again = await run(unpack, limit);
    const left = fs.readdirSync(`${base}/killed`).join();
    const verify = await run(tenon("verify", "--prefix", place), limit);
    check(
      `after a kill at ${moment}/10`,
      again.code === 0 && left === "p" && verify.code === 0,
      `${again.stderr}, left ${left}`,
    );
    fs.rmSync(`${base}/killed`, { recursive: true });
  }
  process.stdout.write(
    `killed in the middle ${killed} times of 10; unpacked by the next one each time unless said otherwise\n`,
  );
}

/** In turns, on the same file system: all of `sh stack.sh`, and tar with the same archive. */
async function compare() {
  const tail = /tail=(\d+)/.exec(fs.readFileSync(file, "latin1").slice(0, 2000))?.[1];
  /** @type {Record<"tar" | "bundle", number[]>} */
  const times = { tar: [], bundle: [] };
  for (let each = 0; each < Number(values.runs); each += 1) {
    fs.mkdirSync(`${base}/tar`);
    const plain = `tail -c +${tail} ${file} | gzip -dc | tar -xpof - -C ${base}/tar`;
    times.tar.push(await timed(["dash", "-c", plain]));
    fs.rmSync(`${base}/tar`, { recursive: true });
    times.bundle.push(await timed(["dash", file, "--prefix", `${base}/p`]));
    fs.rmSync(`${base}/p`, { recursive: true });
  }
  const middle = (all) => all.toSorted((a, b) => a - b)[all.length >> 1] ?? 0;
  const ratios = times.bundle.map((ms, at) => ms / (times.tar[at] ?? 1));
  printTable(
    ["", "median ms", "all"],
    Object.entries(times).map(([name, all]) => [
      name,
      middle(all).toFixed(0),
      all.map((ms) => ms.toFixed(0)).join(" "),
    ]),
  );
  process.stdout.write(
    `ratio of the medians ${(middle(times.bundle) / middle(times.tar)).toFixed(2)}, median of the pairs' ratios ${middle(ratios).toFixed(2)}\n`,
  );
}

async function timed(command) {
  const startedMs = performance.now();
  await must(command, limit);
  return performance.now() - startedMs;
}
