/**
 * All packages of a configured SageMath checkout whose archives can be had here, optional ones too, built
 * from nothing into an empty SAGE_LOCAL; then forty of them drawn at random, for each seed into an empty
 * SAGE_LOCAL again. Each time Sage's own make is asked whether anything is left to do. What has no archive
 * here, or needs something that has none, is listed with the reason.
 *
 * Archives come from upstream/ (`node proof/sage-archives.js` fills it), else from the package index.
 */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { archivesOf, emptyPrefix, inMake, isDisabled, requireConfigured } from "./sage-checkout.js";
import { howItEnded, must, run, temporaryFolder } from "./processes.js";
import { requireTenon, tenon } from "./program.js";
import { randomFrom } from "./random.js";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    jobs: { type: "string", short: "j", default: "2" },
    minutes: { type: "string", default: "240" },
    without: { type: "string", default: "" },
    seeds: { type: "string", default: "5" },
    count: { type: "string", default: "40" },
    /** Kept, and gone on with, instead of an empty one. */
    store: { type: "string" },
    only: { type: "string", default: "all,seeds" },
    /** What the store has is all there is. */
    fetched: { type: "boolean", default: false },
  },
});
const [checkout] = positionals;
requireTenon();
requireConfigured(checkout, "node proof/sage-whole.js CHECKOUT");
const root = temporaryFolder("whole");
const env = { ...process.env, MAKEFLAGS: "", TENON_STORE: values.store ?? `${root}/store` };
const limit = { env, timeoutMs: Number(values.minutes) * 60_000 };
const graph = JSON.parse((await must(tenon("graph", "--sage", checkout, "--json"), limit)).stdout);
const reasons = {
  archive: "have no archive here",
  system: "are only the system's",
  out: "were left out, or are for an installation tree that configure has disabled",
};
const possible = await findPossible();
let failed = 0;

if (values.only.includes("all")) await build("all", possible);
if (values.only.includes("seeds")) {
  for (let seed = 1; seed <= Number(values.seeds); seed += 1) {
    const names = draw(possible, seed);
    emptyPrefix(checkout);
    await build(`seed ${seed}`, names);
  }
}
process.exitCode = failed === 0 ? 0 : 1;

/** With all that they need; what these lack is told. */
async function findPossible() {
  const out = new Set(values.without.split(","));
  const archived = graph.packages.filter(({ source }) => source === "normal" || source === "wheel");
  const wanted = archived.map(({ name }) => name).filter((name) => !out.has(name));
  if (!values.fetched) await run(tenon("fetch", "--sage", checkout, ...wanted), limit);
  const here = new Set(
    archivesOf(checkout)
      .filter(({ sha256 }) => existsSync(`${env.TENON_STORE}/sources/${sha256}`))
      .map(({ name }) => name),
  );
  const needs = new Map(graph.packages.map(({ name }) => [name, []]));
  for (const { from, to } of graph.edges) needs.get(from).push(to);
  const byName = new Map(graph.packages.map((one) => [one.name, one]));
  const lacking = new Map();
  const whatLacks = (name) => {
    if (lacking.has(name)) return lacking.get(name);
    const { source, tree } = byName.get(name);
    const isArchived = source === "normal" || source === "wheel";
    if (isDisabled(checkout, tree)) out.add(name);
    const own = out.has(name) || source === "none" || (isArchived && !here.has(name));
    lacking.set(name, own ? name : undefined);
    lacking.set(name, own ? name : needs.get(name).map(whatLacks).find(Boolean));
    return lacking.get(name);
  };
  const chosen = graph.packages.map(({ name }) => name).filter((name) => !whatLacks(name));
  for (const [reason, names] of Object.entries(reasons)) {
    const which = [...lacking].flatMap(([name, lacks]) => {
      if (lacks === undefined || reasonOf(byName.get(lacks), out) !== reason) return [];
      return name === lacks ? [name] : [`${name} (needs ${lacks})`];
    });
    process.stdout.write(`${which.length} ${names}: ${which.sort().join(", ")}\n`);
  }
  const count = graph.packages.length;
  process.stdout.write(`${here.size} archives are here; ${chosen.length} of ${count} packages: `);
  process.stdout.write(`${chosen.join(" ")}\n`);
  return chosen;
}

function reasonOf({ name, source }, out) {
  if (out.has(name)) return "out";
  return source === "none" ? "system" : "archive";
}

function draw(names, seed) {
  const random = randomFrom(seed);
  const rest = [...names].sort();
  const drawn = [];
  while (drawn.length < Number(values.count) && rest.length > 0) {
    drawn.push(...rest.splice(Math.floor(random() * rest.length), 1));
  }
  return drawn;
}

async function build(what, names) {
  const startedMs = Date.now();
  const command = tenon("build", "--sage", checkout, `-j${values.jobs}`, "--json", ...names);
  const ended = await run(command, limit);
  const seconds = ((Date.now() - startedMs) / 1000).toFixed(0);
  const events = ended.stdout.split("\n").filter(Boolean).map(read);
  const of = (kind) => events.filter((event) => event.kind === kind);
  const log = `${root}-${what.replaceAll(" ", "-")}.jsonl`;
  writeFileSync(log, ended.stdout);
  for (const one of of("build-failed")) {
    process.stdout.write(`  ${one.package} ${one.version}: ${one.step}: ${one.reason}\n`);
    process.stdout.write(`    ${lastLines(one.logFile)}\n`);
  }
  for (const one of of("build-blocked")) {
    process.stdout.write(`  ${one.package} was not built, for ${one.by.join(", ")}\n`);
  }
  const changes = of("prefix-changed");
  const joined = changes.reduce((sum, one) => sum + (one.packages?.length ?? one.packages), 0);
  const makes = names.filter((name) => existsSync(`${checkout}/build/pkgs/${name}`));
  const made = await run(inMake(checkout, ...makes), limit);
  // What pip chooses has no stamp: make calls pip each time, which finds it there.
  const quiet = made.code === 0 && !made.stdout.includes("sage-spkg");
  if (ended.code !== 0 || !quiet) failed += 1;
  if (ended.code !== 0) process.stdout.write(ended.stderr.split("\n").slice(-12).join("\n"));
  process.stdout.write(
    `${what}: ${names.length} asked for, ${of("build-finished").length} built, ` +
      `${of("build-failed").length} failed, ${joined} joined in ${seconds} s (${howItEnded(ended)}); ` +
      `make: ${made.stdout.trim().split("\n").at(-1)}\n${log}\n`,
  );
}

function read(line) {
  try {
    return JSON.parse(line);
  } catch {
    return {};
  }
}

function lastLines(file) {
  if (!existsSync(file)) return "";
  return readFileSync(file, "utf8").trim().split("\n").slice(-3).join("\n    ");
}
