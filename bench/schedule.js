/**
 * SageMath's real graph, each package a process that sleeps: tenon without and with history, GNU make
 * and ninja, all against the bound that no schedule beats. And what tenon itself uses of a processor.
 */
import { rmSync } from "node:fs";
import { loadavg } from "node:os";
import { parseArgs } from "node:util";
import { run, temporaryFolder } from "../proof/processes.js";
import { requireTenon } from "../proof/program.js";
import { printTable } from "../proof/table.js";
import { boundOf, readGraph, scale, writeMakefile, writeNinja, writeWorkspace } from "./graph.js";
import { measure, watchedTenon, wholeNumber } from "./measure.js";

const { values } = parseArgs({
  options: {
    jobs: { type: "string", default: "16" },
    seconds: { type: "string", default: "60" },
    seed: { type: "string", default: "1" },
    only: { type: "string", default: "tenon,make,ninja" },
  },
});
const jobs = wholeNumber("jobs", values.jobs);
const only = new Set(values.only.split(","));

requireTenon();
const unscaled = readGraph({ seed: wholeNumber("seed", values.seed) });
if (unscaled !== undefined) {
  await compare(scale(unscaled, { jobs, boundSeconds: wholeNumber("seconds", values.seconds) }));
}

async function compare(graph) {
  const { pathSeconds, workSeconds, boundSeconds } = boundOf(graph, jobs);
  const edges = graph.reduce((sum, { needs }) => sum + needs.length, 0);
  process.stdout.write(
    `${graph.length} packages, ${edges} edges, -j${jobs}, load ${loadavg()[0].toFixed(1)} before; ` +
      `critical path ${pathSeconds.toFixed(1)} s, work ÷ jobs ${(workSeconds / jobs).toFixed(1)} s\n`,
  );
  const folder = temporaryFolder("schedule");
  const rows = [];
  const add = (way, { wallMs, cpuMs }) => {
    const share = cpuMs === undefined ? "" : `${((100 * cpuMs) / wallMs).toFixed(1)} %`;
    const each = cpuMs === undefined ? "" : (cpuMs / graph.length).toFixed(1);
    const seconds = wallMs / 1000;
    rows.push([way, seconds.toFixed(1), (seconds / boundSeconds).toFixed(3), share, each]);
  };
  if (only.has("tenon")) {
    writeWorkspace(`${folder}/workspace`, graph, { prefix: `${folder}/prefix` });
    add("tenon, nothing known", await buildAll(folder));
    add("tenon, with history", await buildAll(folder));
  }
  writeMakefile(`${folder}/make`, graph);
  writeNinja(`${folder}/ninja`, graph);
  if (only.has("make"))
    add("GNU make", await measure(["make", "-C", `${folder}/make`, `-j${jobs}`]));
  if (only.has("ninja") && (await run(["ninja", "--version"])).code === 0)
    add("ninja", await measure(["ninja", "-C", `${folder}/ninja`, `-j${jobs}`]));
  printTable(["", "seconds", "of the bound", "own processor", "ms a package"], rows);
}

/** From nothing but the durations that an earlier run has recorded. */
async function buildAll(folder) {
  for (const each of ["store", "prefix"]) {
    rmSync(`${folder}/${each}`, { recursive: true, force: true });
  }
  return measure(watchedTenon("build", "-C", `${folder}/workspace`, `-j${jobs}`, "--no-sync"), {
    usageFile: `${folder}/usage`,
    env: { TENON_STORE: `${folder}/store` },
  });
}
