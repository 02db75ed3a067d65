/** The tests that have to catch a fault, and which of them fails first. */
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, rmSync } from "node:fs";

/**
 * @typedef {{ outcome: "failed" | "passed" | "unanswered"; what?: string; isLate?: boolean }} Answer
 *
 * @typedef {{ status: number | null; signal?: string | null; error?: Error; stderr: string }} Run
 */

const tests = ["test/install", "test/prefix", "test/trust", "test/world/disk-laws.test.ts"];

/**
 * How the tests of a copy of the project end: `failed`, with the test's name and its project; `passed`; or
 * `unanswered`, with the reason: a run that says nothing, twice, catches no fault.
 *
 * @param {string} folder
 * @returns {Answer & { project?: string }}
 */
export function firstFailure(folder) {
  for (const project of ["unit", "crash"]) {
    let answer = ask(folder, project);
    if (!isClear(answer)) answer = ask(folder, project);
    if (answer.outcome !== "passed") return { ...answer, project };
  }
  return { outcome: "passed" };
}

/**
 * Whether it says something of the code, and not of a machine that has too much to do.
 *
 * @param {Answer} answer
 */
function isClear({ outcome, isLate }) {
  return outcome !== "unanswered" && isLate !== true;
}

function ask(folder, project) {
  const report = `${folder}/report.json`;
  rmSync(report, { force: true });
  const args = ["run", "--project", project, "--bail", "1", "--reporter=json"];
  const run = spawnSync("node_modules/.bin/vitest", [...args, `--outputFile=${report}`, ...tests], {
    cwd: folder,
    encoding: "utf8",
    maxBuffer: 1 << 28,
    timeout: 3_600_000,
  });
  return judge(run, existsSync(report) ? readFileSync(report, "utf8") : "");
}

/**
 * What a run of vitest says: its report, unless there is none or only a part of one.
 *
 * @param {Run} run
 * @param {string} report
 * @returns {Answer}
 */
export function judge(run, report) {
  const results = resultsOf(report);
  if (results === undefined) return { outcome: "unanswered", what: endOf(run) };
  const failed = results
    .flatMap(({ assertionResults }) => assertionResults)
    .find(({ status }) => status === "failed");
  if (failed !== undefined) {
    const isLate = failed.failureMessages.some((text) => /timed out in \d+ ?ms/.test(text));
    return { outcome: "failed", what: failed.fullName, isLate };
  }
  // A file that cannot be loaded has no tests that could fail.
  const broken = results.find(({ status }) => status === "failed");
  if (broken !== undefined)
    return { outcome: "unanswered", what: `${broken.name}: ${broken.message}` };
  if (results.length === 0 || run.status !== 0) return { outcome: "unanswered", what: endOf(run) };
  return { outcome: "passed" };
}

function resultsOf(report) {
  try {
    return JSON.parse(report).testResults;
  } catch {
    return undefined; // empty, or cut where the run was ended
  }
}

/** @param {Run} run */
function endOf({ status, signal, error, stderr }) {
  if (error !== undefined) return String(error);
  const last = stderr.trimEnd().split("\n").at(-1);
  const ended = `vitest ended with ${signal ?? status} and without a result`;
  return last === "" ? ended : `${ended}: ${last}`;
}
