/**
 * Times the install of 300 popular wheels, and an upgrade of 20 of them: tenon beside uv and pip.
 *
 * Each install has a prefix of its own, a virtual environment at a path that was not there before, as people
 * make them; it stays until the end, since ext4 avoids for a minute the inodes of what was just removed. With `--same-path` all
 * installs of a tool go to one path, which is removed in between, and has no interpreter of its own. `--work`
 * says where prefixes and caches are: another file system than the home's, such as a tmpfs.
 */
import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, rmSync } from "node:fs";
import { cpus, homedir, loadavg } from "node:os";
import * as path from "node:path";
import { parseArgs } from "node:util";
import { must, run } from "../proof/processes.js";
import { requireTenon, tenon } from "../proof/program.js";
import { printTable } from "../proof/table.js";
import { median, wholeNumber } from "./measure.js";
import { downloadedWheels } from "./wheel-cache.js";

const { values } = parseArgs({
  options: {
    cache: { type: "string", default: `${homedir()}/.cache/tenon-bench` },
    work: { type: "string" },
    "same-path": { type: "boolean", default: false },
    runs: { type: "string", default: "5" },
    rest: { type: "string" },
    pip: { type: "boolean", default: false },
    copy: { type: "boolean", default: false },
    cold: { type: "boolean", default: false },
    "compile-bytecode": { type: "boolean", default: false },
    upgrade: { type: "boolean", default: false },
    concurrent: { type: "boolean", default: false },
    only: { type: "string" },
    "caches-are-warm": { type: "boolean", default: false },
    json: { type: "boolean", default: false },
  },
});
const runs = wholeNumber("runs", values.runs);
const restMs = values.rest === undefined ? 0 : 1000 * wholeNumber("rest", values.rest);
const compile = values["compile-bytecode"];
const sixteen = 16;
const patient = { timeoutMs: 1_200_000 };
/** Runs commands at once; prints the wall time of all, and the processor time of what they started. */
const stopwatch = `
import json, resource, subprocess, sys, time
started = time.monotonic()
running = [subprocess.Popen(c, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) for c in json.loads(sys.argv[1])]
said = [each.communicate()[1].decode() for each in running]
wall = time.monotonic() - started
used = resource.getrusage(resource.RUSAGE_CHILDREN)
failed = [text for each, text in zip(running, said) if each.returncode != 0]
print(json.dumps({"wallMs": wall * 1e3, "userMs": used.ru_utime * 1e3, "systemMs": used.ru_stime * 1e3, "memoryKb": used.ru_maxrss, "failed": failed}))
`;

requireTenon();
const python = (await must(["python3", "-c", "import sys; print(sys.executable)"])).stdout.trim();
const cache = path.resolve(values.cache);
const wheels = await downloadedWheels("popular-wheels.txt", cache);
const older = await downloadedWheels("older-wheels.txt", cache);
const newer = wheels.filter((file) => older.some((each) => nameOf(each) === nameOf(file)));
const before = [...wheels.filter((file) => !newer.includes(file)), ...older];
/** All on one file system, so that hard links can be: prefixes, uv's cache, tenon's store. */
const work = path.resolve(values.work ?? `${cache}/work`);
const prefixes = `${work}/prefixes`;
let made = 0;
mkdirSync(work, { recursive: true });
process.once("exit", () => removePrefixes());
for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => process.exit(130));
process.env.UV_CACHE_DIR = `${work}/uv`;
const { program: uvProgram, version: uvVersion } = await findUv();

const ways = {
  uv: uv("hardlink"),
  tenon: tenonWith(),
  "tenon --no-sync": tenonWith("--no-sync"),
  ...(values.copy ? { "uv copies": uv("copy"), "tenon copies": tenonWith("--link", "copy") } : {}),
  ...(values.cold ? { "uv cold": cold("uv", uv()), "tenon cold": cold("store", tenonWith()) } : {}),
  ...(values.pip ? { pip: pip() } : {}),
};
/** `--only uv,tenon` leaves the others out. */
const wanted = values.only?.split(",") ?? Object.keys(ways);
for (const way of Object.keys(ways)) if (!wanted.includes(way)) delete ways[way];
const scenario = values.concurrent ? concurrent : values.upgrade ? upgrade : install;
/** The first of them. */
const baseline = (values.only ?? "uv").split(",")[0];

