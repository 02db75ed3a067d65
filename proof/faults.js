/**
 * Seeded faults in the engine, at least one for each invariant that it keeps: the tests must catch every one.
 * `--only TEXT` tries the faults whose line contains the text.
 */
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { parseArgs } from "node:util";
import { faults, pattern } from "./fault-list.js";
import { firstFailure } from "./fault-tests.js";

const { values } = parseArgs({ options: { only: { type: "string", default: "" } } });
const chosen = faults.filter(([invariant, what]) => `${invariant} ${what}`.includes(values.only));
if (chosen.length === 0) throw new Error(`no fault is called ${values.only}`);
const folder = mkdtempSync(`${tmpdir()}/tenon-faults-`);
for (const name of ["src", "test", "package.json", "tsconfig.json", "vitest.config.ts"]) {
  cpSync(name, `${folder}/${name}`, { recursive: true });
}
symlinkSync(`${process.cwd()}/node_modules`, `${folder}/node_modules`);
// Before the hour that it takes: a fault whose place was rewritten breaks nothing any more.
for (const [, , name, from] of faults) {
  const text = readFileSync(`${folder}/src/${name}`, "utf8");
  if (!pattern(from).test(text)) throw new Error(`${name} has no ${from}`);
}
const untouched = firstFailure(folder);
if (untouched.outcome !== "passed") {
  throw new Error(`without a fault: ${untouched.outcome}: ${untouched.what}`);
}
let caught = 0;
for (const fault of chosen) caught += tryFault(fault) ? 1 : 0;
rmSync(folder, { recursive: true });
process.stdout.write(`${caught} passed, ${chosen.length - caught} failed\n`);
process.exit(caught === chosen.length ? 0 : 1);

function tryFault([invariant, what, name, from, to]) {
  const file = `${folder}/src/${name}`;
  const text = readFileSync(file, "utf8");
  writeFileSync(
    file,
    text.replace(pattern(from), () => to),
  );
  const began = Date.now();
  const { outcome, what: test, project } = firstFailure(folder);
  writeFileSync(file, text);
  const word = {
    failed: `by ${project}: ${test}`,
    passed: "NOT CAUGHT",
    unanswered: `NO ANSWER: ${test}`,
  };
  const seconds = Math.round((Date.now() - began) / 1000);
  process.stdout.write(`${invariant} ${what}: ${word[outcome]} (${seconds} s)\n`);
  return outcome === "failed";
}
