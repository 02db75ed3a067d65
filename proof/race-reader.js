/**
 * A reader in the race: reads the files of all packages in a loop. It is asked and answers as
 * `race-imports.py` does.
 */
import { existsSync, readFileSync, writeSync } from "node:fs";
import { createInterface } from "node:readline";
import { filesOf } from "./race-content.js";

const [installers, isRelocating] = process.argv.slice(2);
const clock = new Int32Array(new SharedArrayBuffer(4)); // nobody changes it: waiting is a pause
for await (const line of createInterface({ input: process.stdin })) {
  const { prefix, stop, pauseMs } = JSON.parse(line);
  const expected = filesFor(isRelocating === "true" ? prefix : "");
  const look = { prefix, expected, seen: new Set(), counts: noCounts() };
  sweepAll(look);
  writeSync(1, "reading\n");
  while (!existsSync(stop)) {
    Atomics.wait(clock, 0, 0, pauseMs);
    sweepAll(look);
  }
  sweepAll(look);
  writeSync(1, `${JSON.stringify(look.counts)}\n`);
}

function filesFor(prefix) {
  return Array.from({ length: Number(installers) }, (_, number) =>
    [1, 2].map((version) => filesOf(number, version, prefix)),
  );
}

function noCounts() {
  return { sweeps: 0, torn: 0, missing: 0, mixed: 0, examples: [] };
}

function sweepAll(look) {
  for (const [one, two] of look.expected) sweep(look, one, two);
}

/** A sweep is many reads: one that straddles a whole exchange is mixed too, whoever did it. */
function sweep(look, one, two) {
  const versions = new Set();
  for (const file of Object.keys(one)) {
    const text = read(look, file);
    if (text === undefined) continue;
    if (text === one[file]) versions.add(1);
    else if (text === two[file]) versions.add(2);
    else count(look, "torn", `${file}: ${text.length} of ${one[file].length}`);
  }
  look.counts.sweeps += 1;
  if (versions.size > 1) look.counts.mixed += 1;
}

function read(look, file) {
  try {
    const text = readFileSync(`${look.prefix}/${file}`, "utf8");
    look.seen.add(file);
    return text;
  } catch (error) {
    if (look.seen.has(file)) count(look, "missing", `${file}: ${Object(error).code}`);
    return undefined;
  }
}

function count({ counts }, kind, example) {
  counts[kind] += 1;
  if (counts.examples.length < 5) counts.examples.push(`${kind} ${example}`);
}
