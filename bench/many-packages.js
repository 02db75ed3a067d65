/** Times one more small package in a prefix of 10 packages, and in one of 10,000; and `owner`. */
import { createHash } from "node:crypto";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { must, run, temporaryFolder } from "../proof/processes.js";
import { requireTenon, tenon } from "../proof/program.js";
import { printTable } from "../proof/table.js";
import { writeFiles } from "../proof/trees.js";
import { median, wholeNumber } from "./measure.js";

const { values } = parseArgs({
  options: {
    packages: { type: "string", default: "10000" },
    files: { type: "string", default: "200" },
    runs: { type: "string", default: "5" },
  },
});
const [many, files, runs] = ["packages", "files", "runs"].map((name) =>
  wholeNumber(name, values[name]),
);
const few = 10;
const digest = createHash("sha256").update("").digest("hex");
/** Runs a command and prints its largest resident memory in KiB. */
const measureMemory = `
import resource, subprocess, sys
code = subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
sys.exit(code)`;

requireTenon();
const folder = temporaryFolder("many");
const prefixes = { [few]: `${folder}/few`, [many]: `${folder}/many` };
for (const [count, prefix] of Object.entries(prefixes)) makePrefix(prefix, Number(count));
process.stdout.write(
  `${many} packages, ${many * files} files on record; ${few} packages, ${few * files} files\n`,
);
const first = await timed(install(prefixes[many], "first"));
process.stdout.write(`the first install, which makes the index: ${first.toFixed(0)} ms\n\n`);

/** @type {Record<string, Record<number, number[]>>} */
const times = { install: { [few]: [], [many]: [] }, owner: { [few]: [], [many]: [] } };
for (let round = 0; round < runs; round += 1) {
  for (const count of round % 2 === 0 ? [few, many] : [many, few]) {
    times.install[count].push(await timed(install(prefixes[count], `small${round}`)));
    times.owner[count].push(await timed(owner(prefixes[count], count)));
  }
}
printTable(
  ["", `${few} packages, ms`, `${many} packages, ms`, "ratio"],
  Object.entries(times).map(([what, { [few]: a, [many]: b }]) => [
    what,
    median(a).toFixed(0),
    median(b).toFixed(0),
    (median(b) / median(a)).toFixed(2),
  ]),
);
process.stdout.write("\n");
printTable(
  ["largest memory, MB", "install", "owner"],
  [
    [
      `${many} packages`,
      await memoryOf(install(prefixes[many], "measured")),
      await memoryOf(owner(prefixes[many], many)),
    ],
  ],
);

/** Records and history as tenon writes them, without the files: nothing here looks at those. */
function makePrefix(prefix, count) {
  rmSync(prefix, { recursive: true, force: true });
  const state = `${prefix}/var/lib/tenon`;
  for (const name of ["packages", "history", "tx"])
    mkdirSync(`${state}/${name}`, { recursive: true });
  for (let number = 0; number < count; number += 1) {
    const name = `package-${number}`;
    writeFileSync(`${state}/packages/${name}.json`, recordOf(name));
    const entry = {
      format: 1,
      id: `t${number}`,
      sequence: number + 1,
      activity: "tenon install",
      atMs: 1,
      changes: [{ package: name, from: null, to: "1" }],
    };
    writeFileSync(`${state}/history/t${number}.json`, `${JSON.stringify(entry, null, 2)}\n`);
    mkdirSync(`${state}/tx/t${number}`);
    writeFileSync(`${state}/tx/t${number}/journal.json`, "{}\n");
  }
  const [path, text] = [`${prefix}/${fileOf(count)}`, ""];
  mkdirSync(path.slice(0, path.lastIndexOf("/")), { recursive: true });
  writeFileSync(path, text);
}

/** A path that is asked for; only this one is there. */
function fileOf(count) {
  const part = Math.floor((files - 2) / 20);
  return `lib/python3/site-packages/package-${Math.floor(count / 2)}/part${part}/module${files - 1}.py`;
}

function recordOf(name) {
  const site = `lib/python3/site-packages/${name}`;
  const directories = ["bin", "lib", "lib/python3", "lib/python3/site-packages", site];
  const rows = [
    ...directories.map((path) => ["d", path, "0755"]),
    ["f", `bin/${name}`, "0755", 0, digest],
  ];
  for (let number = 1; number < files; number += 1) {
    if (number % 20 === 1) rows.push(["d", `${site}/part${Math.floor(number / 20)}`, "0755"]);
    rows.push([
      "f",
      `${site}/part${Math.floor((number - 1) / 20)}/module${number}.py`,
      "0644",
      0,
      digest,
    ]);
  }
  rows.sort(([, a], [, b]) => (a < b ? -1 : 1));
  const head = {
    format: 1,
    name,
    version: "1",
    artifact: digest,
    depends: [],
    takesOver: [],
    ceded: [],
    installedAtMs: 1,
    transaction: "t",
  };
  const lines = rows.map((row) => `    ${JSON.stringify(row)}`).join(",\n");
  return `${JSON.stringify(head, null, 2).slice(0, -2)},\n  "manifest": [\n${lines}\n  ]\n}\n`;
}

function install(prefix, name) {
  const stage = `${folder}/stage`;
  rmSync(stage, { recursive: true, force: true });
  const site = `lib/python3/site-packages/${name}`;
  const modules = Array.from({ length: 8 }, (_, number) => [`${site}/m${number}.py`, "x = 1\n"]);
  writeFiles(stage, { [`bin/${name}`]: "#!/bin/sh\n", ...Object.fromEntries(modules) });
  return tenon(
    "install",
    "--name",
    name,
    "--version",
    "1",
    "--stage",
    stage,
    "--prefix",
    prefix,
    "--no-sync",
  );
}

function owner(prefix, count) {
  return tenon("owner", `${prefix}/${fileOf(count)}`, "--prefix", prefix);
}

async function timed(command) {
  const startedMs = performance.now();
  await must(command, { timeoutMs: 600_000 });
  return performance.now() - startedMs;
}

async function memoryOf(command) {
  const ended = await run(["python3", "-c", measureMemory, ...command]);
  if (ended.code !== 0) throw new Error(`${command.join(" ")}: ${ended.stderr}`);
  return (Number(ended.stdout) / 1024).toFixed(0);
}
