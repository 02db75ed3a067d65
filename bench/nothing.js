/**
 * A stack that is up to date: how long tenon takes to say so, with a plan and where it has looked at all of that before,
 * beside GNU make on the same graph, whose targets are files that exist. And the plan of a stack of 10,000 packages of which nothing is built.
 */
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { loadavg } from "node:os";
import { setTimeout } from "node:timers/promises";
import { parseArgs } from "node:util";
import { temporaryFolder } from "../proof/processes.js";
import { requireTenon, tenon } from "../proof/program.js";
import { printTable } from "../proof/table.js";
import { readGraph, writeMakefile, writeWorkspace } from "./graph.js";
import { measure, median, watchedTenon, wholeNumber } from "./measure.js";

const { values } = parseArgs({
  options: {
    runs: { type: "string", default: "9" },
    packages: { type: "string", default: "10000" },
  },
});
const runs = wholeNumber("runs", values.runs);

requireTenon();
const folder = temporaryFolder("nothing");
const env = { TENON_STORE: `${folder}/store`, XDG_CACHE_HOME: `${folder}/cache` };
const usageFile = `${folder}/usage`;
process.stdout.write(`load ${loadavg()[0].toFixed(1)} before\n`);
const rows = [];
const graph = readGraph();
if (graph !== undefined) await compareWithMake(graph);
await planMany(wholeNumber("packages", values.packages));
printTable(["", "median ms", "min ms", "max ms", "of make's", "own processor ms", "MB"], rows);

async function compareWithMake(packages) {
  const instant = packages.map((each) => ({ ...each, seconds: 0 }));
  const make = ["make", "-C", `${folder}/make`, "-j4"];
  const build = ["build", "-C", `${folder}/workspace`];
  writeMakefile(`${folder}/make`, instant);
  writeWorkspace(`${folder}/workspace`, instant, { prefix: `${folder}/prefix` });
  await measure(make);
  await measure(tenon(...build, "--no-sync"), { env });
  // What was changed in the last two seconds is looked at anew.
  await setTimeout(3000);
  /** @type {Record<string, Awaited<ReturnType<typeof measure>>[]>} */
  const times = { make: [], planned: [], tenon: [] };
  for (let run = 0; run < runs; run += 1) {
    times.make.push(await measure(make));
    rmSync(`${env.XDG_CACHE_HOME}/tenon/idle`, { recursive: true, force: true });
    for (const way of ["planned", "tenon"]) {
      const built = await measure(tenon(...build), { env });
      times[way].push(built);
      if (!built.stdout.startsWith("nothing to do"))
        throw new Error(`there was something to do: ${built.stdout}`);
    }
  }
  addRow(`make, ${packages.length} packages`, times.make, "");
  const again = await measure(watchedTenon(...build), { env, usageFile });
  rmSync(`${env.XDG_CACHE_HOME}/tenon/idle`, { recursive: true });
  const planned = await measure(watchedTenon(...build), { env, usageFile });
  addRow(`tenon, ${packages.length} packages`, times.tenon, ofMake("tenon"), again);
  addRow("tenon, with a plan", times.planned, ofMake("planned"), planned);

  function ofMake(way) {
    return median(times[way].map(({ wallMs }, run) => wallMs / times.make[run].wallMs)).toFixed(2);
  }
}

/** Each needs up to five of the thousand before it. */
async function planMany(count) {
  const workspace = `${folder}/many`;
  mkdirSync(`${workspace}/packages`, { recursive: true });
  writeFileSync(`${workspace}/tenon.toml`, `[workspace]\nprefix = "prefix"\n`);
  for (let number = 0; number < count; number += 1) {
    const needs = [1, 7, 61, 311, 997].map((step) => number - step * (1 + (number % 3)));
    const names = needs.filter((need) => need >= 0).map((need) => `p${need}`);
    writeFileSync(
      `${workspace}/packages/p${number}.toml`,
      `name = "p${number}"\nversion = "1"\n[depends]\nbuild = ${JSON.stringify(names)}\n` +
        `[build]\nsystem = "script"\nscript = "true"\n`,
    );
  }
  const plan = ["build", "--dry-run", "-C", workspace];
  const taken = [];
  for (let run = 0; run < runs; run += 1) taken.push(await measure(tenon(...plan), { env }));
  const used = await measure(watchedTenon(...plan), { env, usageFile });
  addRow(`tenon, plan of ${count} packages`, taken, "", used);
}

/** `used`: by one more run, which is watched and takes longer for that. */
function addRow(way, taken, ofMake, used) {
  const times = taken.map(({ wallMs }) => wallMs);
  const rounded = [median(times), Math.min(...times), Math.max(...times)].map((ms) =>
    ms.toFixed(0),
  );
  const own =
    used === undefined ? ["", ""] : [used.cpuMs.toFixed(0), (used.maxRssBytes / 1e6).toFixed(0)];
  rows.push([way, ...rounded, ofMake, ...own]);
}