const machine = await describeMachine();
if (!values.json) process.stdout.write(machine);
/** @type {Record<string, Awaited<ReturnType<typeof timed>>[]>} */
const measured = Object.fromEntries(Object.keys(ways).map((way) => [way, []]));
if (!values["caches-are-warm"]) {
  for (const way of Object.values(ways)) if (!way.isCold) await scenario(way);
}
for (let count = 0; count < runs; count += 1) {
  const order = Object.keys(ways);
  if (count % 2 === 1) order.reverse();
  for (const way of order) {
    const found = await scenario(ways[way]);
    measured[way].push(found);
    const [wall, used] = [found.wallMs, found.userMs + found.systemMs].map(seconds);
    process.stderr.write(`round ${count + 1}, ${way}: ${wall} s, processor ${used} s\n`);
  }
}
print();

async function install(way) {
  const prefix = await newPrefix(way);
  return timed(way, prefix, [way.command(prefix, wheels)]);
}

/** The prefix holds all 300, of which 20 are older ones. */
async function upgrade(way) {
  const prefix = await newPrefix(way);
  await timed(way, prefix, [way.command(prefix, before)]);
  return timed(way, prefix, [way.command(prefix, newer)]);
}

/** Sixteen processes at once on one prefix, each with its share of the wheels. */
async function concurrent(way) {
  const prefix = await newPrefix(way);
  const shares = Array.from({ length: sixteen }, (_, share) =>
    wheels.filter((_, index) => index % sixteen === share),
  );
  return timed(
    way,
    prefix,
    shares.map((share) => way.command(prefix, share)),
  );
}

/** An empty prefix; with its own interpreter unless all go to one path. */
async function newPrefix({ name }) {
  if (values["same-path"]) {
    removePrefixes();
    const prefix = `${prefixes}/${name}`;
    mkdirSync(prefix, { recursive: true });
    return prefix;
  }
  made += 1;
  const prefix = `${prefixes}/${name}-${process.pid}-${made}`;
  await must([python, "-m", "venv", "--without-pip", prefix]);
  return prefix;
}

/** What has to be written of other runs is not timed. */
async function timed(way, prefix, commands) {
  way.prepare?.();
  await must(["sync", "-f", work], patient);
  if (restMs > 0) await new Promise((resolve) => setTimeout(resolve, restMs));
  const { stdout } = await must([python, "-c", stopwatch, JSON.stringify(commands)], patient);
  const result = JSON.parse(stdout);
  const files = countFiles(prefix);
  return { ...result, failed: result.failed.length, words: result.failed[0], files };
}

function removePrefixes() {
  spawnSync("rm", ["-rf", prefixes]);
}

/** The prefix's own interpreter, or the one that made it. */
function pythonOf(prefix) {
  return values["same-path"] ? python : `${prefix}/bin/python3`;
}

function uv(mode) {
  const options = ["-q", "--offline", "--no-deps"];
  const more = [...(mode === undefined ? [] : ["--link-mode", mode]), ...bytecode()];
  const command = (prefix, files) => {
    const where = ["--python", pythonOf(prefix), "--prefix", prefix];
    return [uvProgram, "pip", "install", ...options, ...where, ...more, ...files];
  };
  return { name: "uv", command };
}

function tenonWith(...more) {
  process.env.TENON_STORE = `${work}/store`;
  const command = (prefix, files) => {
    const where = ["--prefix", prefix, "--python", pythonOf(prefix)];
    return tenon("install", ...where, ...bytecode(), ...more, ...files);
  };
  return { name: "tenon", command };
}

function pip() {
  const options = ["-q", "--no-index", "--no-deps", "--ignore-installed"];
  const more = ["--disable-pip-version-check", "--root-user-action", "ignore"];
  if (!compile) more.push("--no-compile");
  const command = (prefix, files) => {
    const program = [
      "env",
      `VIRTUAL_ENV=${prefix}`,
      python,
      "-m",
      "pip",
      "--python",
      pythonOf(prefix),
    ];
    return [...program, "install", ...options, "--prefix", prefix, ...more, ...files];
  };
  return { name: "pip", command };
}

