/**
 * The stack of proof/sdists.js, built once in `--folder` and used elsewhere: in a second folder nothing is built; at three
 * prefixes of other lengths, and with `--real-path` at one that needs the real path (all is built again for it), another
 * user imports every module, starts every program and has pip check, as at the first prefix, which is gone meanwhile. An
 * open of the placeholder or of another prefix is a failure, whatever the exit status.
 */
import * as fs from "node:fs";
import { spawnSync } from "node:child_process";
import { parseArgs } from "node:util";
import { run } from "./processes.js";
import { requireTenon, tenon } from "./program.js";
import { readPackages } from "./relocation-look.js";
import { startedOtherwise, usePython } from "./sdists-use.js";
import { printTable } from "./table.js";
import { showSeconds, timed } from "./times.js";

const { values } = parseArgs({
  options: {
    folder: { type: "string", default: "" },
    "real-path": { type: "boolean", default: false },
    minutes: { type: "string", default: "180" },
  },
});
const limit = { timeoutMs: Number(values.minutes) * 60_000 };
const { folder } = values;
const first = `${folder}/prefix`;
const gone = `${folder}/prefix-that-is-gone`;
const env = { ...process.env, TENON_STORE: `${folder}/store` };
/** Nobody's. */
const user = "65534";

requireTenon();
requireAll();
const base = fs.mkdtempSync("/tmp/su-");
process.once("exit", () => fs.rmSync(base, { recursive: true, force: true }));
fs.chmodSync(base, 0o755);
const counts = { passed: 0, failed: 0 };
/** What is right is counted, what is not is said. */
const check = (isRight, what) => {
  counts[isRight ? "passed" : "failed"] += 1;
  if (!isRight) process.stdout.write(`FAILED: ${what}\n`);
  return isRight ? "ok" : "FAILED";
};

const second = `${base}/second`;
copyWorkspace(second);
const again = await build("-C", second);
check(again.built === 0, `${again.built} packages were built in a second folder`);
process.stdout.write(`in a second folder: ${again.said}; ${showSeconds(again.ms)}\n`);
printPins();

/** @type {Record<string, { status: number | null, said: string[] }>} */
let startedFirst = {};
const rows = [];
const places = [first, pathOf(16), pathOf(60), pathOf(96)];
const real = `${base}/with a space/prefix`;
for (const prefix of values["real-path"] ? [...places, real] : places)
  rows.push(await useAt(prefix, [...places, real]));
printTable(
  "prefix,built,joined in,verify,pip check,distributions,modules,programs,end with 0,files opened,faults".split(
    ",",
  ),
  rows,
);
process.stdout.write(`${counts.passed} passed, ${counts.failed} failed\n`);
process.exitCode = counts.failed === 0 ? 0 : 1;

function requireAll() {
  const missing = ["strace", "setpriv"].filter(
    (name) => spawnSync(name, ["--version"]).error !== undefined,
  );
  const isBuilt = fs.existsSync(`${first}/bin/python`);
  if (missing.length === 0 && process.getuid?.() === 0 && isBuilt) return;
  process.stderr.write(
    `run by root, with --folder DIR of proof/sdists.js and ${missing.join(", ") || "nothing more"} from Debian's packages\n`,
  );
  process.exit(4);
}

function pathOf(length) {
  return `${base}/${"a-folder/".repeat(12).slice(0, length - base.length - 2)}p`;
}

function copyWorkspace(to) {
  fs.mkdirSync(to);
  for (const name of ["packages", "tenon.toml", "tenon.lock"])
    fs.cpSync(`${folder}/${name}`, `${to}/${name}`, { recursive: true });
}

async function build(...args) {
  const command = tenon("build", "--offline", "-j2", ...args);
  const { code, stdout, stderr, ms } = await timed(command, { env, ...limit });
  if (code !== 0) throw new Error(stderr);
  const built = (stderr.match(/^\[ *\d+\/\d+\] built /gm) ?? []).length;
  return { built, ms, said: stdout.trim().split("\n").at(-1) ?? "" };
}

function printPins() {
  const pinned = readPackages(first).filter(({ pins }) => pins.length > 0);
  process.stdout.write(`${pinned.length} packages are pinned\n`);
  for (const { name, pins } of pinned)
    for (const { path, what, where, offset } of pins)
      process.stdout.write(`pinned: ${name}: ${path} has ${what} (${where}, at byte ${offset})\n`);
}

/** The first prefix is not there while another one is used. */
async function useAt(prefix, prefixes) {
  const isFirst = prefix === first;
  const how = isFirst ? { built: 0, ms: 0 } : await build("-C", folder, "--prefix", prefix);
  const isReal = prefix === real;
  check(how.built === 0 || isReal, `${how.built} packages were built for ${prefix}`);
  const verify = await run(tenon("verify", "--prefix", prefix), { env, ...limit });
  const verified = check(
    verify.code === 0,
    `verify at ${prefix}: ${verify.stdout}${verify.stderr}`,
  );
  if (!isFirst) fs.renameSync(first, gone);
  const others = prefixes.filter((other) => other !== prefix);
  const asUser = ["setpriv", "--reuid", user, "--regid", user, "--clear-groups"];
  const within = (command) => [...asUser, ...command];
  const used = await usePython(prefix, { others, within, ...limit }).finally(
    () => isFirst || fs.renameSync(gone, first),
  );
  if (isFirst) startedFirst = used.started;
  const faults = [...used.faults, ...startedOtherwise(startedFirst, used.started)];
  for (const fault of faults) check(false, `at ${prefix}: ${fault}`);
  const started = Object.values(used.started);
  const well = started.filter(({ status }) => status === 0).length;
  if (isFirst) tellStarts(used.started);
  counts.passed += used.modules + started.length;
  const word = isFirst ? "the first" : `${prefix.length} bytes${isReal ? ", a space" : ""}`;
  const joined = [word, how.built, showSeconds(how.ms), verified, used.pip, used.distributions];
  return [...joined, used.modules, started.length, well, used.opened, faults.length];
}

function tellStarts(started) {
  for (const [name, { status, said }] of Object.entries(started))
    if (status !== 0)
      process.stdout.write(`at the first prefix, ${name} --help: ${status}: ${said.join("")}\n`);
}
