/** `npm test`: all checks, then all tests, with a plain count at the end. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";

const folder = mkdtempSync(`${tmpdir()}/tenon-test-`);
const report = `${folder}/report.json`;
const path = `${process.cwd()}/node_modules/.bin:${process.env.PATH}`;
let failed = 0;
/** @type {[program: string, args: string[]][]} */
const runs = [
  [process.execPath, ["scripts/check.js", "--without-tests"]],
  [
    "vitest",
    [
      "run",
      "--reporter=default",
      "--reporter=json",
      `--outputFile.json=${report}`,
      ...process.argv.slice(2),
    ],
  ],
];
for (const [program, args] of runs) {
  const { status } = spawnSync(program, args, {
    stdio: "inherit",
    env: { ...process.env, PATH: path },
  });
  failed ||= status ?? 1;
  if (failed !== 0) break;
}
printCount();
rmSync(folder, { recursive: true });
process.exit(failed);

function printCount() {
  let counts;
  try {
    counts = JSON.parse(readFileSync(report, "utf8"));
  } catch {
    return; // the tests did not get that far
  }
  const { numPassedTests, numFailedTests, numPendingTests } = counts;
  process.stdout.write(
    `${numPassedTests} passed, ${numFailedTests} failed, ${numPendingTests} skipped\n`,
  );
}