function bytecode() {
  return compile ? ["--compile-bytecode"] : [];
}

function cold(cacheName, way) {
  const prepare = () => rmSync(`${work}/${cacheName}`, { recursive: true, force: true });
  return { ...way, prepare, isCold: true };
}

/** `numpy` of `/…/numpy-2.1.3-cp311-….whl`. */
function nameOf(file) {
  return path.basename(file).split("-")[0].toLowerCase();
}

/** Of the packages: bytecode and what the installer keeps for itself are not counted. */
function countFiles(folder) {
  let files = 0;
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (entry.name === "__pycache__" || entry.name === "var") continue;
    files += entry.isDirectory() ? countFiles(`${folder}/${entry.name}`) : 1;
  }
  return files;
}

/** The program itself: what stands on the path may be a script that looks for it each time. */
async function findUv() {
  const script = "import uv; print(uv.find_uv_bin())";
  const module = await run([python, "-c", script]);
  const program = module.code === 0 ? module.stdout.trim() : "uv";
  const found = await run([program, "--version"]);
  if (found.code === 0) return { program, version: found.stdout.trim() };
  process.stderr.write("uv is missing: `pip install uv` brings it\n");
  process.exit(4);
}

async function describeMachine() {
  const pipVersion = (await must([python, "-m", "pip", "--version"])).stdout.split(" from ")[0];
  const what = values.concurrent
    ? `${wheels.length} wheels by ${sixteen} processes at once`
    : values.upgrade
      ? `an upgrade of ${newer.length} of ${wheels.length} wheels`
      : `${wheels.length} wheels into ${values["same-path"] ? "an empty" : "a new"} prefix`;
  return (
    `${what}; bytecode ${compile ? "on" : "off"}\n` +
    `${uvVersion}, ${pipVersion}, Node ${process.version}; ${cpus().length} processors, ` +
    `load ${loadavg()[0].toFixed(1)}; ${runs} runs in turns\n\n`
  );
}

function print() {
  const rows = Object.entries(measured).map(([way, found]) => summaryOf(way, found));
  if (values.json) {
    process.stdout.write(`${JSON.stringify({ machine, load: loadavg()[0], ways: rows })}\n`);
    return;
  }
  printTable(
    [
      "",
      "wall s",
      "least",
      "most",
      "user s",
      "system s",
      "wall of uv's",
      "processor of uv's",
      "files",
      "memory MB",
      "failed",
    ],
    rows.map((row) => [
      row.way,
      ...[row.wallMs, row.leastMs, row.mostMs, row.userMs, row.systemMs].map(seconds),
      ...[row.wallRatio, row.processorRatio].map((ratio) => ratio.toFixed(2)),
      row.files,
      Math.round(row.memoryKb / 1024),
      row.failed,
    ]),
  );
  for (const { way, words } of rows) if (words) process.stdout.write(`\n${way} said: ${words}\n`);
  process.stdout.write(`\nload ${loadavg()[0].toFixed(1)} at the end\n`);
}

function seconds(ms) {
  return (ms / 1000).toFixed(2);
}

/** Medians; the ratios are those of the pairs of one round. */
function summaryOf(way, found) {
  const processor = ({ userMs, systemMs }) => userMs + systemMs;
  const ratios = (of) =>
    median(found.map((each, round) => of(each) / of(measured[baseline][round])));
  const wall = found.map(({ wallMs }) => wallMs);
  return {
    way,
    wallMs: median(wall),
    leastMs: Math.min(...wall),
    mostMs: Math.max(...wall),
    userMs: median(found.map(({ userMs }) => userMs)),
    systemMs: median(found.map(({ systemMs }) => systemMs)),
    wallRatio: ratios(({ wallMs }) => wallMs),
    processorRatio: ratios(processor),
    files: found.at(-1).files,
    memoryKb: Math.max(...found.map(({ memoryKb }) => memoryKb)),
    failed: found.reduce((sum, { failed }) => sum + failed, 0),
    words: found.find(({ words }) => words)?.words,
  };
}
