/**
 * The house's own law, as far as a parser can tell: how long functions are, which tests do not run and what no
 * test looks at, names that say nothing, calls that have their place, sentences that are hard to read, and that every file says what it
 * is for.
 *
 * Files that no unit test led to before the law are in tidy/allowed.json. That may only shrink: a file that is listed and
 * has a test is a fault, too, and `node scripts/tidy.js --shrink` brings the list down to what there is.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { habitsInTexts } from "./documents/words.js";
import { bannedCalls } from "./tidy/banned-calls.js";
import { leftOut, notFound, untested } from "./tidy/forgotten-tests.js";
import { tooLong } from "./tidy/function-lengths.js";
import { badNames } from "./tidy/names.js";
import { readSources } from "./tidy/sources.js";

const allowedFile = "scripts/tidy/allowed.json";
/** @type {{ untested: string[] }} */
const allowed = JSON.parse(readFileSync(allowedFile, "utf8"));
const sources = readSources(["src"]);
const tests = readSources(["test"]);
const all = [...sources, ...tests, ...readSources(["scripts", "bench", "proof"])];
const unseen = untested(sources, tests);

if (process.argv.includes("--shrink")) shrink();
const faults = [
  ...all
    .filter(({ text }) => !text.startsWith("/**"))
    .map(({ file }) => `${file}: its first line does not say what it is for`),
  ...leftOut(tests),
  ...notFound(tests),
  ...badNames(all),
  ...bannedCalls(all),
  ...habitsInTexts(sources),
  ...tooLong(all),
  ...untestedFiles(),
];
if (faults.length > 0) {
  process.stdout.write(`${faults.join("\n")}\n`);
  process.exit(1);
}
process.stdout.write(`${all.length} files, ${unseen.length} files without unit tests\n`);

function untestedFiles() {
  return [
    ...unseen
      .filter((file) => !allowed.untested.includes(file))
      .map((file) => `${file}: no unit test leads to it`),
    ...allowed.untested.filter((file) => !unseen.includes(file)).map(staleEntry),
  ];
}

function staleEntry(/** @type {string} */ name) {
  return `${name} is better than ${allowedFile} says: run \`node scripts/tidy.js --shrink\``;
}

function shrink() {
  allowed.untested = allowed.untested.filter((file) => unseen.includes(file));
  writeFileSync(allowedFile, `${JSON.stringify(allowed, null, 2)}\n`);
}
