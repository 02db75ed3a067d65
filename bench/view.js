/**
 * What a view with a root of its own costs: processor time of a whole view in which nothing is done, with
 * and without such a root, in turns. The overlay has as many layers as asked for.
 */
import { spawnSync } from "node:child_process";
import { mkdirSync, symlinkSync } from "node:fs";
import { loadavg } from "node:os";
import { parseArgs } from "node:util";
import { temporaryFolder } from "../proof/processes.js";
import { printTable } from "../proof/table.js";
import { median, wholeNumber } from "./measure.js";
import { loadSources } from "./sources.js";

const { values } = parseArgs({
  options: {
    layers: { type: "string", default: "200" },
    rounds: { type: "string", default: "9" },
    views: { type: "string", default: "20" },
  },
});
const layers = wholeNumber("layers", values.layers);
const rounds = wholeNumber("rounds", values.rounds);
const views = wholeNumber("views", values.views);

const folder = temporaryFolder("view");
const { createRealWorld, viewCommand } = await loadSources(
  folder,
  'export { viewCommand } from "./src/view/index.ts"; export { createRealWorld } from "./src/world/index.ts";',
);
const world = createRealWorld({});
const kinds = { "the prefix alone": false, "a root of its own": true };
const commands = Object.entries(kinds).map(([kind, root]) => commandFor(kind, root));

/** @type {number[][]} */
const taken = commands.map(() => []);
for (let round = 0; round < rounds; round += 1)
  commands.forEach((command, index) => taken[index].push(processorMs(command)));

const [before, after] = taken.map(median);
const differences = taken[1].map((ms, index) => ms - taken[0][index]);
process.stdout.write(
  `${layers} layers, user ${process.getuid?.()}, ${rounds} rounds of ${views} views, load ${loadavg()[0].toFixed(1)}\n`,
);
printTable(
  ["a view of", "ms of a processor", "ratio"],
  [
    ["the prefix alone", before.toFixed(1), "1"],
    ["a root of its own", after.toFixed(1), (after / before).toFixed(2)],
    ["difference", median(differences).toFixed(1), ""],
  ],
);

function commandFor(kind, root) {
  const scratch = `${folder}/${kind.replaceAll(" ", "-")}`;
  const prefix = `${folder}/prefix`;
  const workInside = root ? "/tenon-build/bench" : `${prefix}/var/lib/tenon/build/bench`;
  for (const each of ["upper", "overlay", "work", "layers/skeleton/var/lib/tenon/build/bench"])
    mkdirSync(`${scratch}/${each}`, { recursive: true });
  mkdirSync(prefix, { recursive: true });
  const layerNames = Array.from({ length: layers }, (_, index) => `l${index}`);
  for (const name of layerNames) {
    mkdirSync(`${folder}/trees/${name}/share/${name}`, { recursive: true });
    symlinkSync(`${folder}/trees/${name}`, `${scratch}/layers/${name}`);
  }
  const isolation = {
    kind: "view",
    userNamespace: process.getuid?.() !== 0,
    overlay: "kernel",
    root,
  };
  return viewCommand(
    world,
    {
      isolation,
      scratch,
      prefix,
      workInside,
      layerNames: [...layerNames, "skeleton"],
      upper: "upper",
      overlayWork: "overlay",
      sights: { hidden: [`${folder}/store`], guarded: [], shown: [], writable: [] },
    },
    { argv: ["true"], directory: workInside, environment: { PATH: "/usr/bin:/bin" } },
  );
}

/** One shell runs them all, since the kernel counts in hundredths of a second. */
function processorMs({ program, args, workingDirectory, environment }) {
  const loop = 'n=$1; shift; while [ "$n" -gt 0 ]; do "$@" || exit; n=$((n - 1)); done; times';
  const { status, stdout, stderr } = spawnSync("sh", ["-c", loop, "sh", views, program, ...args], {
    cwd: workingDirectory,
    env: environment,
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(`a view ended with ${status}: ${stderr}`);
  const times = [...(stdout.trim().split("\n").at(-1) ?? "").matchAll(/(\d+)m([\d.]+)s/g)];
  const inMs = times.map(
    ([, minutes, seconds]) => Number(minutes) * 60_000 + Number(seconds) * 1000,
  );
  return inMs.reduce((sum, ms) => sum + ms, 0) / views;
}
