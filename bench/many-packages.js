/** Times one more small package in a prefix of 10 packages, and in one of 10,000; and `owner`. */
import { rmSync } from "node:fs";
import { parseArgs } from "node:util";
import { must, run, temporaryFolder } from "../proof/processes.js";
import { requireTenon, tenon } from "../proof/program.js";
import { printTable } from "../proof/table.js";
import { writeFiles } from "../proof/trees.js";
import { median, wholeNumber } from "./measure.js";
import { fileOf, recordPackages } from "./recorded-prefix.js";

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
/** Runs a command and prints its largest resident memory in KiB. */
const measureMemory = `
import resource, subprocess, sys
code = subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
sys.exit(code)`;

requireTenon();
const folder = temporaryFolder("many");
const prefixes = { [few]: `${folder}/few`, [many]: `${folder}/many` };
for (const [count, prefix] of Object.entries(prefixes))
  recordPackages(prefix, Number(count), files);
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
  return tenon("owner", `${prefix}/${fileOf(count, files)}`, "--prefix", prefix);
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
