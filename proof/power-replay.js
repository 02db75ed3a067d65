/** Makes state after state of a recorded disk, mounts it, recovers and looks; a line of JSON each. */
import { spawnSync } from "node:child_process";
import { closeSync, mkdirSync, openSync, readFileSync, writeSync } from "node:fs";
import { openLog, readLog } from "./power-log.js";
import { look } from "./power-look.js";
import { places } from "./power-operations.js";
import { chooseStates, epochsOf } from "./power-states.js";

const [share, options] = [process.argv[2], JSON.parse(process.argv[3])];
const operations = JSON.parse(readFileSync(`${share}/operations.json`, "utf8"));
const entries = readLog(`${share}/log`, options.markOffset);
const log = openLog(`${share}/log`);
const [base, image] = ["/mnt/tmp/base.img", "/mnt/tmp/state.img"];
mkdirSync(places.disk, { recursive: true });
must("cp", "--sparse=always", `${share}/empty.img`, base);

const planned = epochsOf(
  entries,
  operations.map(({ name }) => name),
);
let number = 0;
let made = 0;
for (const [at, plan] of planned.entries()) {
  const writes = plan.epochs.reduce((sum, epoch) => sum + epoch.writes.length, 0);
  say({ operation: plan.name, flushes: plan.epochs.length, writes });
  const count = Math.ceil(options.states / planned.length);
  const seed = options.seed * 1000 + at;
  const states = chooseStates(plan, { count, seed, kind: options.kind });
  for (const state of states) {
    number += 1;
    if (number % options.lanes !== options.lane) continue;
    if (options.only !== undefined && options.only !== number) continue;
    bringBase(state.durable);
    makeState(state);
    say({ number, ...(await judge(state, operations[at])) });
  }
}

function say(fact) {
  process.stdout.write(`${JSON.stringify(fact)}\n`);
}

/** The disk as it is for sure: the log's entries before `durable`, one after the other. */
function bringBase(durable) {
  const fd = openSync(base, "r+");
  for (; made < durable; made += 1) {
    const entry = entries[made];
    if (entry.kind === "write") writeParts(fd, entry, 1);
  }
  closeSync(fd);
}

function makeState({ durable, fates }) {
  must("cp", "--sparse=auto", base, image);
  const fd = openSync(image, "r+");
  const writes = entries.slice(durable).flatMap((one) => (one.kind === "write" ? [one] : []));
  for (const [at, fate] of fates.entries()) if (fate !== 0) writeParts(fd, writes[at], fate);
  closeSync(fd);
}

function writeParts(fd, { offset, place, bytes }, fate) {
  for (const [from, length] of fate === 1 ? [[0, bytes]] : fate) {
    writeSync(fd, log.read(place + from, length), 0, length, offset + from);
  }
}

async function judge({ operation, durable, label, mustBeNew }, facts) {
  const about = { operation, durable, label };
  const how = options.kind === "xfs" ? "loop,nouuid" : "loop"; // another lane has the same one
  const settings = ["-t", options.kind, "-o", how, image, places.disk];
  const mounted = spawnSync("mount", settings, { encoding: "utf8" });
  if (mounted.status !== 0)
    return { ...about, outcome: "not mounted", complaints: [mounted.stderr.trim()] };
  try {
    return { ...about, ...(await look(share, facts, mustBeNew)) };
  } finally {
    must("umount", places.disk);
    if (options.only !== undefined) must("cp", "--sparse=always", image, `${share}/state.img`);
  }
}

function must(program, ...args) {
  const { status, stderr } = spawnSync(program, args, { encoding: "utf8" });
  if (status !== 0) throw new Error(`${program} ${args.join(" ")}: ${stderr}`);
}
