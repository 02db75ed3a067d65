/** Seeded faults in the engine, one for each invariant that it keeps: the tests must catch every one. */
import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { faults, pattern } from "./fault-list.js";

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
const untouched = firstFailure();
if (untouched !== undefined) throw new Error(`fails without a fault: ${untouched}`);
let caught = 0;
for (const fault of faults) caught += tryFault(fault) ? 1 : 0;
rmSync(folder, { recursive: true });
process.stdout.write(`${caught} passed, ${faults.length - caught} failed\n`);
process.exit(caught === faults.length ? 0 : 1);

function tryFault([invariant, what, name, from, to]) {
  const file = `${folder}/src/${name}`;
  const text = readFileSync(file, "utf8");
  writeFileSync(
    file,
    text.replace(pattern(from), () => to),
  );
  const test = firstFailure();
  writeFileSync(file, text);
  process.stdout.write(`${invariant} ${what}: ${test ?? "NOT CAUGHT"}\n`);
  return test !== undefined;
}

/** The name of the first test that fails. */
function firstFailure() {
  for (const project of ["unit", "crash"]) {
    const args = ["run", "--project", project, "--bail", "1", "--reporter=json"];
    const folders = ["test/install", "test/prefix", "test/world/disk-laws.test.ts"];
    const { stdout, error } = spawnSync("node_modules/.bin/vitest", [...args, ...folders], {
      cwd: folder,
      encoding: "utf8",
      maxBuffer: 1 << 28,
      timeout: 3_600_000,
    });
    if (error !== undefined) throw error; // that it took too long is no fault that was caught
    const { testResults } = JSON.parse(stdout.slice(stdout.indexOf("{")));
    const failed = testResults
      .flatMap(({ assertionResults }) => assertionResults)
      .find(({ status }) => status === "failed");
    if (failed !== undefined) return failed.fullName;
  }
  return undefined;
}
