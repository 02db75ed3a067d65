/** Times the join of a large staged tree, and of many shared directories: tenon beside cp -Rp. */
import { spawnSync } from "node:child_process";
import { lstatSync, mkdirSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { parseArgs } from "node:util";
import { must, temporaryFolder } from "../proof/processes.js";
import { requireTenon, tenon } from "../proof/program.js";
import { printTable } from "../proof/table.js";
import { writeFiles } from "../proof/trees.js";
import { median, wholeNumber } from "./measure.js";

const { values } = parseArgs({
  options: {
    files: { type: "string", default: "24400" },
    runs: { type: "string", default: "5" },
    shared: { type: "boolean", default: false },
  },
});
const files = wholeNumber("files", values.files);
const runs = wholeNumber("runs", values.runs);
const averageBytes = 1600;
const filesPerDirectory = 12;
const sharedPackages = 4;
const sharedDirectories = 300;
const sitePackages = "lib/python3/site-packages";
const patient = { timeoutMs: 600_000 };

requireTenon();
/** All trees lie in one folder, so on one file system. */
const folder = temporaryFolder("join");
const copied = `${folder}/copied`;
const stages = values.shared ? makeSharedStages() : [{ name: "big", files: makeBigStage() }];
for (const { name, files: content } of stages) writeFiles(`${folder}/stages/${name}`, content);
const base = {
  "bin/base": "base\n",
  "lib/libbase.so": "base\n",
  [`${sitePackages}/base.py`]: "base\n",
  "share/base": "base\n",
};
const ways = {
  "cp -Rp": (stage, prefix) => ["cp", "-Rp", `${stage}/.`, prefix],
  "tenon --no-sync": (stage, prefix, name) => install(stage, prefix, name, "--no-sync"),
  tenon: (stage, prefix, name) => install(stage, prefix, name),
};

printWorkload();
/** @type {Record<string, number[]>} */
const timesMs = Object.fromEntries(Object.keys(ways).map((way) => [way, []]));
for (let run = 0; run < runs; run += 1) {
  const order = Object.keys(ways);
  if (run % 2 === 1) order.reverse();
  for (const way of order) timesMs[way].push(await measure(way));
}
printTable(
  ["", "median ms", "min ms", "max ms", "of cp's median", "median of the pairs' ratios"],
  Object.entries(timesMs).map(([way, times]) => rowOf(way, times, timesMs["cp -Rp"])),
);
await countRenames();

/** Three quarters of the files below site-packages, the others below share. */
function makeBigStage() {
  const content = { "bin/big": "big\n", "lib/libbig.so": "big\n" };
  for (let number = 0; number < files; number += 1) {
    const directory = Math.floor(number / filesPerDirectory);
    const root = directory % 4 === 3 ? "share/big" : `${sitePackages}/big`;
    const file = `${root}/part${directory % 40}/d${directory}/m${number}.py`;
    content[file] = textOf(number, (averageBytes / 4) * (1 + (number % 7)));
  }
  return content;
}

/** The base package lacks these directories: the first package brings them, the others share. */
function makeSharedStages() {
  return Array.from({ length: sharedPackages }, (_, number) => {
    const content = {};
    for (let directory = 0; directory < sharedDirectories; directory += 1) {
      const file = `share/common/d${directory}/file${number}`;
      content[file] = textOf(directory, averageBytes);
    }
    return { name: `pkg${number}`, files: content };
  });
}

function textOf(number, bytes) {
  return `# file ${number} of the benchmark\n`.repeat(bytes).slice(0, bytes);
}

function install(stage, prefix, name, ...more) {
  const what = ["--name", name, "--version", "1", "--stage", stage, "--prefix", prefix];
  return tenon("install", ...what, ...more);
}

/** What is not timed: a populated prefix, copies of the stages, the disk's earlier work. */
async function prepare() {
  rmSync(copied, { recursive: true, force: true, maxRetries: 5 });
  mkdirSync(`${copied}/prefix`, { recursive: true });
  writeFiles(`${copied}/base`, base);
  await must(install(`${copied}/base`, `${copied}/prefix`, "base", "--no-sync"), patient);
  await must(["sync", "-f", folder], patient);
  await must(["cp", "-Rp", `${folder}/stages`, `${copied}/stages`], patient);
}

async function measure(way) {
  await prepare();
  let spentMs = 0;
  for (const { name } of stages) {
    const command = ways[way](`${copied}/stages/${name}`, `${copied}/prefix`, name);
    const startedMs = performance.now();
    await must(command, patient);
    spentMs += performance.now() - startedMs;
  }
  requireAllThere(way);
  return spentMs;
}

/** A fast join that lost files would be no join. */
function requireAllThere(way) {
  for (const { name, files: content } of stages) {
    const file = Object.keys(content).find((path) => isMissing(path, content[path].length));
    if (file !== undefined) throw new Error(`${way}: ${name} left ${file} missing or short`);
  }
}

function isMissing(file, bytes) {
  return lstatSync(`${copied}/prefix/${file}`, { throwIfNoEntry: false })?.size !== bytes;
}

function rowOf(way, times, cpTimes) {
  const ratios = times.map((time, run) => time / cpTimes[run]);
  const [middle, least, most] = [median(times), Math.min(...times), Math.max(...times)];
  const rounded = [middle, least, most].map((time) => time.toFixed(0));
  return [way, ...rounded, (middle / median(cpTimes)).toFixed(2), median(ratios).toFixed(2)];
}

function printWorkload() {
  const contents = stages.flatMap((stage) => Object.entries(stage.files));
  const bytes = contents.reduce((sum, [, text]) => sum + text.length, 0);
  const directories = new Set(contents.map(([file]) => file.slice(0, file.lastIndexOf("/"))));
  const packages = stages.length === 1 ? "1 package" : `${stages.length} packages`;
  process.stdout.write(
    `${packages}, ${contents.length} files in ${directories.size} directories, ` +
      `${(bytes / 1e6).toFixed(1)} MB, ${runs} runs\n`,
  );
}

/** Contact points: the topmost staged paths that the prefix does not have as directories. */
function contactPoints(stage, prefix) {
  let points = 0;
  for (const entry of readdirSync(stage, { withFileTypes: true })) {
    const place = `${prefix}/${entry.name}`;
    const isShared =
      entry.isDirectory() && lstatSync(place, { throwIfNoEntry: false })?.isDirectory();
    points += isShared ? contactPoints(`${stage}/${entry.name}`, place) : 1;
  }
  return points;
}

async function countRenames() {
  if (spawnSync("strace", ["--version"]).status !== 0) {
    process.stdout.write("renameat2: not counted, strace is missing (apt-get install strace)\n");
    return;
  }
  await prepare();
  const table = `${folder}/strace`;
  const strace = ["strace", "-f", "-c", "-e", "trace=renameat2", "-o", table];
  const rows = [];
  for (const { name } of stages) {
    const [stage, prefix] = [`${copied}/stages/${name}`, `${copied}/prefix`];
    const points = contactPoints(stage, prefix);
    await must([...strace, ...install(stage, prefix, name, "--no-sync")], patient);
    rows.push([name, callsIn(table), points]);
  }
  process.stdout.write("\n");
  printTable(["", "renameat2", "contact points"], rows);
}

/** The fourth column of strace's table: shares of time, seconds, microseconds a call, calls. */
function callsIn(table) {
  const lines = readFileSync(table, "utf8").split("\n");
  const columns = lines
    .find((line) => line.endsWith(" renameat2"))
    ?.trim()
    .split(/\s+/);
  return Number(columns?.[3] ?? 0);
}
