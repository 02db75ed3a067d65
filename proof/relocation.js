/**
 * Built once, put anywhere: libraries and programs from Debian's source packages, and a few Python projects, are built
 * for one prefix, and then used at others of several lengths. There nothing may be built again but what is pinned, and
 * every program runs as another user, with its exit status and the files that it opens watched: an open of the
 * placeholder, or of another prefix, is a failure, whatever the exit status.
 */
import { chmodSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { spawnSync } from "node:child_process";
import { parseArgs } from "node:util";
import { must, run, temporaryFolder } from "./processes.js";
import { requireTenon, tenon } from "./program.js";
import { readPackages } from "./relocation-look.js";
import { useAll } from "./relocation-uses.js";
import { recipes, withNeeds, writeWorkspace } from "./relocation-workspace.js";
import { printTable } from "./table.js";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    // To go on with what was built before (I12), instead of a temporary one.
    folder: { type: "string" },
    jobs: { type: "string", short: "j", default: "2" },
    minutes: { type: "string", default: "180" },
    // Without the Python projects, which take a resolver and an index.
    "no-python": { type: "boolean", default: false },
  },
});
const limit = { timeoutMs: Number(values.minutes) * 60_000 };
const lengths = [16, 60, 96];

requireTenon();
requirePrograms();
const folder = values.folder ?? temporaryFolder("relocation");
const env = { TENON_STORE: `${folder}/store`, ...process.env };
const prefixes = makePrefixes();
const wanted = withNeeds(positionals.length > 0 ? positionals : Object.keys(recipes));
await writeWorkspace(folder, { names: wanted, env, limit, withPython: !values["no-python"] });

const [first] = prefixes;
const results = [];
for (const prefix of prefixes) {
  const built = await build(prefix);
  const packages = readPackages(prefix);
  if (prefix === first) printPackages(packages);
  const pinned = new Set(packages.filter(({ pins }) => pins.length > 0).map(({ name }) => name));
  const fresh = built.filter((name) => !pinned.has(name));
  const isRight = prefix === first || fresh.length === 0;
  const verified = (await run(tenon("verify", "--prefix", prefix), { env, ...limit })).code === 0;
  const others = prefixes.filter((other) => other !== prefix);
  const uses = await useAll(prefix, {
    recipes,
    names: wanted,
    others,
    limit: { timeoutMs: 300_000 },
  });
  results.push({ prefix, built, isRight, verified, uses });
}

printTable(
  ["prefix", "built", "verify", "uses", "passed", "files opened", "of placeholder"],
  results.map(({ prefix, built, verified, uses }) => [
    `${prefix.length} bytes`,
    built.length,
    verified ? "ok" : "FAILED",
    uses.length,
    uses.filter(({ fault }) => fault === undefined).length,
    uses.reduce((sum, { opened }) => sum + opened, 0),
    uses.reduce((sum, { wrong }) => sum + wrong.length, 0),
  ]),
);
let failed = 0;
for (const { prefix, isRight, verified, built, uses } of results) {
  if (!isRight) fault(`at ${prefix} was built again: ${built.join(", ")}`);
  if (!verified) fault(`at ${prefix} verify failed`);
  for (const each of uses)
    if (each.fault !== undefined) fault(`at ${prefix}: ${each.name}: ${each.use}\n  ${each.fault}`);
}
const passed = results
  .flatMap(({ uses }) => uses)
  .filter(({ fault }) => fault === undefined).length;
process.stdout.write(`${passed} passed, ${failed} failed\n`);
process.exitCode = failed === 0 ? 0 : 1;

function fault(text) {
  failed += 1;
  process.stdout.write(`${text}\n`);
}

function requirePrograms() {
  const missing = [
    "strace",
    "setpriv",
    "cc",
    "c++",
    "make",
    "cmake",
    "pkg-config",
    "apt-get",
  ].filter((name) => spawnSync(name, ["--version"]).error !== undefined);
  if (missing.length === 0 && process.getuid?.() === 0) return;
  process.stderr.write(
    `run by root, with ${missing.join(", ") || "nothing more"} from Debian's packages\n`,
  );
  process.exit(4);
}

/** Of exact lengths, below a short folder that everybody may enter. */
function makePrefixes() {
  const base = values.folder === undefined ? mkdtempSync("/tmp/tr-") : "/tmp/tr-kept";
  mkdirSync(base, { recursive: true });
  chmodSync(base, 0o755);
  if (values.folder === undefined)
    process.once("exit", () => rmSync(base, { recursive: true, force: true }));
  return lengths.map(
    (length) => `${base}/${"a-folder/".repeat(12).slice(0, length - base.length - 2)}p`,
  );
}

/** The names of what was built. */
async function build(prefix) {
  const startedMs = Date.now();
  const command = tenon("build", "--offline", `-j${values.jobs}`, "--prefix", prefix, "-C", folder);
  const { stderr } = await must(command, { env, ...limit });
  const seconds = ((Date.now() - startedMs) / 1000).toFixed(0);
  process.stdout.write(`tenon build --prefix ${prefix}: ${seconds} s\n`);
  return [...stderr.matchAll(/^\[ *\d+\/\d+\] built (\S+)/gm)].map(([, name]) => name);
}

function printPackages(packages) {
  const kinds = ["path", "piece", "name", "shebang", "row"];
  printTable(
    ["package", "files", "relocated", "text", "binary", "gzip", ...kinds, "pins"],
    packages.map(({ name, files, relocated, forms, places, pins }) => [
      name,
      files,
      relocated,
      ...["text", "binary", "gzip"].map((form) => forms[form] ?? ""),
      ...kinds.map((kind) => places[kind] ?? ""),
      pins.length || "",
    ]),
  );
  for (const { name, pins } of packages)
    for (const { path, what, where, offset } of pins)
      process.stdout.write(`pinned: ${name}: ${path} has ${what} (${where}, at byte ${offset})\n`);
}
