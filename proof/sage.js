/**
 * A configured SageMath checkout whose SAGE_LOCAL is still empty: all standard packages that need nothing
 * but Python projects are built from nothing, then again after a change, checked, and shown to Sage's own
 * make. `--make` lets make build the same packages afterwards, from the same archives. `--short` leaves out the
 * changes and the checks, which build what they need besides.
 */
import { appendFileSync, utimesSync } from "node:fs";
import { parseArgs } from "node:util";
import { emptyPrefix, inMake, requireConfigured, takeArchives } from "./sage-checkout.js";
import { howItEnded, must, start, temporaryFolder } from "./processes.js";
import { requireTenon, tenon } from "./program.js";
import { printTable } from "./table.js";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    jobs: { type: "string", short: "j", default: "2" },
    packages: { type: "string", default: "" },
    without: { type: "string", default: "" },
    minutes: { type: "string", default: "60" },
    change: { type: "string", default: "packaging" },
    make: { type: "boolean", default: false },
    short: { type: "boolean", default: false },
  },
});
const [checkout] = positionals;
requireTenon();
requireConfigured(checkout, "node proof/sage.js CHECKOUT");
const root = temporaryFolder("sage");
const store = `${root}/store`;
/** @type {NodeJS.ProcessEnv} */
const env = { ...process.env, MAKEFLAGS: "", TENON_STORE: store };
delete env.PYTHONDONTWRITEBYTECODE; // make's Pythons keep their bytecode, too
const timeoutMs = Number(values.minutes) * 60_000;

const graph = JSON.parse(
  (await must(tenon("graph", "--sage", checkout, "--json"), { env })).stdout,
);
const names = values.packages === "" ? possible(graph) : values.packages.split(",");
const rows = [];

const first = await timed("from nothing", tenonBuild());
const again = await timed("nothing changed", tenonBuild());
if (!values.short) await changes();
const quiet = await timed("shown to make", inMake(checkout, ...names));
if (values.make) {
  takeArchives(checkout, store);
  emptyPrefix(checkout);
  await timed("make, from nothing", inMake(checkout, `-j${values.jobs}`, ...names));
}
printTable(["what", "seconds", "what it said last"], rows);
const isQuiet = /up-to-date/.test(quiet.stdout);
if (first.code !== 0 || again.code !== 0 || !isQuiet) process.exitCode = 1;

async function changes() {
  const recipe = `${checkout}/build/pkgs/${values.change}/package-version.txt`;
  utimesSync(recipe, new Date(), new Date());
  await timed(`${values.change} touched`, tenonBuild());
  appendFileSync(recipe, "\n");
  await timed(`${values.change} changed in nothing that matters`, tenonBuild());
  await timed("with checks", tenonBuild("--check=warn"));
  await timed("verified", tenon("verify", "--sage", checkout));
}

function tenonBuild(...options) {
  return tenon("build", "--sage", checkout, `-j${values.jobs}`, ...options, ...names);
}

/** What lies on a package index can be had anywhere: a closure of Python projects. */
function possible({ packages, edges }) {
  const pcFiles = "system_pkgconfig"; // make has rules for its files, and none for its name
  const byName = new Map(packages.map((one) => [one.name, one]));
  const needs = new Map(packages.map(({ name }) => [name, []]));
  for (const { from, to } of edges) needs.get(from).push(to);
  const out = new Set(values.without.split(","));
  const known = new Map();
  const blocks = (name) => {
    if (!known.has(name)) {
      const { source, tree } = byName.get(name);
      const isPython = tree === "SAGE_VENV" && name !== "python3";
      const isProject = isPython && (source === "normal" || source === "wheel");
      const own =
        (isProject || ["python3_venv", pcFiles].includes(name)) && !out.has(name)
          ? undefined
          : name;
      known.set(name, own);
      known.set(name, own ?? needs.get(name).map(blocks).find(Boolean));
    }
    return known.get(name);
  };
  const standard = packages.filter(({ type }) => type === "standard").map(({ name }) => name);
  const blocked = new Map();
  for (const name of standard) {
    const by = blocks(name);
    if (by !== undefined) blocked.set(by, [...(blocked.get(by) ?? []), name]);
  }
  const chosen = standard.filter((name) => name !== pcFiles && blocks(name) === undefined);
  process.stdout.write(
    `${chosen.length} of ${standard.length} standard packages; the others are out:\n`,
  );
  for (const [by, which] of [...blocked].sort((a, b) => b[1].length - a[1].length)) {
    process.stdout.write(`  ${by} is not to be had: ${which.join(" ")}\n`);
  }
  return chosen;
}

async function timed(what, command) {
  const startedMs = performance.now();
  const ended = await start(command, { env, timeoutMs }).ended;
  const seconds = ((performance.now() - startedMs) / 1000).toFixed(1);
  const said = `${ended.stdout}${ended.stderr}`.trim().split("\n").at(-1) ?? "";
  rows.push([what, seconds, ended.code === 0 ? said : `${howItEnded(ended)}: ${said}`]);
  process.stdout.write(`${what}: ${seconds} s: ${rows.at(-1)[2]}\n`);
  return ended;
}
