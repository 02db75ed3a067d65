/**
 * What tenon and Sage's own make each leave in SAGE_LOCAL when they are killed at random moments while they
 * build the same packages from an empty prefix. First both build undisturbed, twice in turns: that says
 * what is whole, and how long they take beside each other.
 *
 * `--joins N`: tenon has all in its store, and is killed N times within the transaction that joins it.
 */
import { existsSync, readdirSync } from "node:fs";
import { parseArgs } from "node:util";
import { emptyPrefix, inMake, localOf, requireConfigured } from "./sage-checkout.js";
import { takeArchives, venvOf } from "./sage-checkout.js";
import { killJoins, killOften, totalColumns } from "./sage-killing.js";
import { build, environment, workIn } from "./sage-look.js";
import { brokenDistributions, makeReference, readFiles } from "./sage-state.js";
import { must, temporaryFolder } from "./processes.js";
import { requireTenon, tenon } from "./program.js";
import { randomFrom } from "./random.js";
import { printTable } from "./table.js";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    kills: { type: "string", default: "10" },
    joins: { type: "string", default: "10" },
    packages: { type: "string", default: "packaging,idna,six,markupsafe,jinja2,attrs,pytest" },
    jobs: { type: "string", short: "j", default: "2" },
    seed: { type: "string", default: String(Date.now() % 1_000_000) },
    minutes: { type: "string", default: "60" },
    tools: { type: "string", default: "tenon,make" },
  },
});
const [checkout] = positionals;
requireTenon();
requireConfigured(checkout, "node proof/sage-kills.js CHECKOUT");
const root = temporaryFolder("sage-kills");
const local = localOf(checkout);
const names = values.packages.split(",");
const timeoutMs = Number(values.minutes) * 60_000;
const setting = { checkout, root, timeoutMs, random: randomFrom(Number(values.seed)) };
const jobs = `-j${values.jobs}`;
const onSage = ["--sage", checkout];
const say = (line) => process.stdout.write(`${line}\n`);
say(`seed ${values.seed}; ${names.join(" ")} and what they need, ${jobs}`);

await must(tenon("fetch", ...onSage, ...names), {
  env: environment(setting, "sources"),
  timeoutMs,
});
takeArchives(checkout, `${root}/sources`);
const tools = [
  {
    name: "tenon",
    command: tenon("build", ...onSage, jobs, ...names),
    trees: [],
    seconds: [],
    kept,
  },
  { name: "make", command: inMake(checkout, jobs, ...names), trees: [], seconds: [], clean },
].filter(({ name }) => values.tools.split(",").includes(name));
let packages;
for (const turn of [1, 2]) for (const tool of tools) await buildUndisturbed(tool, `turn-${turn}`);
const [tenonSeconds, makeSeconds] = tools.map(({ seconds }) => seconds);
if (makeSeconds !== undefined) {
  const ratios = tenonSeconds.map((seconds, turn) => (seconds / makeSeconds[turn]).toFixed(2));
  say(`tenon's time of make's: ${ratios.join(", ")}`);
  compareReferences();
}
const killed = [];
for (const tool of tools) killed.push(await killOften(tool, setting, Number(values.kills)));
killed.push(await killJoins(tools[0], setting, Number(values.joins)));
printTable(["in all", ...totalColumns], killed);
const isBad = (/** @type {any[]} */ [name, , ...counts]) =>
  name !== "make" && counts.some((count) => count > 0);
if (killed.some(isBad)) process.exitCode = 1;

/** What is built is in the store, long before it is in the prefix. */
function kept(store) {
  return existsSync(`${store}/keys`) ? readdirSync(`${store}/keys`).length : 0;
}

/** As Sage's documentation says for a package that cannot be built again. */
function clean(broken) {
  return inMake(checkout, ...broken.map((name) => `${name}-clean`));
}

async function buildUndisturbed(tool, store) {
  emptyPrefix(checkout);
  const ended = await build(tool, setting, { store });
  if (!ended.isGood) throw new Error(`${tool.name}: ${ended.said}`);
  say(`${tool.name}, undisturbed: ${ended.seconds.toFixed(1)} s`);
  tool.seconds.push(ended.seconds);
  tool.trees.push(readFiles(local));
  tool.broken = brokenDistributions(venvOf(checkout));
  tool.work = workIn(setting).length;
  if (tool.name === "tenon") packages ??= await packageFiles();
  tool.reference = makeReference(packages, tool.trees);
}

/** As tenon has recorded them: which files are whose is the same for both. */
async function packageFiles() {
  const listed = (await must(tenon("list", ...onSage, "--json"))).stdout.trim().split("\n");
  const files = new Map();
  for (const { name } of listed.map((line) => JSON.parse(line))) {
    const { stdout } = await must(tenon("files", ...onSage, name));
    files.set(name, stdout.trim().split("\n"));
  }
  return files;
}

function compareReferences() {
  const lines = (places) => places.map((place) => `\n    ${place}`).join("");
  const [own, makes] = tools.map(({ reference }) => reference.files);
  const only = (some, others) => [...some.keys()].filter((place) => !others.has(place));
  say(`${packages.size} packages, ${own.size} files; by nature differ:`);
  for (const { name, reference } of tools) {
    const unlike = [...reference.files.keys()].filter((place) => !reference.files.get(place));
    say(`  ${unlike.length} between two builds of ${name}${lines(unlike)}`);
  }
  for (const [name, places] of [
    ["tenon", only(own, makes)],
    ["make", only(makes, own)],
  ]) {
    say(`  ${places.length} files that only ${name} makes${lines(places)}`);
  }
}
