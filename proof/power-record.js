/** Runs in the machine: does one operation after the other on the logged disk, and marks each. */
import { spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { markStart } from "./power-log.js";
import { stateOf } from "./power-look.js";
import { environment, isForeign, operationsFor, places, writeForeign } from "./power-operations.js";

const [share, kind, markOffset, count] = process.argv.slice(2);
const device = "/dev/vda";
mkdirSync(places.disk, { recursive: true });
must("mount", ["-t", kind, device, places.disk]);
writeForeign();
const recorded = [];
for (const { name, prepare, command } of operationsFor(share).slice(0, Number(count))) {
  prepare();
  const old = await stateOf(recorded.at(-1)?.next);
  must("sync", []);
  mark(`before ${name}`);
  const [program, ...args] = command;
  must(program, args);
  mark(`after ${name}`);
  const next = await stateOf();
  must("sync", []);
  mark(`over ${name}`);
  requireGood(old, next);
  recorded.push({ name, old, next });
  process.stdout.write(`${name}\n`);
}
writeFileSync(`${share}/operations.json`, JSON.stringify(recorded));

/** What the states are compared with is itself as it should be. */
function requireGood(old, next) {
  const foreign = ({ tree }) => JSON.stringify(tree.filter(([path]) => isForeign(path)));
  if (foreign(old) !== foreign(next))
    throw new Error(`a foreign file was changed: ${foreign(next)}`);
  if (JSON.parse(next.verify).findings.length > 0) throw new Error(`verify: ${next.verify}`);
}

/** Past the file system's end, without a cache: in the log it stands where it belongs. */
function mark(text) {
  const file = `${environment.TMPDIR}/mark`;
  writeFileSync(file, `${markStart}${text}\n`.padEnd(4096, "\0"));
  const place = [`of=${device}`, `seek=${Number(markOffset) / 4096}`, "bs=4096", "count=1"];
  must("dd", [`if=${file}`, ...place, "oflag=direct", "conv=notrunc", "status=none"]);
}

function must(program, args) {
  const { status, stdout, stderr } = spawnSync(program, args, {
    env: environment,
    encoding: "utf8",
  });
  if (status === 0) return;
  throw new Error(`${program} ${args.join(" ")}: exit ${status}\n${stdout}${stderr}`);
}
