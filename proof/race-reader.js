/** A reader in the race: reads all packages in a loop until the file STOP is there, then counts. */
import { existsSync, readFileSync } from "node:fs";
import { filesOf } from "./race-content.js";

const [prefix, stop, packages] = process.argv.slice(2);
const expected = Array.from({ length: Number(packages) }, (_, number) =>
  [1, 2].map((version) => filesOf(number, version)),
);
const seen = new Set();
const counts = { sweeps: 0, torn: 0, missing: 0, mixed: 0, examples: [] };

do {
  for (const [one, two] of expected) sweep(one, two);
} while (!existsSync(stop));
process.stdout.write(JSON.stringify(counts));

/** A sweep is many reads: one that straddles a whole exchange is mixed too, whoever did it. */
function sweep(one, two) {
  const versions = new Set();
  for (const file of Object.keys(one)) {
    const text = read(file);
    if (text === undefined) continue;
    if (text === one[file]) versions.add(1);
    else if (text === two[file]) versions.add(2);
    else count("torn", `${file}: ${text.length} of ${one[file].length} or ${two[file].length}`);
  }
  counts.sweeps += 1;
  if (versions.size > 1) counts.mixed += 1;
}

function read(file) {
  try {
    const text = readFileSync(`${prefix}/${file}`, "utf8");
    seen.add(file);
    return text;
  } catch (error) {
    if (seen.has(file)) count("missing", `${file}: ${error.code}`);
    return undefined;
  }
}

function count(kind, example) {
  counts[kind] += 1;
  if (counts.examples.length < 5) counts.examples.push(`${kind} ${example}`);
}
