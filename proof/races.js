/** Many installers, Pythons and readers at once in one prefix: tenon beside cp, tar and rsync. */
import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { filesOf, sitePackages } from "./race-content.js";
import {
  howItEnded,
  must,
  printTable,
  requireTenon,
  run,
  start,
  temporaryFolder,
  tenon,
  writeFiles,
} from "./shared.js";

const { values } = parseArgs({
  options: {
    rounds: { type: "string", default: "5" },
    installers: { type: "string", default: "16" },
    readers: { type: "string", default: "4" },
    tools: { type: "string", default: "tenon,cp,tar,rsync" },
  },
});
const [rounds, installers, readers] = [values.rounds, values.installers, values.readers].map(
  Number,
);
/** What is counted for each tool → the head of its column. */
const columns = {
  tool: "tool",
  rounds: "rounds",
  badRounds: "bad rounds",
  installs: "installs",
  failed: "failed",
  lost: "lost",
  torn: "torn",
  missing: "missing",
  mixed: "mixed",
  sweeps: "sweeps",
  imports: "imports",
  importErrors: "import errors",
  verifies: "verifies",
  verifyFailed: "verify failed",
  seconds: "seconds",
};
const tarCopy = 'set -o pipefail; tar cf - -C "$1" . | tar xpf - -C "$2"';
const commands = {
  tenon: (stage, prefix, number, version) =>
    tenon("install", ...aboutPackage(number, version), "--stage", stage, "--prefix", prefix),
  cp: (stage, prefix) => ["cp", "-Rp", `${stage}/.`, prefix],
  tar: (stage, prefix) => ["bash", "-c", tarCopy, "bash", stage, prefix],
  rsync: (stage, prefix) => ["rsync", "-a", `${stage}/`, `${prefix}/`],
};

const tools = values.tools.split(",");
for (const tool of tools) if (!(tool in commands)) throw new Error(`unknown tool ${tool}`);
if (tools.includes("tenon")) requireTenon();
const folder = temporaryFolder("races");
const python = spawnSync("python3", ["-c", "import sys; print(sys.executable)"], {
  encoding: "utf8",
}).stdout.trim();
for (const version of [1, 2]) await makeStages(version);

const totals = [];
for (const tool of tools) {
  if (isInstalled(tool)) totals.push(await race(tool));
  else process.stdout.write(`${tool}: skipped, it is not installed\n`);
}
printTable(
  Object.values(columns),
  totals.map((total) => Object.keys(columns).map((key) => total[key])),
);
process.exit(totals.some((it) => it.tool === "tenon" && isBad(it)) ? 1 : 0);

function aboutPackage(number, version) {
  return ["--name", `pkg${number}`, "--version", String(version)];
}

function isInstalled(tool) {
  return tool === "tenon" || spawnSync(tool, ["--version"]).status === 0;
}

function isBad(it) {
  return it.failed + it.verifyFailed + it.lost + it.torn + it.missing > 0;
}

/** With `__pycache__`, as `pip install --target` leaves it: what cp and Python quarrel about. */
async function makeStages(version) {
  const root = `${folder}/stages/${version}`;
  for (let number = 0; number < installers; number += 1)
    writeFiles(`${root}/${number}`, filesOf(number, version));
  await must([python, "-m", "compileall", "-q", root]);
}

async function race(tool) {
  const zeros = Object.fromEntries(Object.keys(columns).map((key) => [key, 0]));
  const total = { ...zeros, tool, told: new Set() };
  const startedMs = Date.now();
  for (let round = 1; round <= rounds; round += 1) {
    const before = { ...total };
    await raceOnce(tool, total);
    total.rounds += 1;
    const keys = ["failed", "verifyFailed", "lost", "torn", "missing"];
    if (keys.some((key) => total[key] > before[key])) total.badRounds += 1;
  }
  total.seconds = Math.round((Date.now() - startedMs) / 1000);
  return total;
}

async function raceOnce(tool, total) {
  const place = `${folder}/round`;
  const prefix = `${place}/prefix`;
  mkdirSync(prefix, { recursive: true });
  for (const version of [1, 2]) {
    await must(["cp", "-a", `${folder}/stages/${version}`, `${place}/stage${version}`]);
    await joinAll(tool, version, place, total);
    countLost(prefix, version, total);
  }
  rmSync(place, { recursive: true, force: true, maxRetries: 5 });
}

async function joinAll(tool, version, place, total) {
  const prefix = `${place}/prefix`;
  const stop = `${place}/stop${version}`;
  const watchers = startWatchers(prefix, stop);
  const joining = Array.from({ length: installers }, (_, number) => {
    const stage = `${place}/stage${version}/${number}`;
    return start(commands[tool](stage, prefix, number, version), {
      hold: true,
      timeoutMs: 120_000,
    });
  });
  await sleep(300); // until all wait at the line, and the readers read
  for (const installer of joining) installer.release();
  let isOver = false;
  const verifying = tool === "tenon" ? verifyUntil(prefix, () => isOver, total) : undefined;
  for (const ended of await Promise.all(joining.map((installer) => installer.ended))) {
    total.installs += 1;
    if (ended.code === 0) continue;
    total.failed += 1;
    tell(total, "install", `${howItEnded(ended)}: ${ended.stderr.trim()}`);
  }
  isOver = true;
  await verifying;
  await sleep(100);
  writeFileSync(stop, "");
  await countReads(watchers, total);
  if (tool === "tenon") await verifyOnce(prefix, total);
}

function startWatchers(prefix, stop) {
  const site = `${prefix}/${sitePackages}`;
  const script = (name) => fileURLToPath(new URL(name, import.meta.url));
  const env = { ...process.env, PYTHONPATH: site };
  const importing = [python, script("race-imports.py"), site, stop];
  const reading = [process.execPath, script("race-reader.js"), prefix, stop, String(installers)];
  const pythons = Array.from({ length: readers }, () =>
    start(importing, { env, timeoutMs: 150_000 }),
  );
  return [...pythons, start(reading, { timeoutMs: 150_000 })];
}

async function countReads(watchers, total) {
  for (const ended of await Promise.all(watchers.map((watcher) => watcher.ended))) {
    if (ended.code !== 0) throw new Error(`a reader: ${howItEnded(ended)}: ${ended.stderr}`);
    const { errors = 0, examples, ...counts } = JSON.parse(ended.stdout);
    for (const [key, count] of Object.entries(counts)) total[key] += count;
    total.importErrors += errors;
    for (const example of examples) tell(total, example.split(" ", 1)[0], example);
  }
}

async function verifyUntil(prefix, isStopped, total) {
  while (!isStopped()) await verifyOnce(prefix, total);
}

async function verifyOnce(prefix, total) {
  const ended = await run(tenon("verify", "--prefix", prefix));
  total.verifies += 1;
  if (ended.code === 0) return;
  total.verifyFailed += 1;
  tell(total, "verify", `${howItEnded(ended)}: ${ended.stdout.trim()} ${ended.stderr.trim()}`);
}

function countLost(prefix, version, total) {
  for (let number = 0; number < installers; number += 1) {
    for (const [file, content] of Object.entries(filesOf(number, version))) {
      if (readIfAny(`${prefix}/${file}`) === content) continue;
      total.lost += 1;
      tell(total, "lost", `${file} of version ${version}`);
    }
  }
}

function readIfAny(file) {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}

/** The first of each kind is enough to see what it was. */
function tell(total, kind, text) {
  if (total.told.has(kind)) return;
  total.told.add(kind);
  process.stdout.write(`${total.tool}: the first ${kind}: ${text}\n`);
}
