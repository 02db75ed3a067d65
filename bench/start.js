/**
 * Prints what short commands load of the program, and how long they take: the start is most of it.
 *
 * Node itself is measured beside them. What was loaded is what Node's own coverage names.
 */
import { mkdirSync, readdirSync, readFileSync, statSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { must, run, temporaryFolder } from "../proof/processes.js";
import { requireTenon, tenon } from "../proof/program.js";
import { printTable } from "../proof/table.js";
import { writeFiles } from "../proof/trees.js";
import { median, wholeNumber } from "./measure.js";
import { fileOf, recordPackages } from "./recorded-prefix.js";

const { values } = parseArgs({
  options: {
    runs: { type: "string", default: "15" },
    packages: { type: "string", default: "300" },
  },
});
const [runs, packages] = ["runs", "packages"].map((name) => wholeNumber(name, values[name]));
const files = 200;

requireTenon();
const folder = temporaryFolder("start");
const environment = {
  ...process.env,
  XDG_CACHE_HOME: `${folder}/cache`,
  TENON_STORE: `${folder}/store`,
};
const prefix = `${folder}/prefix`;
recordPackages(prefix, packages, files);
const wheel = await makeWheel();
let made = 0;

const commands = {
  "node -e 0": () => [process.execPath, "-e", "0"],
  "tenon --version": () => tenon("--version"),
  [`tenon list, of ${packages}`]: () => tenon("list", "--prefix", prefix),
  [`tenon owner, of ${packages}`]: () =>
    tenon("owner", "--prefix", prefix, `${prefix}/${fileOf(packages, files)}`),
  "tenon install, one small wheel": () =>
    tenon("install", "--prefix", `${folder}/new-${(made += 1)}`, wheel),
};

const loaded = {};
for (const [name, command] of Object.entries(commands)) {
  await once(command());
  loaded[name] = await loadedBy(command());
}
/** @type {Record<string, { wallMs: number, processorMs: number }[]>} */
const times = Object.fromEntries(Object.keys(commands).map((name) => [name, []]));
for (let round = 0; round < runs; round += 1) {
  for (const [name, command] of Object.entries(commands)) times[name].push(await once(command()));
}
process.stdout.write(`Node ${process.version}; ${runs} runs in turns\n\n`);
printTable(
  ["", "files", "KB", "wall ms", "least", "processor ms", "least"],
  Object.keys(commands).map((name) => {
    const { count, sizeBytes } = loaded[name];
    const figures = ["wallMs", "processorMs"].flatMap((figure) => {
      const found = times[name].map((each) => each[figure]);
      return [median(found), Math.min(...found)].map((ms) => ms.toFixed(0));
    });
    return [name, count, (sizeBytes / 1024).toFixed(0), ...figures];
  }),
);

/** The processor time is that of the command and all that it starts. */
async function once(command) {
  const { stdout } = await must(["python3", "-c", stopwatch(), ...command], { env: environment });
  return JSON.parse(stdout);
}

function stopwatch() {
  return `
import json, resource, subprocess, sys, time
started = time.monotonic()
code = subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode
wall = time.monotonic() - started
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(json.dumps({"wallMs": wall * 1e3, "processorMs": (used.ru_utime + used.ru_stime) * 1e3}))
sys.exit(code)`;
}

/** The program's own files. */
async function loadedBy(command) {
  const coverage = `${folder}/coverage-${(made += 1)}`;
  await run(command, { env: { ...environment, NODE_V8_COVERAGE: coverage } });
  const urls = readdirSync(coverage).flatMap((name) =>
    JSON.parse(readFileSync(`${coverage}/${name}`, "utf8")).result.map(({ url }) => url),
  );
  const names = new Set(urls.filter((url) => url.startsWith("file:")));
  const sizes = [...names].map((url) => statSync(fileURLToPath(url)).size);
  return { count: names.size, sizeBytes: sizes.reduce((sum, size) => sum + size, 0) };
}

async function makeWheel() {
  writeFiles(`${folder}/stages/0`, { "lib/python3/site-packages/small.py": "x = 1\n" });
  mkdirSync(`${folder}/wheels`);
  const script = fileURLToPath(new URL("../proof/race-wheels.py", import.meta.url));
  await must(["python3", script, `${folder}/stages`, "1", `${folder}/wheels`]);
  return `${folder}/wheels/${readdirSync(`${folder}/wheels`)[0]}`;
}
