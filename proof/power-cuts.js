/**
 * Cuts the power of a machine with a real kernel and a real file system, at every moment that its
 * disk's log of writes allows, up to a bound: afterwards the prefix is wholly old or wholly new.
 *
 * The operations run once in a machine of qemu, with Debian's kernel; qemu logs what reaches the
 * disk. Then the states between two flushes are made of the log, mounted (here as root, or with
 * `--mount machine` in the machine), recovered by tenon and looked at. `--states N` is how many for
 * each file system; the same `--seed` chooses the same ones of one recording, which `--keep FOLDER`
 * leaves there, and `--recording FOLDER --only NUMBER` looks at one of them again, and leaves its
 * disk. `--faults` shows that the proof can fail: it breaks the order of syncs, which must be found.
 */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { makeFaults } from "./power-faults.js";
import { canMount, makeFileSystem, makeFirstFiles, requireMachine } from "./power-machine.js";
import { runHere, runInMachine } from "./power-machine.js";
import { makeArrivals } from "./power-operations.js";
import { must, temporaryFolder } from "./processes.js";
import { requireTenon } from "./program.js";
import { printTable } from "./table.js";

const { values } = parseArgs({
  options: {
    fs: { type: "string", default: "ext4,xfs,btrfs" },
    states: { type: "string", default: "300" },
    seed: { type: "string", default: "1" },
    parallel: { type: "string", default: "2" },
    accel: { type: "string", default: "tcg" },
    mount: { type: "string" },
    keep: { type: "string" },
    recording: { type: "string" },
    only: { type: "string" },
    faults: { type: "boolean", default: false },
  },
});
const columns = ["flushes", "writes", "states", "old", "new", "bad"];
const script = (name) => new URL(name, import.meta.url).pathname;
const release = requireMachine();
requireTenon();
const folder = temporaryFolder("power");
const firstFiles = await makeFirstFiles(folder, release);
const isProven = values.faults ? await proveFaults() : (await proveAll()) === 0;
process.exit(isProven ? 0 : 1);

/** Gives how many states were bad. */
async function proveAll(program = process.env.TENON_PROGRAM) {
  let bad = 0;
  for (const kind of values.fs.split(",")) bad += await proveOn(kind, program);
  say(`${bad} bad`);
  return bad;
}

/** Whether each of the faults is found on one of the file systems at least. */
async function proveFaults() {
  let missed = 0;
  for (const { what, program } of makeFaults(folder)) {
    say(`fault: ${what}`);
    if ((await proveAll(program)) > 0) continue;
    missed += 1;
    say("NOT FOUND");
  }
  say(`${missed} faults not found`);
  return missed === 0;
}

async function proveOn(kind, program) {
  const share = `${values.recording ?? values.keep ?? folder}/${kind}`;
  const run = (command) => (program ? ["env", `TENON_PROGRAM=${program}`, ...command] : command);
  if (values.recording === undefined) await record(kind, share, run);
  const rows = await replayAll(kind, share, run);
  const total = columns.map((_, at) => rows.reduce((sum, row) => sum + row[at + 1], 0));
  printTable([kind, ...columns], [...rows, ["all", ...total]]);
  return total.at(-1);
}

/** Leaves in the folder the empty file system, the log, and what each operation has changed. */
async function record(kind, share, run) {
  rmSync(share, { recursive: true, force: true });
  mkdirSync(share, { recursive: true });
  await makeArrivals(share);
  const disk = { image: `${folder}/disk.img`, log: `${share}/log` };
  const markOffset = makeFileSystem(kind, disk.image);
  await must(["cp", "--sparse=always", disk.image, `${share}/empty.img`]);
  writeFileSync(disk.log, "");
  writeFileSync(`${share}/about.json`, JSON.stringify({ kind, markOffset }));
  const count = values.faults ? 3 : 99; // the first ones are enough to find a fault
  const about = ["/mnt/share", kind, markOffset, count];
  const command = [process.execPath, script("power-record.js"), ...about];
  const machine = { release, firstFiles, share, disk, accel: values.accel };
  for await (const line of runInMachine(run(command.map(String)), machine))
    note(`${kind}: ${line}`);
}

/** A row for each operation. */
async function replayAll(kind, share, run) {
  const { markOffset } = JSON.parse(readFileSync(`${share}/about.json`, "utf8"));
  const isHere = (values.mount ?? (canMount(kind) ? "here" : "machine")) === "here";
  const lanes = isHere && kind !== "btrfs" ? Number(values.parallel) : 1; // it mixes up its copies
  const options = { kind, markOffset, lanes, seed: Number(values.seed) };
  Object.assign(options, {
    states: Number(values.states),
    only: values.only && Number(values.only),
  });
  const rows = new Map();
  const replay = async (lane) => {
    const about = JSON.stringify({ ...options, lane });
    const command = run([process.execPath, script("power-replay.js"), "/mnt/share", about]);
    const lines = isHere
      ? runHere(command, { share })
      : runInMachine(command, { release, firstFiles, share, accel: values.accel });
    for await (const line of lines) if (line.startsWith("{")) count(rows, JSON.parse(line), kind);
  };
  await Promise.all(Array.from({ length: lanes }, (_, lane) => replay(lane)));
  return [...rows.values()];
}

function count(rows, fact, kind) {
  const { operation, flushes, writes, number, label, outcome, complaints } = fact;
  if (!rows.has(operation)) rows.set(operation, [operation, flushes, writes, 0, 0, 0, 0]);
  if (outcome === undefined) return;
  const row = rows.get(operation);
  const isBad = complaints.length > 0;
  row[3] += 1;
  row[isBad ? 6 : outcome === "old" ? 4 : 5] += 1;
  if (!isBad || row[6] > 2) return; // some of each operation are enough to see what it is
  const shown = complaints.slice(0, 12).map((line) => `    ${line}\n`);
  say(`BAD: ${kind}, ${operation}, state ${number} (${label}): ${outcome}\n${shown.join("")}`);
}

function say(text) {
  process.stdout.write(`${text}\n`);
}

function note(text) {
  process.stderr.write(`${text}\n`);
}
