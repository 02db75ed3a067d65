/**
 * Many installers, Pythons and readers at once in one prefix: tenon beside cp, tar, rsync, pip and
 * uv. With `--workers` the installers are workers of a few processes, and only tenon runs; with
 * `--relocating`, too, they are builds that have nothing to build: they have the files of packages that were
 * built for another prefix name this one, and join them.
 *
 * `--rounds N` for tenon and `--peer-rounds M` for all else, taken in turns; `--minutes N` ends it
 * sooner. `--pause-ms` is how long who looks at the prefix waits between two looks. `--on overlay`
 * and `--on weak` put the prefix on a file system that cannot rename all, or not in each way; then
 * only tenon runs.
 */
import { spawnSync } from "node:child_process";
import { parseArgs } from "node:util";
import { enterPlace } from "./places.js";
import { makeBuilds } from "./race-builds.js";
import { counted, isBad, raceOnce } from "./race-round.js";
import { makeStages, makeTool, toolNames } from "./race-tools.js";
import { startWatchers } from "./race-watchers.js";
import { makeWorkers } from "./race-workers.js";
import { temporaryFolder } from "./processes.js";
import { requireTenon } from "./program.js";
import { printTable } from "./table.js";

const { values } = parseArgs({
  options: {
    rounds: { type: "string", default: "5" },
    "peer-rounds": { type: "string" },
    minutes: { type: "string", default: "1440" },
    installers: { type: "string", default: "16" },
    readers: { type: "string", default: "4" },
    on: { type: "string" },
    tools: { type: "string", default: toolNames.join(",") },
    workers: { type: "boolean", default: false },
    relocating: { type: "boolean", default: false },
    processes: { type: "string", default: "4" },
    "pause-ms": { type: "string" },
    "no-sync": { type: "boolean", default: false },
    json: { type: "boolean", default: false },
  },
});
const number = (name) => Number(values[name]);
const [rounds, installers, readers] = ["rounds", "installers", "readers"].map(number);
const peerRounds = Number(values["peer-rounds"] ?? rounds);
const endMs = Date.now() + number("minutes") * 60_000;
const { on } = values;
enterPlace(on);
const names = values.workers ? [] : on === undefined ? values.tools.split(",") : ["tenon"];
for (const name of names) if (!toolNames.includes(name)) throw new Error(`unknown tool ${name}`);

requireTenon();
const folder = temporaryFolder("races");
const python = spawnSync("python3", ["-c", "import sys; print(sys.executable)"], {
  encoding: "utf8",
}).stdout.trim();
if (values.relocating && !values.workers) throw new Error("--relocating needs --workers");
const setting = {
  relocating: values.relocating,
  installers,
  readers,
  processes: number("processes"),
  sync: !values["no-sync"],
  on,
};
const options = {
  folder,
  python,
  ...setting,
  pauseMs: Number(values["pause-ms"] ?? (values.workers ? 10 : 0)),
};
await (values.relocating ? makeBuilds(options) : makeStages(options));
const skipped = {};
const lanes = values.workers ? [makeLane(makeWorkers(options))] : [];
for (const name of names) {
  const tool = await makeTool(name, options);
  if (!("skipped" in tool)) lanes.push(makeLane(tool));
  else skipped[name] = tool.skipped;
}
const watchers = startWatchers(options);
const trouble = await raceAll();
printTotals();
process.exit(trouble === undefined && !lanes.some(isHurt) ? 0 : 1);

function makeLane(tool) {
  const wanted = tool.name === "tenon" ? rounds : peerRounds;
  const zeros = Object.fromEntries(counted.map((key) => [key, 0]));
  const total = { tool: tool.name, rounds: 0, wanted, badRounds: 0, ...zeros, seconds: 0 };
  return { tool, total, told: new Set() };
}

/** In turns, so that whenever it ends all have run beside each other. Gives what broke it. */
async function raceAll() {
  let saidMs = Date.now();
  for (;;) {
    const open = lanes.filter(({ total }) => total.rounds < total.wanted);
    if (open.length === 0) return undefined;
    for (const lane of open) {
      if (Date.now() >= endMs) return undefined;
      try {
        await raceLane(lane);
      } catch (error) {
        const { stack, message } = Object(error);
        say(`${lane.tool.name}: ${stack}`);
        return message;
      }
      if (Date.now() < saidMs + 10_000) continue;
      saidMs = Date.now();
      sayProgress();
    }
  }
}

async function raceLane({ tool, total, told }) {
  const startedMs = Date.now();
  const tell = (kind, text) => {
    if (!told.has(kind)) say(`${tool.name}: the first ${kind}: ${text}`);
    told.add(kind); // the first of each kind is enough to see what it was
  };
  const place = `${folder}/round`;
  const counts = await raceOnce(tool, { place, watchers, ...options, tell });
  for (const key of counted) total[key] += counts[key];
  total.rounds += 1;
  if (isBad(counts)) total.badRounds += 1;
  total.seconds += (Date.now() - startedMs) / 1000;
}

function sayProgress() {
  const done = lanes.map(({ total }) => {
    return `${total.tool} ${total.rounds}/${total.wanted} (${total.badRounds} bad)`;
  });
  say(done.join(", "));
}

function say(text) {
  process.stderr.write(`${text}\n`);
}

/** Only tenon can verify, and only tenon must not be bad. */
function isHurt({ tool, total }) {
  return tool.verify !== undefined && isBad(total);
}

function printTotals() {
  const tools = lanes.map(({ total }) => ({ ...total, seconds: Math.round(total.seconds) }));
  if (values.json) {
    const mode = values.workers ? "workers" : "processes";
    process.stdout.write(`${JSON.stringify({ mode, ...setting, trouble, skipped, tools })}\n`);
    return;
  }
  for (const [name, why] of Object.entries(skipped))
    process.stdout.write(`${name}: skipped, ${why}\n`);
  const columns = ["tool", "rounds", "wanted", "badRounds", ...counted, "seconds"];
  const words = columns.map((key) => key.replace(/[A-Z]/g, (big) => ` ${big.toLowerCase()}`));
  const cell = (total, key) => (key.startsWith("verif") && total.verifies === 0 ? "–" : total[key]);
  printTable(
    words,
    tools.map((total) => columns.map((key) => cell(total, key))),
  );
}
