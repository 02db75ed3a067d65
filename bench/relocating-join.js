/**
 * What relocating adds to a join: a tree of which some files name the prefix beside the same tree of which none does. Both are
 * in the store, and come into a new prefix by hard links; what is relocated is made in each run.
 */
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { loadavg } from "node:os";
import { parseArgs } from "node:util";
import { must, temporaryFolder } from "../proof/processes.js";
import { requireTenon, tenon } from "../proof/program.js";
import { printTable } from "../proof/table.js";
import { measure, median, watchedTenon, wholeNumber } from "./measure.js";

const { values } = parseArgs({
  options: {
    files: { type: "string", default: "30000" },
    megabytes: { type: "string", default: "2000" },
    // Of a hundred files, how many name the prefix.
    percent: { type: "string", default: "7" },
    rounds: { type: "string", default: "5" },
  },
});
const files = wholeNumber("files", values.files);
const bytes = (wholeNumber("megabytes", values.megabytes) * 1e6) / files;
const percent = wholeNumber("percent", values.percent);
const rounds = wholeNumber("rounds", values.rounds);
const limit = { timeoutMs: 3_600_000 };

requireTenon();
const folder = temporaryFolder("relocating-join");
const prefix = `${folder}/prefix`;
const trees = { "names none": 0, [`${percent} % name the prefix`]: percent };
const names = Object.keys(trees);
for (const [at, share] of Object.values(trees).entries()) await makeStack(at, share);

/** @type {{ cpuMs: number, wallMs: number }[][]} */
const taken = [[], []];
for (let round = 0; round < rounds; round += 1) {
  const turns = round % 2 === 0 ? [0, 1] : [1, 0];
  for (const at of turns) taken[at].push(await join(at));
}
const ratio = (key) => median(taken[1].map((turn, at) => turn[key] / taken[0][at][key]));
process.stdout.write(
  `${files} files, ${values.megabytes} MB, ${rounds} rounds, load ${loadavg()[0].toFixed(1)}\n`,
);
printTable(
  ["join by hard links", "ms of a processor", "ratio", "ms", "ratio"],
  names.map((name, at) => [
    name,
    median(taken[at].map(({ cpuMs }) => cpuMs)).toFixed(0),
    at === 0 ? "1" : ratio("cpuMs").toFixed(2),
    median(taken[at].map(({ wallMs }) => wallMs)).toFixed(0),
    at === 0 ? "1" : ratio("wallMs").toFixed(2),
  ]),
);

/** A workspace and a store of its own, with the tree built; no prefix has it. */
async function makeStack(at, share) {
  const workspace = workspaceOf(at);
  mkdirSync(`${workspace}/packages`, { recursive: true });
  mkdirSync(`${workspace}/source`);
  writeFileSync(`${workspace}/tenon.toml`, '[workspace]\nstore = "store"\nlink = "hardlink"\n');
  writeFileSync(`${workspace}/source/make.mjs`, program(share));
  writeFileSync(
    `${workspace}/packages/tree.toml`,
    `name = "tree"
version = "1"
[source]
path = "../source"
[build]
system = "script"
script = '''
${process.execPath} make.mjs "$DESTDIR$PREFIX" "$PREFIX"
'''
`,
  );
  await must(tenon("build", "--offline", "--no-sync", "-C", workspace), limit);
  rmSync(`${workspace}/prefix`, { recursive: true });
}

function workspaceOf(at) {
  return `${folder}/stack-${at}`;
}

async function join(at) {
  const workspace = workspaceOf(at);
  rmSync(prefix, { recursive: true, force: true });
  for (const made of ["made", "relocated"])
    rmSync(`${workspace}/store/${made}`, { recursive: true, force: true });
  await must(["sync", "-f", folder], limit);
  const command = ["build", "--offline", "--no-sync", "--prefix", prefix, "-C", workspace];
  const turn = await measure(watchedTenon(...command), { usageFile: `${folder}/usage` });
  if (/\] built /.test(turn.stderr))
    throw new Error(`what is in the store was built: ${turn.stderr}`);
  return turn;
}

/** Writes texts and data of the same sizes, of which some name the prefix, half of these in a text. */
function program(share) {
  return `
import { mkdirSync, writeFileSync } from "node:fs";
const [root, prefix] = process.argv.slice(2);
const noise = Buffer.alloc(1 << 21);
for (let at = 0, state = 1; at < noise.length; at += 1) {
  state = (Math.imul(state, 1103515245) + 12345) >>> 0;
  noise[at] = state >>> 24;
}
for (let number = 0; number < ${files}; number += 1) {
  const isText = number % 2 === 0;
  const size = Math.round((${bytes} / 4) * (1 + (number % 7)));
  const start = (number * 977) % (noise.length - size);
  const data = Buffer.from(noise.subarray(start, start + size));
  if (isText) for (let at = 0; at < size; at += 1) data[at] = at % 80 === 79 ? 10 : 97 + (data[at] % 26);
  if ((number >> 1) % 100 < ${share}) data.set(Buffer.from(isText ? prefix + "/share" : prefix + "/share\\0"), Math.floor(size / 2));
  const folder = root + "/share/d" + (number >> 5);
  mkdirSync(folder, { recursive: true });
  writeFileSync(folder + "/f" + number, data);
}
`;
}
