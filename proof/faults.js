/** Seeded faults in the engine, one for each invariant that it keeps: the tests must catch every one. */
import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";

/**
 * What is broken: the text that goes from a file in src/, and the text that comes.
 *
 * @type {[invariant: string, what: string, name: string, from: string, to: string][]}
 */
const faults = [
  [
    "I1",
    "a lock is not looked at",
    "prefix/lock.ts",
    "take: () => tryLockPrefix(world, layout, activity),",
    "take: () => tryLockPrefix(world, layout, activity) ?? { describe: () => {}, release: () => {} },",
  ],
  [
    "I1",
    "what was decided before the lock holds although another came between",
    "install/transaction.ts",
    "rehearsal?.holding === lock.previous ? rehearsal.draft : undefined",
    "rehearsal?.draft",
  ],
  [
    "I2",
    "where a stage comes from is not durable before it is moved",
    "install/hand-over.ts",
    "if (options.sync) disk.syncFileSystem(workplace.root);",
    "",
  ],
  [
    "I2",
    "what comes in is not durable before the journal",
    "install/commit.ts",
    "if (options.sync) disk.syncFileSystem(workplace.root);",
    "",
  ],
  [
    "I2",
    "the journal is not durable before the first step",
    "world/files.ts",
    "if (options.durable) disk.syncFile(options.temporary);",
    "",
  ],
  [
    "I2",
    "the journal's name is not durable before the first step",
    "world/files.ts",
    'if (options.durable) disk.syncDirectory(path.slice(0, path.lastIndexOf("/")) || "/");',
    "",
  ],
  [
    "I2",
    "the journal is closed before the steps are durable",
    "install/settle.ts",
    "if (options.sync) disk.syncFileSystem(workplace.root);\n  disk.rename",
    "disk.rename",
  ],
  [
    "I2",
    "a step that was done is done again",
    "install/recover.ts",
    "if (isDone(disk, workplace, step)) continue;",
    "",
  ],
  [
    "I2",
    "what was put back counts as exchanged",
    "install/steps.ts",
    "return exists(disk, own) && !bearsMark(disk, own, step);",
    "return !bearsMark(disk, own, step);",
  ],
  [
    "I3",
    "the second owner of a path is not told",
    "install/claims.ts",
    "conflicts.push(isAlike ? conflict : { ...conflict, folder });",
    "if (!isAlike) conflicts.push({ ...conflict, folder });",
  ],
  [
    "I3",
    "what several packages bring leaves with the first of them",
    "install/decide.ts",
    'return present.type === "directory" || situation.isOthers(path) ? "keep" : "retire";',
    'return present.type === "directory" ? "keep" : "retire";',
  ],
  [
    "I4",
    "what is there is replaced instead of kept",
    "install/steps.ts",
    "return disk.renameNoReplace(own, shared);",
    "return disk.rename(own, shared);",
  ],
  [
    "I5",
    "foreign files are not carried over",
    "install/settle.ts",
    "...carryOver(disk, workplace, journal.steps, displaced),",
    "",
  ],
  [
    "I5",
    "what a person changed is not saved",
    "install/settle.ts",
    "...saveEdits(disk, workplace, journal.steps, displaced),",
    "",
  ],
  [
    "I5",
    "stale bytecode stays",
    "install/settle.ts",
    "...sweepByProducts(disk, workplace, journal.steps),",
    "",
  ],
  [
    "I5",
    "a directory with foreign files is exchanged whole",
    "install/decide.ts",
    'return situation.isKept(path) ? "descend" : "exchange";',
    'return "exchange";',
  ],
  [
    "I5",
    "folders that were there before any package leave with the last",
    "install/judge.ts",
    "kept.has(directory) ||",
    "",
  ],
  [
    "I6",
    "a failed step is not undone",
    "install/commit.ts",
    "notes.push(...end(attempt, () => takeBack(world.disk, workplace, journal, options)));",
    "world.disk.removeFile(workplace.layout.journal);",
  ],
  [
    "I6",
    "a rollback takes away what was adopted",
    "install/rollback.ts",
    "if (change.adopted !== true) before.set",
    "before.set",
  ],
  [
    "I6",
    "what a rollback needs is removed before its journal",
    "install/collect.ts",
    "disk.removeFile(workplace.closedJournal);",
    "",
  ],
  [
    "I15",
    "a recovery follows links out of the prefix",
    "install/recover.ts",
    "const disk = confine(ground.disk, layout.prefix);",
    "const disk = ground.disk;",
  ],
  [
    "I15",
    "a stage goes wherever its origin says",
    "install/hand-over.ts",
    "if (stage === undefined || witness !== witnessOf(disk, workplace, stage, incoming)) {",
    "if (stage === undefined) {",
  ],
];

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

/** The text, however it is broken into lines. */
function pattern(text) {
  const words = text.split(/\s+/).map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(words.join("\\s+"));
}

/** The name of the first test that fails. */
function firstFailure() {
  for (const project of ["unit", "crash"]) {
    const args = ["run", "--project", project, "--bail", "1", "--reporter=json"];
    const folders = ["test/install", "test/prefix", "test/world/disk-laws.test.ts"];
    const { stdout } = spawnSync("node_modules/.bin/vitest", [...args, ...folders], {
      cwd: folder,
      encoding: "utf8",
      maxBuffer: 1 << 28,
      timeout: 900_000,
    });
    const { testResults } = JSON.parse(stdout.slice(stdout.indexOf("{")));
    const failed = testResults
      .flatMap(({ assertionResults }) => assertionResults)
      .find(({ status }) => status === "failed");
    if (failed !== undefined) return failed.fullName;
  }
  return undefined;
}
