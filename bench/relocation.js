/**
 * What the search for the placeholder costs: processor time of reading and hashing all files of some folders,
 * as sealing does, with and without it, in turns.
 */
import { closeSync, fstatSync, openSync, readdirSync, readSync } from "node:fs";
import { createHash, hash } from "node:crypto";
import { loadavg } from "node:os";
import { parseArgs } from "node:util";
import { temporaryFolder } from "../proof/processes.js";
import { printTable } from "../proof/table.js";
import { median, wholeNumber } from "./measure.js";
import { loadSources } from "./sources.js";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    files: { type: "string", default: "30000" },
    rounds: { type: "string", default: "5" },
  },
});
const most = wholeNumber("files", values.files);
const rounds = wholeNumber("rounds", values.rounds);
const folders = positionals.length > 0 ? positionals : ["/usr/lib", "/usr/share", "/usr/bin"];
const { startScan } = await loadSources(
  temporaryFolder("relocation"),
  'export { startScan } from "./src/relocation/index.ts";',
);

const files = folders.flatMap((folder) => filesBelow(folder, most / folders.length));
const buffer = Buffer.allocUnsafeSlow(1 << 20);
let [bytes, found] = [0, 0];
readAll(false); // so that no round has to wait for the disk
/** @type {number[][]} */
const taken = [[], []];
for (let round = 0; round < rounds; round += 1)
  for (const withSearch of [false, true]) taken[Number(withSearch)].push(processorMs(withSearch));

const [plain, searched] = taken.map(median);
const ratio = median(taken[1].map((ms, index) => ms / taken[0][index]));
process.stdout.write(
  `${files.length} files, ${(bytes / 1e6).toFixed(0)} MB, ${found} to be looked at, ${rounds} rounds, load ${loadavg()[0].toFixed(1)}\n`,
);
printTable(
  ["read and hash", "ms of a processor", "ratio"],
  [
    ["alone", plain.toFixed(0), "1"],
    ["with the search", searched.toFixed(0), ratio.toFixed(2)],
  ],
);

function processorMs(withSearch) {
  const before = process.cpuUsage();
  readAll(withSearch);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

function readAll(withSearch) {
  [bytes, found] = [0, 0];
  for (const file of files) {
    const fd = openSync(file, "r");
    const scan = withSearch ? startScan() : undefined;
    readPieces(fd, scan);
    closeSync(fd);
    if (scan?.isFound) found += 1;
  }
}

function readPieces(fd, scan) {
  const { size } = fstatSync(fd);
  const digest = size > buffer.length ? createHash("sha256") : undefined;
  for (let at = 0; at < size;) {
    const piece = buffer.subarray(0, readSync(fd, buffer, 0, buffer.length, at));
    if (piece.length === 0) break;
    if (digest === undefined) hash("sha256", piece, "hex");
    else digest.update(piece);
    scan?.update(piece);
    at += piece.length;
  }
  bytes += size;
  digest?.digest("hex");
}

function filesBelow(root, limit) {
  const found = [];
  const visit = (folder) => {
    for (const item of readdirSync(folder, { withFileTypes: true })) {
      if (found.length >= limit) return;
      const path = `${folder}/${item.name}`;
      if (item.isDirectory()) visit(path);
      else if (item.isFile()) found.push(path);
    }
  };
  visit(root);
  return found;
}
